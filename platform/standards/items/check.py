"""One check for forms, sheets, the API and the base list: what is wrong with an item, and what it lacks."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from foundation.errors import Fault
from standards.items.binding import faults_against, settled_values
from standards.items.codelists import TYPES_OF, Family, ItemType
from standards.items.codes import NATIONAL_SCHEME, CodeScheme
from standards.items.contradictions import Contradiction, contradictions_of
from standards.items.elements import BY_NAME, ELEMENTS
from standards.items.hall_steps import NAME as HALL_STEPS
from standards.items.hall_steps import SAID_WITH, hall_step_faults, with_hall_steps, without_overlong_steps
from standards.items.handling import rows_of
from standards.items.kinds import Bound, Element, Filler, Kind
from standards.items.layers import branches_here, check_layers, hall_layer_faults, layer_contradictions
from standards.items.rules import (
    HALL_RULES,
    PROVINCE_RULES,
    SHARED_RULES,
    Rule,
    hall_codes_are_right,
    is_longer,
    limit_words,
    province_codes_are_right,
)
from standards.items.values import Report, check_value, is_blank

_PROVINCE = frozenset({Filler.PROVINCE, Filler.BOTH})
_HALL = frozenset({Filler.HALL})
# states and versions may stand in both
_PLATFORM = frozenset({Filler.PLATFORM})
# a number without its unit says nothing
_LIMIT = frozenset({"promised_days", "promised_unit"})


@dataclass(frozen=True, slots=True)
class PartFindings:
    """What is wrong with one part of an item (the province's or the hall's), and what that part lacks.

    ``faults`` are wrong values, ``missing`` needed elements without one; ``score`` is how many percent (0 to 100) of
    the needed elements are there, whole and right: 100 only if all are.
    """

    faults: tuple[Fault, ...]
    missing: tuple[Fault, ...]
    score: int

    @property
    def is_complete(self) -> bool:
        """Say whether no needed element is missing and nothing is wrong."""
        return self.score == 100 and not self.faults  # noqa: PLR2004 - percent


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong and what is missing in an item, apart for the two who fill it in: the province and one hall.

    ``score`` is how many percent (0 to 100) of what both parts need is there, whole and right: 100 only if all is.
    """

    province: PartFindings
    hall: PartFindings
    score: int
    # what the two together say against each other
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Say whether both parts lack nothing and nothing in them is wrong: whether it is a guide that citizens can
        go by."""
        return self.province.is_complete and self.hall.is_complete

    @property
    def is_ready(self) -> bool:
        """Say whether it may be put before citizens: complete, and at one with itself."""
        return self.is_complete and not self.contradictions

    @property
    def opposing(self) -> tuple[Fault, ...]:
        """The contradictions, each at the first of the elements that it is about, with the way to mend it."""
        return tuple(Fault(one.elements[0], f"{one.message}{one.remedy}") for one in self.contradictions)

    @property
    def lacking(self) -> tuple[Fault, ...]:
        """All that is missing or wrong, the province's before the hall's."""
        parts = (self.province, self.hall)
        return tuple(fault for part in parts for fault in (*part.missing, *part.faults))


def check(
    *,
    family: str,
    item_type: str,
    values: Mapping[str, Any],
    hall_values: Mapping[str, Any] | None = None,
    scheme: CodeScheme = NATIONAL_SCHEME,
) -> Findings:
    """Check an item against the definition, and return what is wrong and what is missing in each of its two parts.

    ``values`` are the province's, by the names of elements; ``hall_values`` are one hall's own, and what it changes in
    the province's. ``scheme``: how the province builds its codes. Whatever the values are, it raises nothing; an
    unknown ``family`` or an ``item_type`` that is not of the family is the one fault that is then found.
    """
    if family not in Family or item_type not in TYPES_OF[Family(family)]:
        fault = Fault("item_type", _wrong_type(family, item_type))
        return Findings(PartFindings((fault,), (), 0), PartFindings((), (), 0), 0)
    province = {"item_type": item_type, **values}
    own = dict(hall_values or {})
    report = Report()
    if province["item_type"] != item_type:
        report.add_fault("item_type", f"「事项类型」应为{ItemType(item_type).label}。")
        province["item_type"] = item_type
    _check_values(province, item_type=item_type, fillers=_PROVINCE | _PLATFORM, report=report)
    told = _sound(province, item_type, report)
    report.faults += province_codes_are_right(_sound(province, item_type, report), scheme)
    _apply(PROVINCE_RULES, province, item_type, report)
    check_layers(_sound(province, item_type, report), item_type=item_type, report=report)
    province_part, counted = _part(province, province, item_type=item_type, fillers=_PROVINCE, report=report)

    sound = _sound(province, item_type, report)
    report = Report()
    _check_values(own, item_type=item_type, fillers=_HALL | _PLATFORM | {Filler.BOTH}, report=report)
    own_sound = _sound(own, item_type, report)
    _check_bounds(own_sound, sound, report)
    report.faults += faults_against(sound, own_sound)
    report.faults += hall_layer_faults(province, own_sound)
    together = effective(sound, own_sound)
    report.faults += hall_step_faults(sound, own_sound, branches_here(together) if own_sound.get(HALL_STEPS) else ())
    report.faults += hall_codes_are_right(_sound(together, item_type, report), scheme)
    _apply(HALL_RULES, together, item_type, report)
    if own:
        known = {fault.where for fault in (*report.faults, *province_part.faults)}
        again = Report()
        _apply(SHARED_RULES, together, item_type, again)
        report.faults += [_by_the_hall(fault, sound, own_sound) for fault in again.faults if fault.where not in known]
    settled = {name: value for name, value in settled_values(province).items() if item_type in BY_NAME[name].applies}
    hall_part, counted_here = _part(
        {**own, **settled}, effective(province, own), item_type=item_type, fillers=_HALL, report=report
    )
    is_whole = province_part.is_complete and hall_part.is_complete
    score = _percent(counted.whole + counted_here.whole, counted.needed + counted_here.needed)
    both = effective(told, own_sound) | {"item_type": item_type}
    opposed = (*contradictions_of(both), *layer_contradictions(both))
    return Findings(province_part, hall_part, score if is_whole else min(score, 99), opposed)


def fitting(
    *,
    family: str,
    item_type: str,
    values: Mapping[str, Any],
    hall_values: Mapping[str, Any],
    scheme: CodeScheme = NATIONAL_SCHEME,
) -> Mapping[str, Any]:
    """Return those of a hall's values that still fit the province's: what the check finds wrong is left out, after a
    new version of the item for instance. A promised time is left out together with its unit, or kept with it."""
    found = check(family=family, item_type=item_type, values=values, hall_values=hall_values, scheme=scheme)
    faults = found.hall.faults
    refused = {fault.where.split(".")[0] for fault in faults}
    if refused & _LIMIT:
        refused |= _LIMIT
    own = {name: value for name, value in hall_values.items() if name not in refused}
    # of the hall's words on handling items and on steps those that are at fault, and no others
    for name in ("hall_handling", HALL_STEPS):
        rows = {int(fault.where.split(".")[1]) for fault in faults if fault.where.startswith(f"{name}.")}
        if rows and not any(fault.where == name for fault in faults):
            kept = [row for number, row in enumerate(hall_values[name], start=1) if number not in rows]
            own |= {name: kept} if kept else {}
    if refused and HALL_STEPS in own:
        # its steps fitted a promise that may be gone by now
        return fitting(family=family, item_type=item_type, values=values, hall_values=own, scheme=scheme)
    return own


def effective(values: Mapping[str, Any], hall_values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that count in a hall: its own where it has said something, else the province's; of a list that
    a hall may add to (``Bound.MAY_ADD``), the province's entries and behind them the hall's. What the province has
    settled for every hall (``settled_values``) stands above both. Steps of the flow are said as the hall does them
    (``hall_steps``); limits of steps that are too long for what it promises are left out."""
    together = dict(values)
    for name, value in hall_values.items():
        element = BY_NAME.get(name)
        if element is None or is_blank(value):
            continue
        before = values.get(name)
        if element.bound is Bound.MAY_ADD and isinstance(before, list) and isinstance(value, list):
            # by what they say: to compare each with each takes the square of lists that nobody has bounded yet
            known = set(map(_said, before))
            together[name] = before + [one for one in value if _said(one) not in known]
        else:
            together[name] = value
    together |= settled_values(values)
    if SAID_WITH & {name for name, value in hall_values.items() if not is_blank(value)} and "flow" in together:
        # where one has still to choose a handling item, its own promise decides
        together = with_hall_steps({HALL_STEPS: [], **together}) | {HALL_STEPS: hall_values.get(HALL_STEPS) or []}
        together = together if rows_of(values, "handling_items") else without_overlong_steps(together)
    return together


