"""What a hall says of the steps of a flow (本厅的办理环节): who does a step there, and how long it takes there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from foundation.errors import Fault
from standards.items.codelists import LimitUnit
from standards.items.rules import calendar_size, limit_words
from standards.items.values import is_blank, rows_in

type Values = Mapping[str, Any]

NAME: Final = "hall_steps"
_LABEL: Final = "「本厅的办理环节」"
_COUNTED: Final = frozenset({LimitUnit.WORKING_DAYS.value, LimitUnit.CALENDAR_DAYS.value})
_LIMIT: Final = ("days", "unit")
# with one of these a hall has said something against which the province's limits of steps have to be measured
SAID_WITH: Final = frozenset({NAME, "promised_days", "hall_handling"})


def acts_of(values: Values) -> list[str]:
    """The names of all steps of an item and of its handling items, each once, in their order."""
    flows = [values.get("flow"), *(row.get("flow") for row in rows_in(values.get("handling_items")))]
    return list(dict.fromkeys(str(step["act"]) for flow in flows for step in rows_in(flow) if step.get("act")))


def with_hall_steps(values: Values, code: str = "") -> dict[str, Any]:
    """Return the values with the hall's word on each step in place of the province's. ``code``: of the handling item
    for which they count; what the hall says of that one stands above what it says of all.

    Of ``hall_steps`` those are left that count, without a code; an empty list says that a hall has spoken.
    """
    told = [row for row in rows_in(values.get(NAME)) if str(row.get("code") or "") in {"", code}]
    told.sort(key=lambda row: bool(row.get("code")))
    by_act: dict[str, dict[str, Any]] = {}
    for row in told:
        own = {name: row[name] for name in ("act", "position", *_LIMIT) if not is_blank(row.get(name))}
        if own.get("unit") not in {None, *_COUNTED}:
            own.setdefault("days", 0)
        by_act[str(row.get("act"))] = by_act.get(str(row.get("act")), {}) | own
    together = dict(values) | {NAME: list(by_act.values())}
    if flow := rows_in(values.get("flow")):
        together["flow"] = [{**step, **by_act.get(str(step.get("act")), {})} for step in flow]
    return together


def without_overlong_steps(values: Values) -> dict[str, Any]:
    """Return the values without limits of steps that the hall has not stated, where all of them together take longer
    than what is promised: it promises less than the province, and only it knows which step is the quicker one. Values
    in which no hall has spoken are left as they are."""
    flow, promised = rows_in(values.get("flow")), _promised(values)
    if NAME not in values or promised is None or _size(flow) <= calendar_size(*promised):
        return dict(values)
    stated = _stated(values)
    kept = [
        step if step.get("act") in stated else {name: step[name] for name in step if name not in _LIMIT}
        for step in flow
    ]
    return dict(values) | {"flow": kept}


def hall_step_faults(values: Values, hall_values: Values, branches: Sequence[tuple[str, Values]]) -> Iterator[Fault]:
    """Yield what a hall says wrongly of steps: of one that there is not, of one twice, and that they take longer
    together than it promises. ``values`` are the province's; ``branches``: of the item and of each handling item that
    the hall handles, its name ("" of the item) and the values that count there."""
    acts, seen = acts_of(values), set()
    handling = {str(row.get("code")) for row in rows_in(values.get("handling_items"))}
    for number, row in enumerate(rows_in(hall_values.get(NAME)), start=1):
        act, code, where = str(row.get("act") or ""), str(row.get("code") or ""), f"{NAME}.{number}"
        nth = f"{_LABEL}第 {number} 项"
        if act and act not in acts:
            yield Fault(f"{where}.act", f"{nth}：省里的办理流程没有“{act}”这个环节。")
        if code and code not in handling:
            yield Fault(f"{where}.code", f"{nth}：省里没有序号“{code}”的业务办理项。")
        if (act, code) in seen:
            yield Fault(f"{where}.act", f"{nth}：环节“{act}”写了两次。")
        seen.add((act, code))
        yield from _faults_of_limit(row, where, nth)
    for name, together in branches:
        promised, stated = _promised(together), _stated(together)
        own = [step for step in rows_in(together.get("flow")) if step.get("act") in stated]
        if promised is not None and _size(own) > calendar_size(*promised):
            of = f"业务办理项“{name}”的" if name else ""
            words = f"{_LABEL}的时限加起来超过{of}「承诺办结时限」（{limit_words(*promised)}），请缩短环节时限。"
            yield Fault(NAME, words)


def _faults_of_limit(row: Values, where: str, nth: str) -> Iterator[Fault]:
    days, unit = row.get("days"), row.get("unit")
    if days is not None and is_blank(unit):
        yield Fault(f"{where}.unit", f"{nth}写了时限，没有选单位。")
    elif unit in _COUNTED and not days:
        yield Fault(f"{where}.days", f"{nth}的时限按天计算时至少 1 天；马上办好的，单位请选“当场办结”。")
    elif not is_blank(unit) and unit not in _COUNTED and days:
        yield Fault(f"{where}.days", f"{nth}的单位是“{LimitUnit(str(unit)).label}”，天数应填 0 或者不填。")
    if is_blank(row.get("position")) and is_blank(unit) and days is None:
        yield Fault(f"{where}.position", f"{nth}没有写岗位，也没有写时限，请补充或者删去。")


def _stated(values: Values) -> set[Any]:
    return {
        row.get("act") for row in rows_in(values.get(NAME)) if not row.get("code") and not is_blank(row.get("unit"))
    }


def _promised(values: Values) -> tuple[int, str] | None:
    days, unit = values.get("promised_days"), values.get("promised_unit")
    return (days, unit) if isinstance(days, int) and isinstance(unit, str) else None


def _size(flow: Sequence[Values]) -> int:
    limits = [(step.get("days"), step.get("unit")) for step in flow]
    return sum(calendar_size(days, unit) for days, unit in limits if isinstance(days, int) and isinstance(unit, str))
