"""What a new file of divisions means against those in force: which place is which, though codes and names moved.

A file says only ``code,name``. The reading goes from the top down, so that a place whose parent got another code is
known again by its name below the same parent; what stays unknown is told from where its children went. Every guess
says in ``note`` why it was made, and nothing is applied before somebody has confirmed it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from province.halls.models import DivisionChange
from province.halls.queries.division_files import DivisionRow
from standards.numbers.divisions import PREFIX_LENGTH

Kind = DivisionChange.Kind

LEAST_STEM = 2
_LEVELS = tuple(PREFIX_LENGTH)
# what follows the name proper; the longest first
_SUFFIX = re.compile(
    r"(?:社区居民委员会|社区居委会|居民委员会|村民委员会|街道办事处|自治县|村委会|居委会|地区|社区|街道|县|市|区|镇|乡|村)\Z"
)


@dataclass(frozen=True, slots=True)
class Present:
    """A division in force."""

    id: UUID
    code: str
    name: str
    level: str
    parent: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One line of a plan before it is kept; the fields are DivisionChange's."""

    kind: str
    division_id: UUID | None
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    note: str = ""


def stem_of(name: str) -> str:
    """The name without the word for its kind: 枝江 for 枝江县 and 枝江市. A name that would be left too short stays."""
    stem = _SUFFIX.sub("", name)
    return stem if len(stem) >= LEAST_STEM else name


def division_changes(present: Iterable[Present], rows: Iterable[DivisionRow]) -> list[CodeChange]:
    """The changes that lead from the present to the file, from the top level down."""
    return _Comparison(list(present), list(rows)).changes()


