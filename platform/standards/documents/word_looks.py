"""How paragraphs, runs and tables of a Word file look: what their styles say, and what they say themselves."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from standards.documents.layout import Alignment, FontName, LineRule, TextParagraph, TextRun
from standards.documents.word_parts import W

type Refuse = Callable[[str], None]

_TWIPS: Final = 1440 / 25.4  # a millimetre
_DEEPEST: Final = 12
_CHARACTER: Final = 10.5  # points, where nothing is said
_BLACK: Final = "000000"
_COLOUR: Final = re.compile(r"[0-9A-F]{6}")
_OFF: Final = frozenset(("0", "false", "off", "none"))
_HARMLESS_OF_PARAGRAPH: Final = frozenset(
    (
        *("pStyle", "rPr", "keepNext", "keepLines", "widowControl", "snapToGrid", "adjustRightInd", "autoSpaceDE"),
        *("autoSpaceDN", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "contextualSpacing", "outlineLvl"),
        *("textAlignment", "divId", "cnfStyle", "mirrorIndents", "suppressAutoHyphens", "suppressLineNumbers", "tabs"),
        # read below
        *("jc", "ind", "spacing", "pBdr", "pageBreakBefore", "sectPr"),
    )
)
_HARMLESS_OF_RUN: Final = frozenset(
    (
        *("rStyle", "rFonts", "b", "bCs", "iCs", "sz", "szCs", "u", "color", "lang", "kern", "noProof", "snapToGrid"),
        *("rtl", "cs", "webHidden", "specVanish", "lastRenderedPageBreak"),
    )
)
_NAMES_OF_PARAGRAPH: Final = {
    "numPr": "自动编号（请改为手工输入的编号）",
    "framePr": "图文框",
    "bidi": "从右到左的文字",
    "textDirection": "竖排文字",
    "shd": "底纹",
    "pPrChange": "修订",
}
_NAMES_OF_RUN: Final = {
    **dict.fromkeys(("i",), "斜体"),
    **dict.fromkeys(("strike", "dstrike"), "删除线"),
    **dict.fromkeys(("caps", "smallCaps"), "大写字母的格式"),
    **dict.fromkeys(("outline", "shadow", "emboss", "imprint", "effect"), "文字效果"),
    **dict.fromkeys(("rPrChange", "ins", "del"), "修订"),
    **dict.fromkeys(("bdr", "shd", "highlight"), "文字的边框、底纹或突出显示"),
    "vanish": "隐藏的文字",
    "vertAlign": "上标或下标",
    "position": "提升或降低的文字",
    "spacing": "加宽或紧缩的字符间距",
    "w": "缩放的字符",
    "em": "着重号",
    "fitText": "调整宽度的文字",
    "eastAsianLayout": "双行合一或纵横混排",
}
# words in names of fonts; the first that is found counts
_FONTS: Final = (
    ("小标宋", FontName.BIAO),
    ("仿宋", FontName.FANG),
    ("fangsong", FontName.FANG),
    ("楷", FontName.KAI),
    ("kai", FontName.KAI),
    *((word, FontName.HEI) for word in ("黑", "hei", "等线", "dengxian", "sans", "yahei")),
    *((word, FontName.SONG) for word in ("宋", "song", "simsun", "serif", "times", "calibri", "arial", "cambria")),
)


def is_on(element: Any) -> bool:
    """Whether a switch is set: it is there, and says nothing against it."""
    return element is not None and element.get(f"{W}val", "1") not in _OFF


def value_of(element: Any, name: str = "val") -> str:
    return str(element.get(f"{W}{name}", ""))


def millimetres(twips: str | None) -> float:
    """Word's twentieths of a point; what is no number is 0."""
    try:
        return round(float(twips or 0) / _TWIPS, 2)
    except ValueError:
        return 0


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """``paragraph``: without its runs; ``style``: id of its style, which its runs begin with."""

    paragraph: TextParagraph
    style: str


