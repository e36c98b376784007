"""docs/security.md leaves no requirement out, and every test that it names is there."""

import re

from tests.named_tests import named_in
from tests.servers import ROOT
from tests.strays import Strays

DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
LINES = [line.strip("| ").split(" | ") for line in DOCUMENT.splitlines() if re.match(r"\| \d", line)]
# how many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has
CHAPTERS = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7,
    10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7,
}  # fmt: skip
_NUMBER = re.compile(r"\d+\.\d+\.\d+")


def asvs_numbers() -> list[str]:
    table, _, _ = DOCUMENT.partition("## 等保三级")
    first_cells = [line.split(" | ")[0] for line in table.splitlines() if re.match(r"\| \d", line)]
    return [number for cell in first_cells for number in _NUMBER.findall(cell)]


class TestSecurityDocument:
    def test_has_every_requirement_once(self) -> None:
        numbers = asvs_numbers()
        assert len(numbers) == len(set(numbers)) == sum(CHAPTERS.values())
        for chapter, count in CHAPTERS.items():
            assert sum(number.startswith(f"{chapter}.") for number in numbers) == count, chapter

    def test_leaves_no_line_blank(self) -> None:
        assert len(LINES) > 150
        assert [line for line in LINES if len(line) != 3 or not all(cell.strip() for cell in line)] == []

    def test_says_of_every_line_what_holds_it_or_why_nothing_does(self) -> None:
        """What is ours to hold, a test holds; what is not there to be held, or somebody else's, says so first."""
        without = [line for line in LINES if "`tests/" not in line[2]]
        assert [
            line for line in without if not line[2].startswith(("does not apply: ", "the operator's", "due with"))
        ] == []
        # of these no test could fail
        assert sum(line[2].startswith("does not apply") for line in without) <= 2

    def test_names_tests_and_not_files_alone(self) -> None:
        """A file's name tells nobody which of its tests would fail."""
        whole = re.findall(r"`(tests/[^`:]+\.py)`", "\n".join(line[2] for line in LINES))
        assert sorted(set(whole)) == []

    def test_names_tests_that_exist(self) -> None:
        named = set(re.findall(r"`(tests/[^`]+\.py[^`]*)`", DOCUMENT))
        assert len(named) > 100
        with Strays(least=100) as strays:
            for one in named:
                with strays.of(one):
                    assert one in named_in(one.partition("::")[0])