def _said(entry: Any) -> str:
    """One text for all entries that are equal."""
    return json.dumps(entry, sort_keys=True, default=str)


def _wrong_type(family: str, item_type: str) -> str:
    if family not in Family:
        return f"没有“{family}”这一类事项。"
    labels = "、".join(ItemType(one).label for one in sorted(TYPES_OF[Family(family)]))
    return f"{Family(family).label}的「事项类型」只能是：{labels}；现在是“{item_type}”。"


def _check_values(values: Mapping[str, Any], *, item_type: str, fillers: Iterable[Filler], report: Report) -> None:
    for name, value in values.items():
        element = BY_NAME.get(name)
        if element is None:
            report.add_fault(name, f"没有“{name}”这个要素。")
        elif is_blank(value):
            continue
        elif element.by not in fillers:
            report.add_fault(name, f"「{element.label}」由{_who(element)}，这里不能填写。")
        elif item_type not in element.applies:
            report.add_fault(name, f"「{element.label}」不适用于{ItemType(item_type).label}。")
        else:
            check_value(element, value, item_type=item_type, where=name, words=f"「{element.label}」", report=report)


def _who(element: Element) -> str:
    return {
        Filler.PROVINCE: "省里统一填写",
        Filler.HALL: "各厅自己填写",
        Filler.BOTH: "省里和各厅填写",
        Filler.PLATFORM: "平台生成",
    }[element.by]


