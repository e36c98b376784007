"""What counts for one handling item (业务办理项): its own word, else the item's; a hall's word on it above both."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from standards.items.codelists import CaseType, LimitUnit
from standards.items.elements.handling import CODE_LENGTH, LAYERS, NAMED_ROWS, OVERRIDES
from standards.items.hall_steps import NAME as HALL_STEPS
from standards.items.hall_steps import with_hall_steps, without_overlong_steps
from standards.items.values import is_blank, rows_in

type Values = Mapping[str, Any]

_HALL: Final = "hall_handling"
# what a hall says of one handling item in place of its own word on the item
_HALL_OVERRIDES: Final = ("promised_days", "promised_unit", "windows")
_TAKE_TIME: Final = frozenset(
    {"excluded_steps", "excluded_laws", "accept_days", "correct_days", "review_days", "decide_days"}
)
_MOST_CODES: Final = 99


def rows_of(values: Values, name: str) -> list[Values]:
    """The rows of a list, whatever stands there: what are no rows is left out."""
    return rows_in(values.get(name))


def handling_row(values: Values, code: str) -> Values | None:
    """The handling item of this code (two digits); None where the item has none."""
    return next((row for row in rows_of(values, LAYERS[0]) if row.get("code") == code), None)


def hall_row(values: Values, code: str) -> Values:
    """What the hall says of the handling item; nothing where it says nothing."""
    return next((row for row in rows_of(values, _HALL) if row.get("code") == code), {})


def is_handled_here(values: Values, code: str) -> bool:
    """Whether the hall handles it: unless it says otherwise, it does."""
    return hall_row(values, code).get("is_handled") is not False


def handled(values: Values, row: Values) -> dict[str, Any]:
    """Return the values that count for one handling item. ``values`` are the item's (``effective``, where it is a
    hall's), ``row`` is the handling item's own.

    What the row does not say is the item's. Rows of a list that it only names are the item's rows of that name, with
    what it says otherwise. Where it says that nothing is charged, the item's fees do not count; questions (情形) of its
    own stand in place of the item's.
    """
    together = {name: value for name, value in values.items() if name not in LAYERS}
    for name in OVERRIDES:
        own = row.get(name)
        if is_blank(own):
            continue
        together[name] = _named(values, name, own) if name in NAMED_ROWS else own
    _settle_fees(together, row, OVERRIDES)
    settle_limits(together, row)
    if isinstance(row.get("name"), str):
        together["name"] = row["name"]
    if row.get("case_type") == CaseType.INSTANT:
        # what is done at once has neither stages nor steps whose time does not count
        together = {name: value for name, value in together.items() if name not in _TAKE_TIME}
    situations = row.get("situations") or values.get("situations")
    if situations:
        together["situations"] = situations
    code, task_code = row.get("code"), values.get("task_code")
    if isinstance(code, str) and isinstance(task_code, str):
        together["handle_code"] = task_code + code
    own_hall = hall_row(values, code) if isinstance(code, str) else {}
    for name in _HALL_OVERRIDES:
        if not is_blank(own_hall.get(name)):
            together[name] = own_hall[name]
    settle_limits(together, own_hall)
    if HALL_STEPS in together:
        together = without_overlong_steps(with_hall_steps(together, code if isinstance(code, str) else ""))
    return together


def settle_limits(together: dict[str, Any], own: Values) -> None:
    """Where a unit that counts no days was said (当场办结), the days are 0."""
    for word in ("statutory", "promised"):
        unit = own.get(f"{word}_unit")
        is_counted = unit in {LimitUnit.WORKING_DAYS.value, LimitUnit.CALENDAR_DAYS.value}
        if not is_blank(unit) and not is_counted and is_blank(own.get(f"{word}_days")):
            together[f"{word}_days"] = 0


def with_codes(values: Values, taken: Collection[str] = ()) -> dict[str, Any]:
    """Return the values with a code for every handling item, question and answer that has none. ``taken``: codes of
    handling items that there were once; no code is given twice."""
    own = dict(values)
    if rows := own.get("handling_items"):
        own["handling_items"] = [_with_question_codes(row) for row in _numbered(rows, taken, least=1, pad=CODE_LENGTH)]
    if isinstance(own.get("situations"), list):
        own = _with_question_codes(own)
    return own


def _with_question_codes(row: Any) -> Any:
    if not isinstance(row, Mapping) or not isinstance(row.get("situations"), list):
        return row
    questions = [
        {**question, "answers": _numbered(question["answers"], (), least=1, pad=1)}
        if isinstance(question, Mapping) and isinstance(question.get("answers"), list)
        else question
        for question in _numbered(row["situations"], (), least=1, pad=1)
    ]
    return {**row, "situations": questions}


def _numbered(rows: Any, taken: Collection[str], *, least: int, pad: int) -> Any:
    if not isinstance(rows, list):
        return rows
    known = {str(row.get("code")) for row in rows if isinstance(row, Mapping)} | set(taken)
    numbers = [int(code) for code in known if code.isascii() and code.isdigit() and len(code) <= CODE_LENGTH]
    free = max([least - 1, *numbers]) + 1
    numbered = []
    for row in rows:
        if isinstance(row, Mapping) and is_blank(row.get("code")) and free <= _MOST_CODES:
            numbered.append({**row, "code": str(free).zfill(pad)})
            free += 1
        else:
            numbered.append(row)
    return numbered


def _named(values: Values, name: str, own: Any) -> Any:
    """The rows with what the item says of those of the same name."""
    if not isinstance(own, list):
        return own
    key = NAMED_ROWS[name]
    known = {row.get(key): row for row in rows_of(values, name)}
    return [{**known.get(row.get(key), {}), **row} if isinstance(row, Mapping) else row for row in own]


def _settle_fees(together: dict[str, Any], own: Values, said: Sequence[str]) -> None:
    if own.get("has_fee") is False:
        for name in ("fees", "fee_basis", "is_paid_online"):
            if name not in said or is_blank(own.get(name)):
                together.pop(name, None)
