"""Reads what somebody posted into a form. What may be written, the server decides."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from foundation.errors import Fault
from standards.forms.definition import FormDefinition
from standards.forms.fields.base import BaseField, Value
from standards.forms.fields.groups import GroupField
from standards.forms.filling import FillingContext
from standards.forms.plans import WorkedForm, work_through
from standards.forms.rights import FieldRight, Rights

_MOST_PAIRS: Final = 20_000
# lines.0.home.division.county
_DEEPEST_NAME: Final = 5


@dataclass(frozen=True, slots=True)
class FilledResult:
    """``values``: what is to be kept. ``faults``: each at a field (``lines.2.amount``), in the order of the page, those
    of computed values last. ``ignored``: names that were posted and may not be written here; ``dropped``: fields whose
    value a condition took away; ``worked``: what follows."""

    values: Mapping[str, Value]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    dropped: tuple[str, ...]
    worked: WorkedForm

    @property
    def is_right(self) -> bool:
        return not self.faults


def read_posted(
    definition: FormDefinition,
    rights: Rights,
    posted: Mapping[str, object],
    before: Mapping[str, Value],
    context: FillingContext,
    *,
    only: Collection[str] | None = None,
) -> FilledResult:
    """The form after somebody posted something. Never fails, whatever was posted.

    A field is read only where ``rights`` let it be written, ``only`` (the fields of one page; None: all) has it, and it
    was posted; every other keeps its value of ``before``. A value whose field a condition takes off the page is dropped
    or kept as the definition says, and is never dropped by who may not write it. Faults are those of fields that may
    be written here.
    """
    read = {
        field.name: field
        for field in definition.fields
        if field.is_filled
        and rights.get(field.name, FieldRight.HIDDEN).is_writable
        and (only is None or field.name in only)
    }
    values = {name: value for name, value in before.items() if name in definition.named_fields and value is not None}
    for name, field in read.items():
        if name in posted:
            _put(values, name, field.read(posted[name], context, before.get(name)))
    worked = work_through(definition.plan, values, context)
    dropped = tuple(
        field.name
        for field in definition.fields
        if field.name in values
        and field.name not in worked.visible
        and field.when_hidden == "drop"
        and rights.get(field.name, FieldRight.HIDDEN).is_writable
    )
    # an invisible value counts as empty already: nothing that follows changes
    values = {name: value for name, value in values.items() if name not in dropped}
    for name, field in read.items():
        if isinstance(field, GroupField) and worked.hidden and (lines := values.get(name)):
            _put(values, name, _without_hidden(field, lines, worked.hidden))
            if len(values.get(name) or ()) != len(lines):
                # lines are known by their places
                worked = work_through(definition.plan, values, context)
    return FilledResult(
        values,
        (
            *_faults(read.values(), rights, values, worked, context),
            *(fault for fault in worked.faults if _is_seen(fault.where.split(".")[0], rights, only)),
        ),
        tuple(sorted(str(name)[:80] for name in posted if name not in read)),
        dropped,
        worked,
    )


def nested(pairs: Iterable[tuple[str, Sequence[str]]]) -> dict[str, object]:
    """What a page posted (name → its texts) as values in one another: ``lines.0.amount``, ``home.detail``. Several
    texts of one name stay a list."""
    found: dict[str, Any] = {}
    for number, (name, texts) in enumerate(pairs):
        parts = name.split(".")
        if number >= _MOST_PAIRS or len(parts) > _DEEPEST_NAME:
            continue
        place = found
        for part in parts[:-1]:
            inner = place.setdefault(part, {})
            if not isinstance(inner, dict):
                break
            place = inner
        else:
            # what stands alone is one text; an empty one only says that the field was on the page
            filled = [text for text in texts if text]
            place[parts[-1]] = filled if len(filled) > 1 else filled[0] if filled else ""
    return {name: _lists(value) for name, value in found.items()}


def _lists(value: Any) -> Any:
    """``{"0": …, "2": …}`` as a list in the order of its numbers."""
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(one) for name, one in value.items()}
    if inner and all(name.isascii() and name.isdigit() and len(name) <= 4 for name in inner):  # noqa: PLR2004 - 9999
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def _put(values: dict[str, Value], name: str, value: Value) -> None:
    if value is None:
        values.pop(name, None)
    else:
        values[name] = value


def _without_hidden(
    group: GroupField, lines: Sequence[Mapping[str, Value]], hidden: Collection[str]
) -> list[dict[str, Value]] | None:
    """The lines without the cells that a condition takes off the page; what is empty then falls out."""
    hidden_in = [{cell.name for cell in group.cells if group.place_of(at, cell) in hidden} for at in range(len(lines))]
    left = [
        {name: value for name, value in line.items() if name not in gone}
        for line, gone in zip(lines, hidden_in, strict=True)
    ]
    return [line for line in left if line] or None


def _faults(
    read: Iterable[BaseField],
    rights: Rights,
    values: Mapping[str, Value],
    worked: WorkedForm,
    context: FillingContext,
) -> Iterable[Fault]:
    # what is hidden from this person judges nothing: a fault would say what it is
    beside = {
        name: value for name, value in worked.shown.items() if rights.get(name, FieldRight.HIDDEN) != FieldRight.HIDDEN
    }
    for field in read:
        if field.name not in worked.visible:
            continue
        value = values.get(field.name)
        if value is None:
            if rights[field.name] == FieldRight.REQUIRED or field.name in worked.required:
                yield Fault(field.name, _missing(field))
            continue
        said = field.faults(value, context) or field.faults_beside(value, beside, context)
        yield from (Fault(field.name, message) for message in said)
        if isinstance(field, GroupField):
            found = field.cell_faults(value, context, hidden=worked.hidden, required=worked.required, beside=beside)
            yield from (Fault(where, said) for where, said in found)


def _is_seen(name: str, rights: Rights, only: Collection[str] | None) -> bool:
    """Whether a computed value stands on this page: a fault of another would say what is hidden, or stop this page."""
    return rights.get(name, FieldRight.HIDDEN) != FieldRight.HIDDEN and (only is None or name in only)


def _missing(field: BaseField) -> str:
    act = {"declaration": "请先阅读并勾选", "material": "请上传", "picture": "请上传", "signature": "请签名："}
    choices = {"choice", "choices", "yes_no", "listed", "division", "map_place", "earlier_form"}
    return f"{act.get(field.type, '请选择' if field.type in choices else '请填写')}“{field.label}”。"
