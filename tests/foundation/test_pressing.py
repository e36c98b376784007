"""JSON as few bytes."""

import hashlib
import json

import pytest
from django.apps import apps

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


class TestWords:
    WORDS = ('{"kind":"办理记录","name":"第条"}', '{"kind":"办理记录","name":"第条","digest":"0f0f"}')

    def test_make_what_is_short_shorter_and_are_asked_for_again(self) -> None:
        before, now = press(LINES[:1], self.WORDS[:1]), press(LINES[:1], self.WORDS)
        assert len(now) < len(press(LINES[:1]))
        # what was pressed with older words, and with none
        for kept in (before, now, press(LINES), press({})):
            assert unpress(kept, self.WORDS) in (LINES[:1], LINES, {})
        for words in ((), self.WORDS[:1], ("别的",) * 2):
            with pytest.raises(ValueError, match=r"."):
                unpress(now, words)

    def test_never_change(self) -> None:
        """What was pressed with them cannot be read with others: a list is added behind, and its digest here."""
        fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
        found = {
            f"{field.model._meta.label}.{field.name}": [hashlib.sha256(one.encode()).hexdigest()[:16] for one in words]
            for field in fields
            if (words := getattr(field, "words", ()))
        }
        assert found == {
            "casework.Case.service": ["d574efdc42274fd9"],
            "casework.ArchiveSheet.held": ["0186efadbd0efd4a"],
            "casework.ArchiveSheet.other_contents": ["7085a99fa51c23af"],
            "documents.IssuedDocument.values": ["5e4a72e72c435387"],
            "workflow.FilledForm.origins": ["8847e34e7577286b"],
            "workflow.FilledForm.values": ["828e74b58e72723a"],
            "workflow.FilledMoment.values": ["828e74b58e72723a"],
        }
