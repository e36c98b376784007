"""How the lines of a plan hang together: which must be carried out before or with another, and what stands in the way.

Nothing of it is kept: it follows from what is in force and from what is decided, whenever it is asked for.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from province.halls.models import Division, DivisionChange, DivisionPlan
from province.halls.models.division_plans import CHANGES_ONE, FREES_A_CODE, MAKES_A_CODE
from province.halls.states import DECIDED, UNDECIDED
from standards.numbers.divisions import parent_of

Kind = DivisionChange.Kind
_ENDS = frozenset({Kind.MERGE, Kind.REMOVE})


class OpenLine(NamedTuple):
    """A line that is neither carried out nor given up."""

    id: UUID
    state: str
    kind: str
    division_id: UUID | None
    old_code: str
    old_name: str
    new_code: str
    new_name: str


def words_of(line: DivisionChange | OpenLine) -> str:
    """The line's name in a sentence."""
    return f"{line.old_name or line.new_name}（{line.old_code or line.new_code}）"


class _Place(NamedTuple):
    id: UUID
    code: str
    name: str
    parent_id: UUID | None


@dataclass(slots=True)
class Dependencies:
    """``needs``: line -> lines without which it cannot be carried out. ``obstacles``: line -> why it cannot be at all
    as it is. ``group_of``: line -> those that are decided best together, itself among them."""

    lines: dict[UUID, OpenLine]
    needs: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    obstacles: dict[UUID, str] = field(default_factory=dict)
    group_of: dict[UUID, list[UUID]] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: DivisionPlan) -> "Dependencies":
        """Some four queries, whatever the number of lines."""
        rows = DivisionChange.objects.filter(plan=plan, state__in=(*UNDECIDED, *DECIDED)).order_by("pk")
        found = [OpenLine(*row) for row in rows.values_list(*OpenLine._fields)]
        self = cls({line.id: line for line in found})
        _Reading(self).read()
        self._group()
        return self

    def ready(self, only: Collection[UUID] | None = None) -> set[UUID]:
        """The decided lines that can be carried out now; of ``only`` those, with nothing that they lack left out."""
        chosen = {
            line.id
            for line in self.lines.values()
            if line.state in DECIDED and line.id not in self.obstacles and (only is None or line.id in only)
        }
        while waiting := {one for one in chosen if not self.needs.get(one, set()) <= chosen}:
            chosen -= waiting
        return chosen

    def whole(self, line_id: UUID) -> set[UUID]:
        """The line with everything that it needs, and what those need."""
        found, beyond = set(), [line_id]
        while beyond:
            one = beyond.pop()
            if one not in found:
                found.add(one)
                beyond.extend(self.needs.get(one, ()))
        return found

    def lacking(self, line_id: UUID) -> str:
        """Why the line, were it decided, could not be carried out; "" where it could."""
        if line_id in self.obstacles:
            return self.obstacles[line_id]
        lacks = [self.lines[one] for one in sorted(self.whole(line_id) - {line_id}) if not self._is_decided(one)]
        if not lacks:
            return ""
        names = "、".join(map(words_of, lacks[:3]))
        return f"要等{names}{f'等 {len(lacks):,} 项' if len(lacks) > 3 else ''}先决定。"  # noqa: PLR2004

    def _is_decided(self, line_id: UUID) -> bool:
        return self.lines[line_id].state in DECIDED and line_id not in self.obstacles

    def _group(self) -> None:
        beside: dict[UUID, set[UUID]] = defaultdict(set)
        for one, others in self.needs.items():
            for other in others:
                beside[one].add(other)
                beside[other].add(one)
        own = {line.division_id: line.id for line in self.lines.values() if line.kind in CHANGES_ONE}
        for line in self.lines.values():
            origin = own.get(line.division_id) if line.kind == Kind.SPLIT else None
            if origin:
                beside[line.id].add(origin)
                beside[origin].add(line.id)
        for one in self.lines:
            if one not in self.group_of:
                members = sorted(_reached(one, beside))
                self.group_of |= dict.fromkeys(members, members)


def _reached(start: UUID, beside: dict[UUID, set[UUID]]) -> Iterator[UUID]:
    seen, beyond = {start}, [start]
    while beyond:
        one = beyond.pop()
        yield one
        new = beside[one] - seen if one in beside else set()
        seen |= new
        beyond.extend(new)