def _sound(values: Mapping[str, Any], item_type: str, report: Report) -> dict[str, Any]:
    """The values that are of the right kind: what rules can read."""
    wrong = {fault.where.split(".")[0] for fault in report.faults}
    sound = {name: value for name, value in values.items() if name not in wrong and not is_blank(value)}
    return sound | {"item_type": item_type}


def _apply(rules: Iterable[Rule], values: Mapping[str, Any], item_type: str, report: Report) -> None:
    sound = _sound(values, item_type, report)
    for rule in rules:
        report.faults += rule(sound)


def _by_the_hall(fault: Fault, province: Mapping[str, Any], own: Mapping[str, Any]) -> Fault:
    """Its place in the hall's own list, where the hall adds to the province's."""
    name, *place = fault.where.split(".")
    before = province.get(name)
    if BY_NAME[name].bound is not Bound.MAY_ADD or not place or not before:
        return fault
    added = [number for number, one in enumerate(own.get(name, ()), start=1) if one not in before]
    nth = int(place[0]) - len(before)
    if not 0 < nth <= len(added):
        return fault
    return Fault(".".join([name, str(added[nth - 1]), *place[1:]]), fault.message)


def _check_bounds(own: Mapping[str, Any], province: Mapping[str, Any], report: Report) -> None:
    for name, value in own.items():
        element, before = BY_NAME[name], province.get(name)
        if before is None:
            continue
        if element.bound is Bound.WITHIN and (beyond := [one for one in value if one not in before]):
            label = element.codes(beyond[0]).label if element.codes else beyond[0]
            report.add_fault(name, f"「{element.label}」只能在省里规定的范围内选，没有“{label}”。")
        elif (
            element.bound is Bound.NO_MORE
            and element.kind is Kind.NUMBER
            and name != "promised_days"
            and value > before
        ):
            report.add_fault(name, f"「{element.label}」不得超过省里规定的 {before}，现在是 {value}。")
    limits = [
        (values["promised_days"], values["promised_unit"])
        for values in (effective(province, own), province)
        if {"promised_days", "promised_unit"} <= values.keys()
    ]
    if len(limits) == 2 and is_longer(*limits):  # noqa: PLR2004 - the hall's and the province's
        report.add_fault(
            "promised_days",
            f"「承诺办结时限」（{limit_words(*limits[0])}）不得超过省里规定的 {limit_words(*limits[1])}。",
        )


def _part(
    values: Mapping[str, Any],
    together: Mapping[str, Any],
    *,
    item_type: str,
    fillers: Iterable[Filler],
    report: Report,
) -> tuple[PartFindings, "_Told"]:
    """``together`` decides what is needed, ``values`` are counted."""
    missing = list(report.missing)
    unwhole = {fault.where.split(".")[0] for fault in (*report.missing, *report.faults)}
    needed = whole = 0
    for element in ELEMENTS:
        if element.by not in fillers or not element.is_needed(item_type, together):
            continue
        needed += 1
        if is_blank(values.get(element.name)):
            missing.append(Fault(element.name, f"缺少「{element.label}」。"))
        elif element.name not in unwhole:
            whole += 1
    score = _percent(whole, needed)
    is_open = report.faults or any(fault.where.startswith("handling_items.") for fault in missing)
    part = PartFindings(tuple(report.faults), tuple(missing), min(score, 99) if is_open else score)
    return part, _Told(whole, needed)


class _Told(NamedTuple):
    """How many of the ``needed`` elements are there, whole and right."""

    whole: int
    needed: int


def _percent(whole: int, needed: int) -> int:
    return 100 * whole // needed if needed else 100
