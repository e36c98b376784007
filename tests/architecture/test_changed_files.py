"""A check that skips what it knows must see every change: of the file, of its place, and of the check itself."""

from pathlib import Path

import pytest

from tests.architecture.changed_files import strays_in


class TestStraysIn:
    def test_asks_again_whatever_changed_and_nothing_else(
        self, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        kept: dict[str, object] = {}

        class Cache:
            get, set = staticmethod(kept.get), staticmethod(kept.__setitem__)

        monkeypatch.setattr(pytestconfig, "cache", Cache)
        one, other, check = tmp_path / "one", tmp_path / "other", tmp_path / "check"
        for path in (one, other, check):
            path.write_text("sound", encoding="utf-8")
        asked: list[str] = []

        def find(path: Path, text: str) -> list[str]:
            asked.append(path.name)
            return [] if text == "sound" else [f"{path.name} {text}"]

        def strays() -> tuple[list[str], list[str]]:
            asked.clear()
            return strays_in(pytestconfig, "test", paths=[one, other], find=find, check=[check]), [*asked]

        assert strays() == ([], ["one", "other"])
        assert strays() == ([], [])
        one.write_text("wrong", encoding="utf-8")
        # a stray is told as long as it is there
        for _ in range(2):
            assert strays() == (["one wrong"], ["one"])
        one.write_text("sound", encoding="utf-8")
        check.write_text("stricter", encoding="utf-8")
        assert strays() == ([], ["one", "other"])
