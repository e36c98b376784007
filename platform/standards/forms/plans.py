"""The order in which a form's conditions and computed values are worked out, and the working out itself."""

from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from foundation.errors import Fault
from standards.definitions import MOST_FAULTS
from standards.forms.expressions.checking import FUNCTIONS, TODAY, Checked, check_expression, variable
from standards.forms.expressions.grammar import KEYWORDS
from standards.forms.expressions.kinds import ExpressionFault, NamedValue, ValueKind
from standards.forms.expressions.running import is_true, work_out
from standards.forms.fields.base import BaseField, Value
from standards.forms.fields.groups import GroupField
from standards.forms.fields.shown import ComputedField
from standards.forms.filling import FillingContext

# a loop goes over at most 200 lines, and an expression has at most 200 parts
MOST_LOOPS: Final = 100
# each is worked out for every line
MOST_CELL_CONDITIONS: Final = 60
# the line of a group that nobody has begun
NEW_LINE: Final = "new"
RESERVED: Final = FUNCTIONS | KEYWORDS | {TODAY, "d"}
_YES_NO: Final = (ValueKind.YES_NO,)


@dataclass(frozen=True, slots=True)
class PlannedField:
    """A field with its checked expressions; ``cells``: those cells of a group that have some, in the order of their
    working out; ``numbers``: the members of its value that are numbers."""

    field: BaseField
    visible: Checked | None = None
    required: Checked | None = None
    computed: Checked | None = None
    cells: tuple["PlannedField", ...] = ()
    numbers: frozenset[str] = frozenset()

    @property
    def expressions(self) -> tuple[Checked, ...]:
        """Its own, without those of its cells."""
        return tuple(one for one in (self.visible, self.required, self.computed) if one)


@dataclass(frozen=True, slots=True)
class Plan:
    """``names``: what expressions may call; ``order``: what is read stands before what reads it; ``circles``: of the
    ``faults`` those that tell of fields which read one another in a circle."""

    names: Mapping[str, NamedValue]
    order: tuple[PlannedField, ...]
    faults: tuple[tuple[str, str, str], ...]
    circles: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkedForm:
    """What follows from the values. ``shown``: the values as people see them, computed ones and cells with them,
    without those that no condition lets appear; ``derived``: ``number.age`` → value; ``hidden``: cells of lines that a
    condition takes off the page (``lines.2.amount``; of a line that nobody has begun ``lines.new.amount``), and
    ``required`` has those that one asks for; ``remarks``: what has to be known of values that may not stay right, by
    where they stand (``lines.2.time``); ``faults``: of computed values."""

    visible: frozenset[str]
    required: frozenset[str]
    hidden: frozenset[str]
    shown: Mapping[str, Value]
    derived: Mapping[str, Value]
    remarks: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def names_of(fields: Iterable[BaseField]) -> dict[str, NamedValue]:
    """Everything that expressions may call by name: fields, what follows from them (``number.age``), ``today``."""
    names = {TODAY: NamedValue("今天", ValueKind.DATE)}
    for one in fields:
        if one.kind != ValueKind.EMPTY:
            names[one.name] = one.named()
            names |= {f"{one.name}.{member}": value for member, value in one.members().items()}
    return names


def make_plan(fields: Sequence[BaseField]) -> Plan:
    """Check every expression of a form. ``faults``: (field, attribute, what is wrong in Chinese)."""
    planner = _Planner(fields)
    planned = {one.name: planner.planned(one) for one in fields}
    order = planner.ordered(planned)
    if sum(one.loops for one in planner.checked) > MOST_LOOPS:
        planner.faults.append((fields[0].name, "expression", f"整张表单最多 {MOST_LOOPS} 处逐行计算，请减少一些。"))
    conditions = [
        one for group in planned.values() for cell in group.cells for one in (cell.visible, cell.required) if one
    ]
    if len(conditions) > MOST_CELL_CONDITIONS:
        said = f"整张表单的明细里最多 {MOST_CELL_CONDITIONS} 个条件，现在有 {len(conditions)} 个，请减少一些。"
        planner.faults.append((fields[0].name, "visible_when", said))
    return Plan(planner.names, tuple(planned[name] for name in order), tuple(planner.faults), tuple(planner.circles))


