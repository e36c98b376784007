"""JSON as few bytes."""

import json

import pytest

from foundation.pressing import press, unpress

LINES = [{"kind": "办理记录", "name": f"第{number}条", "digest": f"{number:02x}" * 32} for number in range(8)]


class TestPress:
    def test_comes_back_as_it_was_and_is_never_longer_than_json(self) -> None:
        for value in (LINES, {}, [], "x", "", 0, None, True, {"甲": ["乙", 1.5, None]}):
            kept = press(value)
            assert unpress(kept) == value
            assert len(kept) <= len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
        assert len(press(LINES)) < len(json.dumps(LINES)) / 2

    def test_is_refused_where_it_was_bent(self) -> None:
        kept = press(LINES)
        for bent in (b"", b"x", kept[:-1], kept[:20] + b"\0" + kept[21:], b"\xff"):
            with pytest.raises(ValueError, match=r"."):
                unpress(bent)
