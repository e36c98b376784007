"""What people send takes the machine no longer than its length allows, however it is built.

The bound is of a processor's time, and so wide that only work that grows with the square of the length misses it: each
text is as long as its field permits in a soak, else a quarter of that, in half of the time.
"""

import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import pytest

from foundation.errors import Invalid
from foundation.html import clean_html, clean_markdown, difference, text_difference, text_of, title_of
from foundation.html.cleaning import LONGEST_BODY
from foundation.tokenizing import query_words, search_words
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.bpmn.xml import LARGEST
from standards.items.exchange.labels import normal
from standards.numbers import phones, residents
from tests.soak import SOAK

_MOST_SECONDS = 3.0
# a quarter of the length tells as well whether the time grows with its square; the last is of two that are compared
LONGEST, _MOST_FOR_ONE, _MOST_FOR_TWO = (LONGEST_BODY, 3.0, 6.0) if SOAK else (LONGEST_BODY // 4, 1.5, 3.0)


@contextmanager
def in_good_time(most: float = _MOST_SECONDS) -> Iterator[None]:
    """Fails as soon as this process has worked too long, or where those that it started did."""

    def fail(_: int, __: FrameType | None) -> None:
        message = "takes too long"
        raise AssertionError(message)

    before, of_children = signal.signal(signal.SIGVTALRM, fail), resource.getrusage(resource.RUSAGE_CHILDREN)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert now.ru_utime + now.ru_stime - of_children.ru_utime - of_children.ru_stime < most


def full(piece: str, before: str = "", after: str = "", *, length: int = LONGEST) -> str:
    """As long as a body is here."""
    return before + piece * ((length - len(before) - len(after)) // len(piece)) + after


def numbered(piece: str, length: int) -> str:
    return "".join(piece.replace("#", str(number)) for number in range(length // (len(piece) + 4)))


def taken(work: Callable[[], str]) -> str:
    """What came of it; nothing where it was refused, and then for the text alone."""
    try:
        return work()
    except Invalid as refused:
        if [fault.where for fault in refused.faults] != ["body"]:
            raise
        return ""


HALF = LONGEST // 2
MARKUP: dict[str, Callable[[], str]] = {
    "begun tags": lambda: full("<a "),
    "begun tags on lines": lambda: full("<a\n"),
    "begun pictures": lambda: full("<img src=/media/x "),
    "begun names": lambda: full("a", "<"),
    "begun names one in another": lambda: full("<a"),
    "begun values": lambda: full('<a href="'),
    "begun values in other signs": lambda: full("<a x='"),
    "attributes of one tag": lambda: "<a " + numbered("x# ", LONGEST - 9) + ">",
    "attributes of a tag without end": lambda: full("x=y ", "<a "),
    "equals signs": lambda: full("=", "<a "),
    "blanks in a tag": lambda: full(" ", "<a"),
    "blanks in ended tags": lambda: full("<a     \n >"),
    "quotation marks": lambda: full('"', "<a "),
    "slashes": lambda: full("/", "<a "),
    "less-than signs": lambda: full("<"),
    "begun end tags": lambda: full("</"),
    "begun end tags with a name": lambda: full("</a "),
    "ampersands": lambda: full("&"),
    "begun entities": lambda: full("&amp"),
    "begun numbers": lambda: full("&#"),
    "a number without end": lambda: full("9", '<a href="&#', ';">x</a>'),
    "a hexadecimal number without end": lambda: full("f", '<a href="&#x', ';">x</a>'),
    "begun comments": lambda: full("<!--"),
    "comments that nearly end": lambda: full("--!", "<!--"),
    "begun declarations": lambda: full("<!"),
    "begun instructions": lambda: full("<?"),
    "begun sections": lambda: full("<![CDATA["),
    "sections nobody knows": lambda: full("<![x["),
    "sections in a drawing": lambda: full("<![CDATA[", "<svg>"),
    "bold in bold": lambda: full("<b>"),
    "boxes in boxes": lambda: full("<div>"),
    "lists in lists": lambda: full("<ul><li>"),
    "tables in tables": lambda: full("<table><tr><td>"),
    "quotations in quotations": lambda: full("<blockquote>"),
    "drawings in drawings": lambda: full("<svg>"),
    "drawn groups and wrong ends": lambda: full("<g>", "<svg>", full("</x>", length=HALF)),
    "bold and wrong ends": lambda: full("<b>", length=HALF) + full("</i>", length=HALF),
    "bold opened anew": lambda: full("<b><p>"),
    "many settings opened anew": lambda: full("<p><b><i><u><s>"),
    "differing settings opened anew": lambda: numbered("<b a#>", HALF) + full("<p>x", length=HALF),
    "settings hidden from the count": lambda: (
        numbered("<b a#><marquee></b></marquee>", HALF) + full("<p>x", length=HALF)
    ),
    "overlapping settings": lambda: full("<b><i></b></i>"),
    "overlapping links": lambda: full("<a href=/x><b><i></a>"),
    "text lifted out of a table": lambda: full("x<p>", "<table>"),
    "headings": lambda: full("<h2>"),
    "begun styles": lambda: full("<style>"),
    "ends in a style": lambda: full("</", "<style>"),
    "texts in a field": lambda: full("&", "<textarea>"),
    "templates": lambda: full("<template>"),
    "choices": lambda: full("<select><option>"),
    "zeros": lambda: full("\0"),
    "one long word": lambda: full("a"),
    "one long Chinese word": lambda: full("字"),
}  # fmt: skip
MARKDOWN: dict[str, Callable[[], str]] = {
    "brackets": lambda: full("["),
    "closed brackets": lambda: full("]"),
    "pairs of brackets": lambda: full("[", length=HALF) + full("]", length=HALF),
    "begun links": lambda: full("[a]("),
    "begun pictures": lambda: full("![a]("),
    "links in links": lambda: full("[", length=HALF) + full("](x)", length=HALF),
    "stars": lambda: full("*"),
    "stars and letters": lambda: full("*a "),
    "stars that overlap": lambda: full("a**b_c* "),
    "underscores": lambda: full("_a"),
    "tildes": lambda: full("~~a"),
    "backticks of every length": lambda: "".join("`" * (n % 800) + "x" for n in range(LONGEST // 400)),
    "backticks": lambda: full("`"),
    "quotations": lambda: full(">"),
    "quotations on lines": lambda: full("> > > > > > > > > > a\n"),
    "lists in lists": lambda: full("* "),
    "lists ever deeper": lambda: "".join(f"{'  ' * (n % 400)}* a\n" for n in range(LONGEST // 450)),
    "tables": lambda: full("|"),
    "a wide table": lambda: full("|a", length=HALF - 9) + "\n" + full("|-", length=HALF),
    "a wide table with rows": lambda: (
        full("|a", length=LONGEST // 10) + "\n" + full("|-", length=LONGEST // 10) + "\n" + full("|\n", length=HALF)
    ),
    "headings": lambda: full("# a\n"),
    "line of equals signs": lambda: full("a\n=\n"),
    "references": lambda: numbered("[a#]: /x\n", LONGEST),
    "references to one": lambda: "[a]: " + "x" * (HALF - 9) + "\n\n" + full("[a]", length=HALF),
    "begun references": lambda: full("[a]: "),
    "begun addresses": lambda: full("<http://a"),
    "begun tags": lambda: full("<a "),
    "begun comments": lambda: full("<!--"),
    "backslashes": lambda: full("\\"),
    "entities": lambda: full("&#"),
    "blank lines": lambda: full("\n"),
    "spaces": lambda: full(" ", "a", "b"),
    "tabs": lambda: full("\t"),
}  # fmt: skip
# of what nh3 leaves
PAIRS: dict[str, Callable[[], tuple[str, str]]] = {
    "equal short lines": lambda: (full("<p>x</p>"), full("<p>x</p>", "<p>y</p>")),
    "lines by turns": lambda: (full("<p>x</p><p>y</p>"), full("<p>y</p><p>x</p><p>x</p>")),
    "one line of equal words": lambda: (full("天 ", "<p>", "</p>"), full("天 地 ", "<p>", "</p>")),
    "some lines of equal words": lambda: (
        "".join(full("天 ", "<p>", f"{n}</p>", length=4_000) for n in range(LONGEST // 4_000)),
        "".join(full("天 地 ", "<p>", f"{n}</p>", length=4_000) for n in range(LONGEST // 4_000)),
    ),
    "lines that are nearly alike": lambda: (
        "".join(f"<p>{n} 甲 乙 丙 {n + 1} 丁 {n + 2}</p>" for n in range(LONGEST // 31)),
        "".join(f"<p>{n + 1} 甲 丙 乙 {n} 丁 {n + 3}</p>" for n in range(LONGEST // 31)),
    ),
    "many words and short lines": lambda: (full("天 地 ", "<p>", "</p>"), full("<p>天地</p>")),
    "nothing in common": lambda: (numbered("<p>甲#</p>", LONGEST), numbered("<p>乙#</p>", LONGEST)),
    "bold in bold": lambda: (full("<b>x", length=LONGEST // 4) + full("</b>", length=LONGEST // 4), "<p>x</p>"),
    "a long address at every word": lambda: (
        full("天 地 ", f'<p><a href="/{"x" * (LONGEST // 2)}">', "</a></p>"),
        full("天 人 ", f'<p><a href="/{"y" * (LONGEST // 2)}">', "</a></p>"),
    ),
}  # fmt: skip


class TestMarkup:
    @pytest.mark.soak
    @pytest.mark.parametrize("make", MARKUP.values(), ids=list(MARKUP))
    def test_is_cleaned_or_refused_in_good_time(self, make: Callable[[], str]) -> None:
        html = make()
        assert len(html) <= LONGEST
        with in_good_time(_MOST_FOR_ONE):
            cleaned = taken(lambda: clean_html(html))
            text_of(cleaned)
        assert len(cleaned) <= LONGEST_BODY

    @pytest.mark.parametrize("length", [100, 1_000, 7_999])
    @pytest.mark.parametrize("make", MARKUP.values(), ids=list(MARKUP))
    def test_that_is_short_is_no_fault_of_the_program(self, make: Callable[[], str], length: int) -> None:
        html = make()
        with in_good_time():
            taken(lambda: clean_html(html[: length // 2] + html[-length // 2 :]))

    @pytest.mark.soak
    @pytest.mark.parametrize("make", MARKUP.values(), ids=list(MARKUP))
    def test_is_read_as_text_in_good_time_though_nobody_cleaned_it(self, make: Callable[[], str]) -> None:
        with in_good_time(_MOST_FOR_ONE):
            text_of(make())


class TestMarkdown:
    @pytest.mark.soak
    @pytest.mark.parametrize("make", MARKDOWN.values(), ids=list(MARKDOWN))
    def test_is_taken_or_refused_in_good_time(self, make: Callable[[], str]) -> None:
        text = make()
        assert len(text) <= LONGEST
        with in_good_time(_MOST_FOR_ONE):
            taken(lambda: clean_markdown(text))

    def test_of_the_greatest_length_is_given_up_in_good_time(self) -> None:
        with in_good_time():
            taken(lambda: clean_markdown(full("*a ", length=LONGEST_BODY)))

    def test_beyond_the_longest_body_is_refused_before_it_is_read(self) -> None:
        with pytest.raises(Invalid, match="正文过长"):
            clean_markdown("字" * (LONGEST_BODY + 1))


class TestVersions:
    @pytest.mark.soak
    @pytest.mark.parametrize("make", PAIRS.values(), ids=list(PAIRS))
    def test_are_compared_or_refused_in_good_time(self, make: Callable[[], tuple[str, str]]) -> None:
        before, after = make()
        assert max(len(before), len(after)) <= LONGEST
        with in_good_time(_MOST_FOR_TWO):
            shown = taken(lambda: difference(before, after))
        assert len(shown) < 10_000_000

    @pytest.mark.parametrize("make", PAIRS.values(), ids=list(PAIRS))
    def test_of_some_length_are_compared_at_once_in_good_time(self, make: Callable[[], tuple[str, str]]) -> None:
        before, after = make()
        with in_good_time():
            difference(before[:20_000], after[:20_000])
            text_difference(before[:400], after[:400])

    def test_differ_in_all_that_was_not_compared(self) -> None:
        """Beyond the effort, old and new stand one after the other: nothing is lost."""
        before, after = PAIRS["some lines of equal words"]()
        shown = difference(before[:20_000], after[:20_000])
        assert shown.count("地") == after[:20_000].count("地")


_BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
_PREFIXES = "".join(f' xmlns:a{number}="u"' for number in range(50_000))
DRAWINGS: dict[str, Callable[[], str]] = {
    "the last of many prefixes": lambda: full("<a49999:x/>", f"<d{_PREFIXES}>", "</d>", length=LARGEST),
    "the default beside many prefixes": lambda: f"<d {_BPMN}{_PREFIXES}>{'<x/>' * 19_000}</d>",
    "a prefix for each": lambda: "<d>" + numbered('<b#:x xmlns:b#="u#"/>', 900_000) + "</d>",
    "attributes of one": lambda: "<d" + numbered(' a#="1"', 1_900_000) + "/>",
    "begun tags": lambda: full("<", length=LARGEST),
    "blanks": lambda: full(" ", length=LARGEST),
    "ways to nowhere": lambda: f"<definitions {_BPMN}><process>{'<sequenceFlow/>' * 19_000}</process></definitions>",
    "pools": lambda: (
        f"<definitions {_BPMN}><process id='p'><startEvent id='a'/></process>{'<messageFlow/>' * 19_000}</definitions>"
    ),
    "lanes": lambda: (
        f"<definitions {_BPMN}><process id='p'><startEvent id='a'/>{'<laneSet/>' * 19_000}</process></definitions>"
    ),
}


class TestDrawing:
    """Of a flow: it is read in the web process itself."""

    @pytest.mark.parametrize("make", DRAWINGS.values(), ids=list(DRAWINGS))
    def test_is_read_or_refused_in_good_time(self, make: Callable[[], str]) -> None:
        raw = make().encode()
        assert len(raw) <= LARGEST
        with in_good_time(), suppress(Invalid):
            read_bpmn(raw)


# below and above the letter by turns: to be put in order, every mark moves past all others
MARKS = "a" + "\u0300\u0327" * 50_000


class TestLetterWithMarksOnIt:
    @pytest.mark.parametrize(
        "read",
        [query_words, search_words, normal, phones.normal_phone, residents.normal_number],
        ids=lambda one: one.__name__,
    )
    def test_is_read_in_good_time(self, read: Callable[[str], object]) -> None:
        with in_good_time():
            read(MARKS)


class TestPageTitle:
    @pytest.mark.parametrize("piece", ["<title", "<title>", "<title ", "<title a=", "</title", "<title></titl"])
    def test_is_looked_for_in_good_time(self, piece: str) -> None:
        with in_good_time():
            assert len(title_of(full(piece))) <= LONGEST_BODY

    def test_is_that_of_the_page(self) -> None:
        assert title_of('<html><head><TITLE lang="zh">关于 <b>放假</b>的通知</Title></head>') == "关于 放假的通知"
        assert title_of("<titles>x</titles><title>") == ""