@dataclass(slots=True)
class _Comparison:
    present: list[Present]
    rows: list[DivisionRow]
    # present code -> the row that is the same place, and why it is thought so
    matched: dict[str, tuple[DivisionRow, str]] = field(default_factory=dict)
    # present code of a parent -> how many of its children went below which code of the file
    moves: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    # code in the file of a parent -> from below which present code its children came
    origins: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    row_of: dict[str, DivisionRow] = field(default_factory=dict)
    present_of: dict[str, Present] = field(default_factory=dict)

    def changes(self) -> list[CodeChange]:
        self.row_of = {row.code: row for row in self.rows}
        self.present_of = {one.code: one for one in self.present}
        for level in _LEVELS:
            self._match_level(
                [one for one in self.present if one.level == level], [row for row in self.rows if row.level == level]
            )
        for code, (row, _) in self.matched.items():
            parent = self.present_of[code].parent
            self.moves[parent][row.parent] += 1
            self.origins[row.parent][parent] += 1
        taken = {row.code for row, _ in self.matched.values()}
        gone = [one for one in self.present if one.code not in self.matched]
        added = [row for row in self.rows if row.code not in taken]
        return [*self._additions(added, gone), *self._kept_changes(), *self._endings(gone, added)]

    # -- which place is which

    def _match_level(self, old: list[Present], new: list[DivisionRow]) -> None:
        self._match_same_code(old, new)
        self._match_by(
            old,
            new,
            lambda one: (self._parent_now(one), one.name),
            lambda row: (row.parent, row.name),
            "同名，同一上级，代码变更",
        )
        self._match_by(
            old,
            new,
            lambda one: (self._parent_now(one), stem_of(one.name)),
            lambda row: (row.parent, stem_of(row.name)),
            "同一上级，只有类别的叫法不同，代码变更",
        )
        self._match_by(
            old,
            new,
            lambda one: (self._above_parent_now(one), one.name),
            lambda row: (self._above(row.parent), row.name),
            "同名，改属{parent}",
        )
        self._match_where_siblings_went(old, new)
        self._match_by(old, new, lambda one: one.code, lambda row: row.code, "代码未变")

    def _match_same_code(self, old: list[Present], new: list[DivisionRow]) -> None:
        """Match by code, unless the old name turns up below the same parent under another code."""
        names_below: dict[str, set[str]] = defaultdict(set)
        for row in new:
            names_below[row.parent].add(row.name)
        for one in old:
            same = self.row_of.get(one.code)
            if same is None or same.level != one.level:
                continue
            was_given_away = same.name != one.name and one.name in names_below[self._parent_now(one)]
            if not was_given_away:
                self.matched[one.code] = same, ""

    def _match_by(
        self,
        old: list[Present],
        new: list[DivisionRow],
        key_of_old: Callable[[Present], Hashable],
        key_of_new: Callable[[DivisionRow], Hashable],
        note: str,
    ) -> None:
        """Match what is the only one on both sides to have its key."""
        taken = {row.code for row, _ in self.matched.values()}
        free_old: dict[Hashable, list[Present]] = defaultdict(list)
        free_new: dict[Hashable, list[DivisionRow]] = defaultdict(list)
        for one in old:
            if one.code not in self.matched:
                free_old[key_of_old(one)].append(one)
        for row in new:
            if row.code not in taken:
                free_new[key_of_new(row)].append(row)
        for key, ones in free_old.items():
            found = free_new.get(key, [])
            if len(ones) == len(found) == 1:
                self.matched[ones[0].code] = found[0], note.format(parent=self._name_of(found[0].parent))

    def _match_where_siblings_went(self, old: list[Present], new: list[DivisionRow]) -> None:
        """A name that is common in a county (新村) belongs where the other places of its parent went."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for one in old:
            if match := self.matched.get(one.code):
                votes[one.parent][match[0].parent] += 1
        destination = {parent: went.most_common(1)[0][0] for parent, went in votes.items()}
        self._match_by(
            old,
            new,
            lambda one: (destination.get(one.parent), one.name),
            lambda row: (row.parent, row.name),
            "同名，随同一上级的其他区划改属{parent}",
        )

    def _parent_now(self, one: Present) -> str:
        """Its parent's code in the file; its own where the parent is above the file or gone."""
        match = self.matched.get(one.parent)
        return match[0].code if match else one.parent

    def _above_parent_now(self, one: Present) -> str:
        parent = self.present_of.get(one.parent)
        return self._parent_now(parent) if parent else ""

    def _above(self, code: str) -> str:
        row = self.row_of.get(code)
        return row.parent if row else ""

    def _name_of(self, code: str) -> str:
        row = self.row_of.get(code)
        return row.name if row else code

    # -- what it means

    def _kept_changes(self) -> Iterator[CodeChange]:
        for code in sorted(self.matched):
            row, note = self.matched[code]
            one = self.present_of[code]
            if row.code != one.code:
                yield self._change(Kind.RECODE, one, row, note)
            elif row.name != one.name:
                yield self._change(Kind.RENAME, one, row, "代码未变")

    def _additions(self, added: Sequence[DivisionRow], gone: Sequence[Present]) -> Iterator[CodeChange]:
        pieces = self._pieces(added, gone)
        for row in sorted(added, key=lambda one: one.code):
            origin, share = self._most(self.origins.get(row.code))
            # a parent that itself became this row would have been matched: here it lives on elsewhere, or ended
            if one := self.present_of.get(origin):
                if origin in self.matched:
                    note = f"下辖的 {share} 个区划原属{one.name}"
                    yield self._change(Kind.SPLIT, one, row, note)
                    continue
            elif one := pieces.get(row.code):
                yield self._change(Kind.SPLIT, one, row, f"名称都以“{stem_of(one.name)}”开头，原区划不再出现")
                continue
            yield CodeChange(Kind.ADD, None, "", "", row.code, row.name, "")

    def _pieces(self, added: Sequence[DivisionRow], gone: Sequence[Present]) -> dict[str, Present]:
        """Code of a new place -> the one that ended and whose name it and at least one other bear further."""
        below: dict[str, list[DivisionRow]] = defaultdict(list)
        for row in added:
            below[row.parent].append(row)
        found: dict[str, Present] = {}
        for one in gone:
            heirs = [row for row in below[self._parent_now(one)] if row.name.startswith(stem_of(one.name))]
            if len(heirs) > 1:
                found |= dict.fromkeys((row.code for row in heirs), one)
        return found

    def _endings(self, gone: Sequence[Present], added: Sequence[DivisionRow]) -> Iterator[CodeChange]:
        newly_named = {row.code for row in added} | {
            row.code for code, (row, _) in self.matched.items() if row.name != self.present_of[code].name
        }
        siblings: dict[str, list[DivisionRow]] = defaultdict(list)
        for row in self.rows:
            if row.code in newly_named:
                siblings[row.parent].append(row)
        for one in sorted(gone, key=lambda one: one.code):
            target, share = self._most(self.moves.get(one.code))
            if target in self.row_of and self.row_of[target].level == one.level:
                yield self._change(
                    Kind.MERGE, one, self.row_of[target], f"下辖的 {share} 个区划改属{self._name_of(target)}"
                )
                continue
            heirs = [row for row in siblings[self._parent_now(one)] if stem_of(one.name) in row.name]
            if len(heirs) == 1:
                yield self._change(Kind.MERGE, one, heirs[0], f"“{heirs[0].name}”的名称含有“{stem_of(one.name)}”")
            else:
                yield CodeChange(Kind.REMOVE, one.id, one.code, one.name, "", "", "文件里不再出现，请核对它的去向")

    @staticmethod
    def _most(counted: Counter[str] | None) -> tuple[str, int]:
        return counted.most_common(1)[0] if counted else ("", 0)

    @staticmethod
    def _change(kind: str, one: Present, row: DivisionRow, note: str) -> CodeChange:
        return CodeChange(kind, one.id, one.code, one.name, row.code, row.name, note)
