"""`make soak` runs every test that has a long form: it chooses them by their mark."""

from tests.architecture.sources import ROOT


class TestLongForm:
    def test_is_chosen_by_the_mark(self) -> None:
        files = [path for path in (ROOT / "tests").rglob("test_*.py") if path.name != "test_soak.py"]
        texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}
        long = {file for file, text in texts.items() if "import SOAK" in text}
        assert len(long) > 10
        assert sorted(file for file in long if "pytest.mark.soak" not in texts[file]) == []