class _Planner:
    def __init__(self, fields: Sequence[BaseField]) -> None:
        self.names = names_of(fields)
        self.faults: list[tuple[str, str, str]] = []
        self.circles: list[tuple[str, str, str]] = []
        self.checked: list[Checked] = []

    def planned(self, one: BaseField) -> PlannedField:
        return self._planned(one, self.names)

    def _planned(self, one: BaseField, names: Mapping[str, NamedValue]) -> PlannedField:
        """``names``: what its expressions may call."""
        return PlannedField(
            one,
            visible=self._check(one, "visible_when", one.visible_when, _YES_NO, names),
            required=self._check(one, "required_when", one.required_when, _YES_NO, names),
            computed=self._computed(one, names) if isinstance(one, ComputedField) else None,
            cells=self._cells(one) if isinstance(one, GroupField) else (),
            numbers=_numbers(one),
        )

    def _computed(self, one: ComputedField, names: Mapping[str, NamedValue]) -> Checked | None:
        wanted = (one.result_kind, ValueKind.DATE) if one.result == "text" else (one.result_kind,)
        return self._check(one, "expression", one.expression, wanted, names)

    def _cells(self, group: GroupField) -> tuple[PlannedField, ...]:
        above = {name: one for name, one in self.names.items() if name.split(".")[0] != group.name}
        names = above | names_of(group.cells)
        found = {cell.name: self._planned(cell, names) for cell in group.cells}
        order = self.ordered(found)
        return tuple(one for one in (found[name] for name in order) if one.expressions)

    def _check(
        self, one: BaseField, attribute: str, text: str, wanted: Sequence[ValueKind], names: Mapping[str, NamedValue]
    ) -> Checked | None:
        if not text.strip():
            return None
        try:
            checked = check_expression(text, names, wanted=wanted, is_hinting=len(self.faults) < MOST_FAULTS)
        except ExpressionFault as fault:
            self.faults.append((one.name, attribute, f"“{one.label}”：{fault.message}"))
            return None
        self.checked.append(checked)
        return checked

    def ordered(self, planned: Mapping[str, PlannedField]) -> list[str]:
        """What is read stands first; a circle is a fault that names all of it."""
        reads = {name: _reads(one) for name, one in planned.items()}
        order: list[str] = []
        done: set[str] = set()
        for start in reads:
            self._visit(start, reads, planned, order, done)
        return order

    def _visit(
        self,
        start: str,
        reads: Mapping[str, Collection[str]],
        planned: Mapping[str, PlannedField],
        order: list[str],
        done: set[str],
    ) -> None:
        # without recursion: a chain may be as long as the form
        path: dict[str, list[str]] = {}
        if start in done:
            return
        path[start] = sorted(reads[start])
        while path:
            name = next(reversed(path))
            waiting = path[name]
            if not waiting:
                path.pop(name)
                done.add(name)
                order.append(name)
                continue
            read = waiting.pop(0)
            if read in path:
                names = list(path)
                circle = [*names[names.index(read) :], read]
                said = " → ".join(planned[one].field.label for one in circle)
                fault = (*_reading(planned[read], circle[1]), f"条件或者计算绕成了圈：{said}。请断开其中一处。")
                self.faults.append(fault)
                self.circles.append(fault)
            elif read in reads and read not in done:
                path[read] = sorted(reads[read])


def _reads(planned: PlannedField) -> set[str]:
    """Fields on whose values its own value depends. Whether it is required changes nothing of them."""
    checked = [planned.visible, planned.computed, *(one for cell in planned.cells for one in cell.expressions)]
    own = {cell.name for cell in planned.field.cells} if isinstance(planned.field, GroupField) else set()
    return _owners(name for one in checked if one for name in one.reads) - own


def _reading(planned: PlannedField, name: str) -> tuple[str, str]:
    """Which field, or cell of its lines, reads that name, and by which attribute."""
    for one in (planned, *planned.cells):
        for attribute, checked in (("expression", one.computed), ("visible_when", one.visible)):
            if checked and name in _owners(checked.reads):
                return one.field.name, attribute
    by_condition = (one.field.name for one in planned.cells if one.required and name in _owners(one.required.reads))
    return next(by_condition, planned.field.name), "required_when"


def _numbers(one: BaseField) -> frozenset[str]:
    return frozenset(member for member, value in one.members().items() if value.kind == ValueKind.NUMBER)


def _owners(names: Iterable[str]) -> set[str]:
    return {name.split(".")[0] for name in names} - {TODAY}


