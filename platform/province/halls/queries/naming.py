"""What a hall is called: kind, name, and the first label of its host name, all from its division."""

import re
from collections.abc import Iterable

from foundation.tokenizing import speller
from province.halls.models import Division, HallKind
from standards.numbers.divisions import DivisionLevel

LONGEST_LABEL = 63  # RFC 1035
_KINDS = {
    DivisionLevel.CITY: HallKind.CITY,
    DivisionLevel.COUNTY: HallKind.COUNTY,
    DivisionLevel.TOWNSHIP: HallKind.TOWNSHIP,
    DivisionLevel.VILLAGE: HallKind.VILLAGE,
}
_OFFICES = {
    HallKind.CITY: "政务服务中心",
    HallKind.COUNTY: "政务服务中心",
    HallKind.TOWNSHIP: "便民服务中心",
    HallKind.VILLAGE: "便民服务室",
}
# 红联村委会 → 红联村, 崇安社区居委会 → 崇安社区
_COMMITTEE = re.compile(r"(?:村村民委员会|村民委员会|村村委会|村委会)\Z")
_RESIDENTS = re.compile(r"(?:居民委员会|居委会)\Z")
_TYPE = re.compile(r"(?:街道办事处|街道|社区|自治州|自治县|省|市|县|区|镇|乡|村)\Z")


def hall_kind(division: Division) -> HallKind | None:
    """None where a division of this level carries no hall: the province is no tenant of its own."""
    return _KINDS.get(DivisionLevel(division.level))


def place_name(division: Division) -> str:
    """The division as people say it: without the committee that governs a village."""
    return _RESIDENTS.sub("", _COMMITTEE.sub("村", division.name)) or division.name


def hall_name(division: Division, kind: HallKind) -> str:
    return f"{place_name(division)}{_OFFICES[kind]}"


def draw_slugs(divisions: Iterable[Division], taken: Iterable[str]) -> list[str]:
    """A host label for each division, in order: its name in pinyin; with its parent's name where that is taken; then
    with a digit. ``taken`` are labels in use. The same divisions in the same order get the same labels."""
    used = set(taken)
    drawn = []
    for division in divisions:
        slug = next(one for one in _candidates(division) if one not in used)
        used.add(slug)
        drawn.append(slug)
    return drawn


def _candidates(division: Division) -> Iterable[str]:
    own = _pinyin(division) or f"d{division.code}"
    yield own
    wider = own
    above = division.parent
    # 市辖区 and the like say nothing
    while above and not above.is_government:
        above = above.parent
    if above:
        wider = f"{own}-{_pinyin(above)}"[:LONGEST_LABEL].strip("-")
        yield wider
    count = 1
    while True:
        count += 1
        ending = f"-{count}"
        yield f"{wider[: LONGEST_LABEL - len(ending)]}{ending}"


def _pinyin(division: Division) -> str:
    name = place_name(division)
    bare = _TYPE.sub("", name)
    # 城区, 东街: with one character left, the type belongs to the name
    syllables = "".join(speller()(bare if len(bare) > 1 else name)).lower()
    return re.sub(r"[^a-z0-9]", "", syllables)[:LONGEST_LABEL]
