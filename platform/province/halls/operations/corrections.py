"""What a correction of a line means for the lines beside it: each code of the file belongs to exactly one of them."""

from dataclasses import dataclass

from django.db.models import F

from foundation.errors import Conflict, Invalid
from foundation.text_encoding import is_plain
from province.halls.models import Division, DivisionChange
from province.halls.models.division_plans import CHANGES_ONE, FREES_A_CODE, MAKES_A_CODE
from province.halls.queries.division_files import LONGEST_NAME
from province.halls.states import DECIDED, UNDECIDED, ChangeState
from standards.numbers.divisions import fault_of_code, level_of, parent_of

Kind = DivisionChange.Kind
_OPEN = (*UNDECIDED, *DECIDED)
OF_A_DIVISION = (*CHANGES_ONE, Kind.KEEP)
OF_A_NEW_CODE = (Kind.ADD, Kind.SPLIT, Kind.KEEP)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a line really is. ``code``: the new code (recode), the place that took it in (merge), or that it was split
    from (split). ``name``: the new name (rename, recode, add); "" for that of the file."""

    kind: str
    code: str = ""
    name: str = ""


def release(line: DivisionChange) -> None:
    """Take back what an earlier correction of this line did to others. Raises Conflict where one of those has been
    decided since."""
    line.took.update(state=ChangeState.PROPOSED, taken_by=None, revision=F("revision") + 1)
    for left in line.left_over.select_for_update():
        if left.state not in UNDECIDED:
            message = f"请先撤回对{left.new_name}（{left.new_code}）的决定：它是更正这一项时多出来的。"
            raise Conflict(message)
        left.delete()


def restore_guess(line: DivisionChange) -> None:
    """As the file was read. The caller saves."""
    line.kind, line.new_code, line.new_name = line.guessed_kind, line.guessed_code, line.guessed_name
    if not line.is_of_a_division:
        _write_origin(line, line.guessed_origin)


def write_correction(line: DivisionChange, wish: Wish) -> None:
    """What the line is instead of the guess; the caller saves. Raises Invalid for what cannot be."""
    allowed = OF_A_DIVISION if line.is_of_a_division else OF_A_NEW_CODE
    if wish.kind not in allowed:
        raise Invalid.at("kind", "这一项不能改成这种变更。")
    if wish.name and (len(wish.name) > LONGEST_NAME or not is_plain(wish.name)):
        message = f"名称最多 {LONGEST_NAME} 个字，不能有控制字符。"
        raise Invalid.at("name", message)
    line.kind = Kind(wish.kind)
    match line.kind:
        case Kind.RENAME:
            _rename(line, wish)
        case Kind.RECODE:
            _recode(line, wish)
        case Kind.MERGE:
            line.new_code, line.new_name = wish.code, _heir_name(line, wish.code)
        case Kind.SPLIT:
            _write_origin(line, _origin(line, wish.code))
        case Kind.ADD:
            _write_origin(line, None)
            line.new_name = wish.name or line.guessed_name
        case Kind.REMOVE:
            line.new_code = line.new_name = ""
        case Kind.KEEP if line.is_of_a_division:
            line.new_code, line.new_name = line.old_code, line.old_name
    _leave_over(line)


def _rename(line: DivisionChange, wish: Wish) -> None:
    if not wish.name or wish.name == line.old_name:
        raise Invalid.at("name", "请填写新名称。")
    line.new_code, line.new_name = line.old_code, wish.name


def _recode(line: DivisionChange, wish: Wish) -> None:
    if fault := fault_of_code(wish.code):
        raise Invalid.at("code", fault)
    if level_of(wish.code) != level_of(line.old_code):
        raise Invalid.at("code", "新代码与原代码不是同一层级。")
    if wish.code == line.old_code:
        raise Invalid.at("code", "新代码与原代码相同；只改名称请选“更名”。")
    parent = parent_of(wish.code)
    if not _in_force(parent) and not _makers(line, parent):
        message = f"新代码的上级 {parent} 不是现行区划，也不在这份变更里。"
        raise Invalid.at("code", message)
    holder = _in_force(wish.code)
    if holder and not line.plan.changes.filter(division=holder, kind__in=FREES_A_CODE, state__in=_OPEN).exists():
        message = f"代码 {wish.code} 现在是{holder.name}的。"
        raise Invalid.at("code", message)
    line.new_code, line.new_name = wish.code, wish.name or line.old_name
    for other in _makers(line, wish.code):
        if other.kind == Kind.RECODE:
            message = f"{other.old_name}（{other.old_code}）也要用代码 {wish.code}，请先更正那一项。"
            raise Invalid.at("code", message)
        if other.state not in UNDECIDED:
            message = f"{other.new_name}（{wish.code}）已经另有决定，请先撤回那一项的决定。"
            raise Invalid.at("code", message)
        line.new_name = wish.name or other.new_name
        other.state, other.taken_by = ChangeState.TAKEN, line
        other.revision += 1
        other.save(update_fields=["state", "taken_by", "revision"])


def _heir_name(line: DivisionChange, code: str) -> str:
    """The name of the place that takes it in. Raises Invalid where that is none, or ends itself."""
    if fault := fault_of_code(code):
        raise Invalid.at("code", fault)
    if level_of(code) != level_of(line.old_code):
        raise Invalid.at("code", "只能并入同一层级的区划。")
    if makers := _makers(line, code):
        return makers[0].new_name
    heir = _in_force(code)
    if heir is None or heir.pk == line.division_id:
        raise Invalid.at("code", "请填写并入的区划现行的代码，或者这份变更里的新代码。")
    if line.plan.changes.filter(division=heir, kind__in=FREES_A_CODE, state__in=_OPEN).exists():
        message = f"{heir.name}自己也要撤并或者变更代码，请填写它变更以后的代码。"
        raise Invalid.at("code", message)
    return heir.name


def _origin(line: DivisionChange, code: str) -> Division:
    known = line.plan.changes.filter(old_code=code).exclude(division=None).select_related("division").first()
    found = _in_force(code) or (known.division if known else None)
    if found is None or found.level != level_of(line.new_code):
        raise Invalid.at("code", "请填写同一层级的区划现行的代码：它是从哪里分出来的。")
    return found


def _write_origin(line: DivisionChange, origin: Division | None) -> None:
    line.division = origin
    line.old_code, line.old_name = (origin.code, origin.name) if origin else ("", "")


def _leave_over(line: DivisionChange) -> None:
    """The file's code of a division that is something else becomes a line of its own: none is lost."""
    if not line.is_of_a_division or line.guessed_kind not in (Kind.RECODE, Kind.RENAME):
        return
    is_kept = line.new_code == line.guessed_code and line.kind in (Kind.RECODE, Kind.RENAME, Kind.KEEP)
    if is_kept or _makers(line, line.guessed_code):
        return
    DivisionChange.objects.create(
        plan=line.plan,
        kind=Kind.ADD,
        guessed_kind=Kind.ADD,
        new_code=line.guessed_code,
        new_name=line.guessed_name,
        guessed_code=line.guessed_code,
        guessed_name=line.guessed_name,
        note=f"更正“{line.old_name}”以后，文件里的这个代码还没有去向"[:200],
        left_by=line,
    )


def _in_force(code: str) -> Division | None:
    return Division.objects.filter(code=code, valid_to=None).first()


def _makers(line: DivisionChange, code: str) -> list[DivisionChange]:
    """Other open lines after which the code is in force."""
    return list(line.plan.changes.filter(new_code=code, kind__in=MAKES_A_CODE, state__in=_OPEN).exclude(pk=line.pk))
