"""Documents that speak of the code: what they name is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.named_tests import is_test
from tests.standards.standards import EVALUATED

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs" / "decisions"


class TestDecisions:
    def test_are_all_in_the_index(self) -> None:
        index = (DECISIONS / "README.md").read_text(encoding="utf-8")
        for path in sorted(DECISIONS.glob("0*.md")):
            number, title = re.match(r"# (\d+) · (.*)", path.read_text(encoding="utf-8")).groups()  # type: ignore[union-attr]
            assert f"| {number} | [{title}]({path.name}) |" in index

    def test_are_no_longer_than_forty_lines(self) -> None:
        longer = {
            path.name: lines
            for path in DECISIONS.glob("0*.md")
            if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 40
        }
        assert longer == {}


class TestLink:
    def test_leads_to_a_file(self) -> None:
        pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        strays = [
            f"{page.relative_to(ROOT)}: {target}"
            for page in pages
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
            if not (page.parent / target).exists()
        ]
        assert strays == []


class TestNamesOfOurOwn:
    """Apps and guides are added one by one, and what lists them is forgotten as easily."""

    def test_of_every_app_stand_in_architecture_and_those_of_halls_in_the_readme(self) -> None:
        places = {
            name: [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
            for name in ("README.md", "docs/architecture.md")
        }
        rows = {name: "\n".join(lines) for name, lines in places.items()}
        apps = {
            name.rpartition(".")[2] for name in settings.INSTALLED_APPS if name.startswith(("province.", "tenants."))
        }
        assert sorted(one for one in apps if f"`{one}`" not in rows["docs/architecture.md"]) == []
        halls = {name.rpartition(".")[2] for names in settings.HALL_APPS.values() for name in names}
        assert sorted(one for one in halls if f"`{one}`" not in rows["README.md"]) == []

    def test_of_the_glossary_are_words_of_the_program(self) -> None:
        folders = ("platform", "tenants", "provisioning", "config")
        files = [one for name in folders for kind in ("*.py", "*.html", "*.yaml") for one in (ROOT / name).rglob(kind)]
        program = "\n".join(one.read_text(encoding="utf-8") for one in files)
        glossary = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").partition("## Glossary")[2]
        rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| .+ \|$", glossary, re.MULTILINE)[2:]
        assert len(rows) > 70
        assert [(word, said) for word, chinese in rows for said in chinese.split("、") if said not in program] == []

    def test_lead_from_both_readmes_to_every_guide(self) -> None:
        guides = [path.relative_to(ROOT) for path in sorted((ROOT / "docs/guides").glob("*.md"))]
        assert len(guides) > 20
        for name in ("README.md", "README.zh-CN.md"):
            text = (ROOT / name).read_text(encoding="utf-8")
            assert [str(one) for one in guides if f"]({one})" not in text] == [], name


_OF_ACCESSIBILITY = re.compile(
    r"GB/T ?37668|WCAG[ \d.]*A{1,3}\b|ISO/IEC ?40500|EN ?301 ?549|YD/T ?1761|无障碍[^。；，]{0,8}(?:标准|认证|等级)"
)


# of WCAG 2.2, levels A and AA
_OF_GUIDELINES = {
    "1.1": 1,
    "1.2": 5,
    "1.3": 5,
    "2.2": 2,
    "2.3": 1,
    "3.1": 2,
    "3.3": 4,
    "2.1": 2,
    "2.4": 7,
}
_CRITERIA = [
    *(f"{guideline}.{number}" for guideline, last in _OF_GUIDELINES.items() for number in range(1, last + 1)),
    *("1.4.1", "1.4.2", "1.4.3", "1.4.4", "1.4.5", "1.4.10", "1.4.11", "1.4.12", "1.4.13", "2.1.4", "2.4.11"),
    *("2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.7", "2.5.8", "3.2.1", "3.2.2", "3.2.3", "3.2.4", "3.2.6"),
    *("3.3.7", "3.3.8", "4.1.2", "4.1.3"),
]


def claims_in(text: str) -> list[str]:
    """Sentences that name a standard of accessibility which nobody has evaluated, and do not say that nobody has."""
    return [
        sentence
        for sentence in re.split(r"[。；\n]", text)
        for named in _OF_ACCESSIBILITY.findall(sentence)
        if named.replace(" ", "") not in EVALUATED and "还没有" not in sentence
    ]


class TestConformity:
    @pytest.mark.parametrize(
        "claim",
        ["本站符合国家标准 GB/T 37668—2019。", "达到 WCAG 2.2 AA 级", "已通过无障碍等级认证", "conforms to EN 301 549"],
    )
    def test_that_was_never_evaluated_is_seen_where_it_is_claimed(self, claim: str) -> None:
        page = (ROOT / "tenants/shell/templates/shell/accessibility.html").read_text(encoding="utf-8")
        assert claims_in(page) == []
        assert claims_in(page.replace("<h2>看得更清楚</h2>", f"<p>{claim}</p>")) != []

    def test_to_a_standard_that_nobody_has_evaluated_is_claimed_nowhere(self) -> None:
        """Checkpoints such as those of GB/T 37668 are for people to judge: all that is said is that nobody has."""
        paths = [
            *(path for folder in ("docs", "platform", "tenants", "config") for path in (ROOT / folder).rglob("*")),
            *ROOT.glob("*.md"),
        ]
        said = {
            str(path.relative_to(ROOT)): found
            for path in paths
            if path.suffix in {".md", ".html", ".py", ".css", ".txt"}
            if (found := claims_in(path.read_text(encoding="utf-8")))
        }
        assert said == {}

    def test_page_of_accessibility_names_every_criterion_once_and_tests_that_are_there(self) -> None:
        text = (ROOT / "docs/accessibility.md").read_text(encoding="utf-8")
        named = re.findall(r"(?<![\d.])[1-4]\.\d\.\d{1,2}(?![\d.]*\d)", text)
        assert sorted(named) == sorted(_CRITERIA)
        # of the look itself, its module
        tests = set(re.findall(r"`(tests/[^`]+)`", text)) - {"tests/journeys/looks.py"}
        assert len(tests) > 9
        assert [one for one in sorted(tests) if not is_test(one)] == []
        rows = [line for line in text.splitlines() if re.match(r"\| \d", line)]
        assert [row for row in rows if "`faults_of`" not in row and "`tests/" not in row] == []

    def test_page_of_standards_lists_what_was_evaluated(self) -> None:
        listed = "、".join(f"{name} ({where})" for name, where in EVALUATED.items()) or "none"
        assert f"so that a page may claim it: {listed}." in (ROOT / "docs/standards.md").read_text(encoding="utf-8")