@dataclass(slots=True)
class _Work:
    context: FillingContext
    known: dict[str, Any]
    visible: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    shown: dict[str, Value] = field(default_factory=dict)
    derived: dict[str, Value] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def take(self, planned: PlannedField, value: Value) -> None:
        one = planned.field
        if planned.visible and not is_true(planned.visible, self.known):
            # an invisible value is an empty one wherever it is asked for
            self.known[one.name] = [] if one.kind in {ValueKind.LINES, ValueKind.TEXTS} else None
            return
        self.visible.add(one.name)
        if one.required or (planned.required and is_true(planned.required, self.known)):
            self.required.add(one.name)
        if isinstance(one, ComputedField):
            value = self._computed(one, planned.computed, self.known, one.name)
        elif planned.cells:
            self._look_at_new_line(planned)
            value = value and [self._line(planned, line, place) for place, line in enumerate(value)]
        if one.kind == ValueKind.EMPTY:
            return
        self.known[one.name] = one.expressed(value)
        if value is not None:
            self.shown[one.name] = value
            self._derive(planned, value)

    def _derive(self, planned: PlannedField, value: Value) -> None:
        for member, derived in planned.field.derived(value, self.context).items():
            name = f"{planned.field.name}.{member}"
            self.derived[name] = derived
            self.known[variable(name)] = float(derived) if member in planned.numbers else derived

    def _look_at_new_line(self, planned: PlannedField) -> None:
        """What a page shows of a line that nobody has begun; what cannot be computed in it is no fault yet."""
        if any(cell.visible or cell.required for cell in planned.cells):
            found = len(self.faults)
            self._line(planned, {}, NEW_LINE)
            del self.faults[found:]

    def _line(self, planned: PlannedField, line: Mapping[str, Value], place: int | str) -> dict[str, Value]:
        group = planned.field
        assert isinstance(group, GroupField)  # noqa: S101 - only groups have cells
        found = dict(line)
        known = ChainMap[str, Any]({}, self.known)
        for cell in group.cells:
            value = line.get(cell.name)
            known[cell.name] = cell.expressed(value)
            for member, derived in (cell.derived(value, self.context) if value is not None else {}).items():
                is_number = member in _numbers(cell)
                known[variable(f"{cell.name}.{member}")] = float(derived) if is_number else derived
        for one in planned.cells:
            self._take_cell(one, group, place, found, known)
        return found

    def _take_cell(
        self,
        planned: PlannedField,
        group: GroupField,
        place: int | str,
        found: dict[str, Value],
        known: ChainMap[str, Any],
    ) -> None:
        """``found``: the line as it is shown; ``known``: what is known in it."""
        cell, where = planned.field, group.place_of(place, planned.field)
        if planned.visible and not is_true(planned.visible, known):
            self.hidden.add(where)
            found.pop(cell.name, None)
            known[cell.name] = [] if cell.kind == ValueKind.TEXTS else None
            for member in cell.members():
                known.maps[0].pop(variable(f"{cell.name}.{member}"), None)
            return
        if planned.required and is_true(planned.required, known):
            self.required.add(where)
        if isinstance(cell, ComputedField):
            value = self._computed(cell, planned.computed, known, where)
            known[cell.name] = cell.expressed(value)
            if value is not None:
                found[cell.name] = value

    def _computed(self, one: ComputedField, checked: Checked | None, known: Mapping[str, Any], where: str) -> Value:
        try:
            return one.kept(work_out(checked, known)) if checked else None
        except ExpressionFault as fault:
            self.faults.append(Fault(where, f"“{one.label}”：{fault.message}"))
            return None


def work_through(plan: Plan, values: Mapping[str, Value], context: FillingContext) -> WorkedForm:
    """Everything that follows from the values, in one pass."""
    work = _worked(plan, values, context)
    return WorkedForm(
        frozenset(work.visible),
        frozenset(work.required),
        frozenset(work.hidden),
        work.shown,
        work.derived,
        dict(_remarks(plan, work)),
        tuple(work.faults),
    )


def _remarks(plan: Plan, work: _Work) -> Iterator[tuple[str, str]]:
    for one in (planned.field for planned in plan.order):
        value = work.shown.get(one.name)
        if value is None:
            continue
        if said := one.remark(value, work.shown, work.context):
            yield one.name, said
        if isinstance(one, GroupField):
            for place, line in enumerate(value):
                for cell in one.cells:
                    beside = ChainMap(line, work.shown)
                    if cell.name in line and (said := cell.remark(line[cell.name], beside, work.context)):
                        yield one.place_of(place, cell), said


def known_values(plan: Plan, values: Mapping[str, Value], context: FillingContext) -> Mapping[str, Any]:
    """What expressions get for each name."""
    return _worked(plan, values, context).known


def _worked(plan: Plan, values: Mapping[str, Value], context: FillingContext) -> _Work:
    work = _Work(context, {TODAY: context.today.isoformat()})
    for planned in plan.order:
        work.take(planned, values.get(planned.field.name))
    return work