class Looks:
    """The file's styles."""

    def __init__(self, styles: Any) -> None:
        found = styles.iterfind(f"{W}style") if styles is not None else ()
        self._styles = {style.get(f"{W}styleId"): style for style in found}
        defaults = styles.find(f"{W}docDefaults") if styles is not None else None
        self._run_defaults = defaults.find(f"{W}rPrDefault/{W}rPr") if defaults is not None else None
        self._paragraph_defaults = defaults.find(f"{W}pPrDefault/{W}pPr") if defaults is not None else None
        usual = (
            key
            for key, style in self._styles.items()
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true", "on"}
        )
        self._usual = next(usual, "")

    def of_paragraph(self, element: Any, refuse: Refuse) -> ParagraphLook:
        own = element.find(f"{W}pPr")
        style = _style_of(own, "pStyle") or self._usual
        chain = [self._paragraph_defaults, *(one.find(f"{W}pPr") for one in self._chain(style)), own]
        properties = _merged(chain)
        _refuse_of_paragraph(properties, refuse)
        size = self._size(element, style)
        spaces, indents = _attributes(chain, "spacing"), _attributes(chain, "ind")
        rule, line = _line_of(spaces)
        paragraph = TextParagraph(
            align=self.align_of(properties.get("jc"), Alignment.LEFT),
            first=_first_of(indents, size),
            left=_indent_of(indents, ("left", "start"), size),
            right=_indent_of(indents, ("right", "end"), size),
            before=_space_of(spaces, "before"),
            after=_space_of(spaces, "after"),
            line_rule=rule,
            line=line,
            rule=_rule_of(properties.get("pBdr"), refuse),
            begins_page=is_on(properties.get("pageBreakBefore")),
        )
        return ParagraphLook(paragraph, style)

    def of_run(self, element: Any, style: str, refuse: Refuse, text: str) -> TextRun:
        own = element.find(f"{W}rPr")
        chain = [self._run_defaults, *(one.find(f"{W}rPr") for one in self._chain(style))]
        chain += [one.find(f"{W}rPr") for one in self._chain(_style_of(own, "rStyle"))]
        properties = _merged([*chain, own])
        _refuse_of_run(properties, refuse)
        fonts = _attributes([*chain, own], "rFonts")
        return TextRun(
            text=text,
            font=_font_of(fonts, refuse),
            size=_points(properties.get("sz")),
            is_bold=is_on(properties.get("b")),
            is_underlined=is_on(properties.get("u")),
            colour=_colour_of(properties["color"]) if "color" in properties else _BLACK,
        )

    def align_of(self, element: Any, usual: Alignment) -> Alignment:
        said = value_of(element) if element is not None else ""
        return {"center": Alignment.CENTER, "right": Alignment.RIGHT, "end": Alignment.RIGHT}.get(said, usual)

    def edges_of_table(self, table: Any) -> dict[str, bool]:
        """Which lines it has: top, bottom, left, right, insideH, insideV."""
        found: dict[str, bool] = {}
        own = table.find(f"{W}tblPr")
        for style in self._chain(_style_of(own, "tblStyle")):
            found |= self.edges_of(style.find(f"{W}tblPr/{W}tblBorders"))
        return found | self.edges_of(own.find(f"{W}tblBorders") if own is not None else None)

    def edges_of(self, borders: Any) -> dict[str, bool]:
        names = {"start": "left", "end": "right"}
        found = {}
        for one in borders if borders is not None else ():
            name = one.tag.rpartition("}")[2]
            found[names.get(name, name)] = value_of(one) not in {"nil", "none", ""}
        return found

    def is_shaded(self, element: Any) -> bool:
        return _is_shaded(element)

    def _chain(self, style: str) -> list[Any]:
        """A style and those that it is based on, the lowest first."""
        found: list[Any] = []
        while style in self._styles and len(found) < _DEEPEST and self._styles[style] not in found:
            found.append(self._styles[style])
            based = self._styles[style].find(f"{W}basedOn")
            style = value_of(based) if based is not None else ""
        return found[::-1]

    def _size(self, element: Any, style: str) -> float:
        """Of its letters, in points: indents in characters go by it."""
        run = element.find(f"{W}r")
        own = run.find(f"{W}rPr") if run is not None else None
        properties = _merged([self._run_defaults, *(one.find(f"{W}rPr") for one in self._chain(style)), own])
        return _points(properties.get("sz"))


def _style_of(properties: Any, name: str) -> str:
    found = properties.find(f"{W}{name}") if properties is not None else None
    return value_of(found) if found is not None else ""


def _merged(chain: Iterable[Any]) -> dict[str, Any]:
    """Name of a property → the element that counts."""
    return {
        one.tag.rpartition("}")[2]: one
        for part in chain
        if part is not None
        for one in part
        if isinstance(one.tag, str)
    }