class _Reading:
    """Finds what each line needs, and what stands in its way."""

    def __init__(self, into: Dependencies) -> None:
        self.into = into
        lines = into.lines.values()
        self.own = {line.division_id: line for line in lines if line.kind in CHANGES_ONE}
        self.makers: dict[str, list[OpenLine]] = defaultdict(list)
        for line in lines:
            if line.kind in MAKES_A_CODE:
                self.makers[line.new_code].append(line)
        codes = {code for line in lines for code in (line.new_code, parent_of(line.new_code or "00")) if code}
        self.holders = {place.code: place for place in _places(code__in=codes)}
        subjects = [line.division_id for line in lines if line.kind in CHANGES_ONE]
        self.subjects = {place.id: place for place in _places(pk__in=subjects)}
        ended = [line.division_id for line in lines if line.kind in _ENDS]
        self.children: dict[UUID | None, list[_Place]] = defaultdict(list)
        for place in _places(parent__in=ended):
            self.children[place.parent_id].append(place)

    def read(self) -> None:
        for line in self.into.lines.values():
            for fault in self._faults(line):
                self.into.obstacles.setdefault(line.id, fault)

    def _faults(self, line: OpenLine) -> Iterator[str]:
        if line.kind in CHANGES_ONE:
            place = self.subjects.get(line.division_id) if line.division_id else None
            if place is None or (place.code, place.name) != (line.old_code, line.old_name):
                yield "载入这份文件以后，这个区划又有过变更，请重新决定，或者重新载入文件。"
        if line.kind in MAKES_A_CODE:
            yield from self._faults_of_code(line)
            yield from self._faults_of_parent(line)
        if line.kind == Kind.MERGE:
            yield from self._faults_of_heir(line)
        if line.kind in _ENDS:
            yield from self._faults_of_children(line)

    def _faults_of_code(self, line: OpenLine) -> Iterator[str]:
        if len(self.makers[line.new_code]) > 1:
            other = next(one for one in self.makers[line.new_code] if one.id != line.id)
            yield f"{words_of(other)}也要用代码 {line.new_code}。"
        holder = self.holders.get(line.new_code)
        if holder is None or holder.id == line.division_id:
            return
        freeing = self.own.get(holder.id)
        if freeing is None or freeing.kind not in FREES_A_CODE:
            yield f"代码 {line.new_code} 现在是{holder.name}的。"
        else:
            self.into.needs[line.id].add(freeing.id)

    def _faults_of_parent(self, line: OpenLine) -> Iterator[str]:
        code = parent_of(line.new_code)
        if not code:
            return
        if makers := self.makers.get(code):
            self.into.needs[line.id].update(one.id for one in makers)
            return
        holder = self.holders.get(code)
        if holder is None:
            yield f"上级代码 {code} 现在没有区划。"
        elif (own := self.own.get(holder.id)) and own.kind in FREES_A_CODE:
            yield f"上级{holder.name}自己也要{Kind(own.kind).label}。"

    def _faults_of_heir(self, line: OpenLine) -> Iterator[str]:
        if makers := self.makers.get(line.new_code):
            self.into.needs[line.id].update(one.id for one in makers)
            return
        heir = self.holders.get(line.new_code)
        if heir is None or heir.id == line.division_id:
            yield f"代码 {line.new_code} 现在没有区划，不能并入它。"
        elif (own := self.own.get(heir.id)) and own.kind in FREES_A_CODE:
            yield f"{heir.name}自己也要{Kind(own.kind).label}，不能并入它。"

    def _faults_of_children(self, line: OpenLine) -> Iterator[str]:
        for child in self.children.get(line.division_id, ()):
            own = self.own.get(child.id)
            if own is None or own.kind not in FREES_A_CODE:
                yield f"下辖的{child.name}（{child.code}）还没有去向。"
                return
            self.into.needs[line.id].add(own.id)


def _places(**asked: Iterable[object]) -> Iterator[_Place]:
    rows = Division.objects.filter(valid_to=None, **asked).order_by("code")
    return (_Place(*row) for row in rows.values_list("id", "code", "name", "parent_id"))