def _attributes(chain: Iterable[Any], name: str) -> dict[str, str]:
    """Of one property: its attributes count one by one."""
    found: dict[str, str] = {}
    for part in chain:
        element = part.find(f"{W}{name}") if part is not None else None
        for key, value in element.attrib.items() if element is not None else ():
            found[key.rpartition("}")[2]] = value
    return found


def _refuse_of_paragraph(properties: dict[str, Any], refuse: Refuse) -> None:
    for name, element in properties.items():
        if name in _HARMLESS_OF_PARAGRAPH:
            continue
        numbers = element.find(f"{W}numId") if name == "numPr" else None
        if (name == "numPr" and numbers is not None and value_of(numbers) == "0") or (
            name == "shd" and not _is_shaded(element)
        ):
            continue
        if name != "bidi" or is_on(element):
            refuse(_NAMES_OF_PARAGRAPH.get(name, f"这种段落格式（{name}）"))


def _refuse_of_run(properties: dict[str, Any], refuse: Refuse) -> None:
    usual = {"vertAlign": {"baseline"}, "position": {"0"}, "spacing": {"0"}, "w": {"100"}, "em": {"none"}}
    for name, element in properties.items():
        if name in _HARMLESS_OF_RUN or value_of(element) in usual.get(name, ()):
            continue
        if (name == "shd" and not _is_shaded(element)) or (name not in usual and name != "shd" and not is_on(element)):
            continue
        refuse(_NAMES_OF_RUN.get(name, f"这种文字格式（{name}）"))


def _is_shaded(element: Any) -> bool:
    return value_of(element, "fill").upper() not in {"", "AUTO", "FFFFFF"} or value_of(element) not in {
        "clear",
        "nil",
        "",
    }


def _font_of(fonts: dict[str, str], refuse: Refuse) -> FontName:
    """By the font of Chinese text; what a theme names is Word's own choice, 宋体 or 等线."""
    name = fonts.get("eastAsia", "")
    if not name:
        return FontName.SONG
    found = next((font for word, font in _FONTS if word in name.lower()), None)
    if found is None:
        refuse(f"字体“{name[:30]}”，支持宋体、仿宋、楷体、黑体、小标宋")
    return found or FontName.SONG


def _points(size: Any) -> float:
    """Word counts half points."""
    try:
        found = float(value_of(size)) / 2 if size is not None else _CHARACTER
    except ValueError:
        return _CHARACTER
    return min(max(found, 5), 72)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0


def _indent_of(indents: dict[str, str], names: tuple[str, ...], size: float) -> float:
    """In characters, where it is said so; else in twips."""
    for name in names:
        if characters := _number(indents.get(f"{name}Chars", "0")):
            return round(characters / 100 * size * 25.4 / 72, 2)
    return next((millimetres(indents[name]) for name in names if name in indents), 0)


def _first_of(indents: dict[str, str], size: float) -> float:
    for name, sign in (("hanging", -1), ("firstLine", 1)):
        if found := _indent_of(indents, (name,), size):
            return sign * found
    return 0


def _space_of(spaces: dict[str, str], name: str) -> float:
    """In points; in lines of 12 points, where it is said so."""
    if lines := _number(spaces.get(f"{name}Lines", "0")):
        return lines / 100 * 12
    return _number(spaces.get(name, "0")) / 20


def _line_of(spaces: dict[str, str]) -> tuple[LineRule, float]:
    line = _number(spaces.get("line", "0"))
    if not line:
        return LineRule.TIMES, 1
    rule = spaces.get("lineRule", "auto")
    if rule in {"exact", "atLeast"}:
        return (LineRule.EXACT if rule == "exact" else LineRule.LEAST), line / 20
    return LineRule.TIMES, round(line / 240, 3)


def _rule_of(borders: Any, refuse: Refuse) -> str:
    """The colour of the line below the paragraph; lines at other sides are refused."""
    colour = ""
    for one in borders if borders is not None else ():
        if value_of(one) in {"nil", "none", ""}:
            continue
        if one.tag != f"{W}bottom":
            refuse("段落的边框，只支持下框线")
            continue
        colour = _colour_of(one, "color")
    return colour


def _colour_of(element: Any, name: str = "val") -> str:
    """Six hexadecimal digits; what is no colour is black."""
    said = value_of(element, name).upper()
    return said if _COLOUR.fullmatch(said) else _BLACK
