"""Take back lines that were carried out, as long as nothing has been built on them."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import LONGEST_SHORT_REASON, clean_reason
from foundation.errors import Conflict, NotFound
from foundation.events.operations import emit_event
from province.audit.operations import record_act
from province.halls.events import DIVISIONS_CHANGED
from province.halls.models import CodeMove, Division, DivisionChange, DivisionCode, DivisionPlan, Hall
from province.halls.models.division_plans import CHANGES_ONE
from province.halls.operations.divisions import lock_divisions
from province.halls.operations.halls import touch_halls
from province.halls.operations.plans import renew_prefixes
from province.halls.queries.dependencies import words_of
from province.halls.states import CHANGE_TRANSITIONS, PLAN_TRANSITIONS, ChangeState, PlanState
from province.rights.actors import Actor
from province.rights.queries import require
from standards.numbers.divisions import PSEUDO_NAMES, parent_of, prefix_of_code

Kind = DivisionChange.Kind


@transaction.atomic
def undo_changes(*, by: Actor, plan: DivisionPlan, change_ids: Collection[UUID], reason: str) -> int:
    """Take these lines back, all of them or none; returns how many. Each is postponed afterwards, with the reason.

    What was wrong is as if it had not been: a code that a place bore by mistake is no longer its own, and its hall no
    longer answers to it. Raises Conflict where something has been built on a line: a hall was opened in the new
    division, others were carried out below it, its former code is somebody else's, or a later file changed it again.
    """
    require(by, "halls.manage")
    why = clean_reason(reason, ask="请写明为什么撤回。", most=LONGEST_SHORT_REASON - 4, is_line=True)
    lock_divisions()
    held = DivisionPlan.objects.select_for_update().get(pk=plan.pk)
    lines = list(held.changes.select_for_update(of=("self",)).filter(pk__in=change_ids).order_by("pk"))
    if len(lines) != len(set(change_ids)):
        raise NotFound("这份区划变更里没有这一项。")
    for line in lines:
        CHANGE_TRANSITIONS.check(line.state, ChangeState.POSTPONED)
        if line.state != ChangeState.APPLIED:
            message = f"{words_of(line)}还没有生效，不用撤回。"
            raise Conflict(message)
    undoing = _Undoing(lines)
    undoing.carry_out()
    now = timezone.now()
    for line in lines:
        line.state, line.applied_at, line.moved_hall = ChangeState.POSTPONED, None, None
        line.reason, line.decided_at = f"已撤回：{why}", now
        line.decided_by_id, line.decided_by_name = by.id, by.shown_name[:80]
        line.revision += 1
        line.save()
    if held.state == PlanState.APPLIED:
        PLAN_TRANSITIONS.check(held.state, PlanState.DRAFT)
        held.state = PlanState.DRAFT
        held.save(update_fields=["state"])
    run = uuid4()
    CodeMove.objects.bulk_create(_moves_back(run, lines, undoing.moved_back))
    emit_event(kind=DIVISIONS_CHANGED, subject_id=run)
    record_act(
        by=by,
        act="halls.undo_changes",
        object_type="division_plan",
        object_id=held.pk,
        changes={"undone": [words_of(line) for line in lines[:50]], "count": len(lines), "reason": why},
    )
    return len(lines)


def _moves_back(run: UUID, lines: Sequence[DivisionChange], moved_back: Collection[UUID]) -> list[CodeMove]:
    """What was bound to the codes goes the way back: of a merged place all that came along with its hall."""
    return [
        CodeMove(
            run=run,
            change=line,
            division_id=line.division_id,
            kind=Kind.RECODE if line.pk in moved_back else line.kind,
            old_code=line.new_code,
            new_code=line.old_code,
            is_undone=True,
        )
        for line in lines
    ]


class _Undoing:
    """First everything makes room, then everything goes back to its place: codes may have passed in a ring."""

    def __init__(self, lines: Sequence[DivisionChange]) -> None:
        # what was carried out last goes back first: of merges in a row, each takes along the codes of those before
        self.lines = sorted(lines, key=lambda line: (line.applied_at or line.created_at, line.pk), reverse=True)
        # lines of merges whose hall goes back
        self.moved_back: set[UUID] = set()
        self.concerned: set[UUID] = set()
        # new divisions that are none any more
        self.ended: set[UUID] = set()
        self.today = timezone.localdate()

    def carry_out(self) -> None:
        for line in self.lines:
            if line.kind in (Kind.RENAME, Kind.RECODE):
                self._vacate(line)
            elif line.kind in (Kind.ADD, Kind.SPLIT):
                self._end_new(line)
        for line in self.lines:
            if line.kind in CHANGES_ONE:
                self._return(line)
        self._check()
        renewed = renew_prefixes(self.concerned)
        halls = Hall.objects.filter(division__in=self.concerned).values_list("pk", flat=True)
        touch_halls(list({*renewed, *halls}))

    def _vacate(self, line: DivisionChange) -> None:
        own = _division_of(line)
        if own.valid_to is not None or (own.code, own.name) != (line.new_code, line.new_name):
            message = f"{words_of(line)}后来又有变更，不能撤回这一项；请先撤回后来的那一项。"
            raise Conflict(message)
        own.valid_to = self.today
        own.save(update_fields=["valid_to"])
        DivisionCode.objects.filter(
            division=own, code=line.new_code, name=line.new_name, valid_from=line.plan.effective_on, valid_to=None
        ).delete()

    def _end_new(self, line: DivisionChange) -> None:
        began_on = line.plan.effective_on
        own = Division.objects.filter(code=line.new_code, valid_to=None, valid_from=began_on).first()
        # the code may have passed on to another place since
        if own is None or not own.codes.filter(code=line.new_code, name=line.new_name, valid_from=began_on).exists():
            message = f"{words_of(line)}后来又有变更，不能撤回这一项。"
            raise Conflict(message)
        # nothing is deleted: it was in force for no day
        own.valid_to = own.valid_from
        own.save(update_fields=["valid_to"])
        own.codes.filter(valid_to=None).update(valid_to=own.valid_from)
        self.ended.add(own.pk)

    def _return(self, line: DivisionChange) -> None:
        own = _division_of(line)
        if own.valid_to is None or own.code not in (line.old_code, line.new_code):
            message = f"{words_of(line)}后来又有变更，不能撤回这一项。"
            raise Conflict(message)
        if holder := Division.objects.filter(code=line.old_code, valid_to=None).first():
            message = f"原代码 {line.old_code} 现在是{holder.name}的，请先撤回那一项。"
            raise Conflict(message)
        if line.kind == Kind.MERGE:
            self._part(line, own)
        own.code, own.name, own.valid_to, own.merged_into = line.old_code, line.old_name, None, None
        own.is_government = line.old_name not in PSEUDO_NAMES
        own.save()
        # its copies elsewhere keep their end
        former = own.codes.filter(code=line.old_code, name=line.old_name).order_by("-valid_from", "-pk").first()
        if former is not None:
            former.valid_to = None
            former.save(update_fields=["valid_to"])
        self.concerned.add(own.pk)

    def _part(self, line: DivisionChange, own: Division) -> None:
        heir = own.merged_into
        if heir is None:
            return
        # one that comes back, or ends, with this very act is no obstacle
        concerned = {*self.ended, *(line.division_id for line in self.lines)}
        if heir.valid_to is not None and heir.pk not in concerned:
            message = f"{heir.name}后来也有变更，请先撤回那一项。"
            raise Conflict(message)
        self.concerned.add(heir.pk)
        if line.moved_hall_id:
            moved = Hall.objects.filter(pk=line.moved_hall_id, division=heir).first()
            if moved is None:
                message = f"{words_of(line)}的服务厅后来又随区划变更，请先撤回后来的那一项。"
                raise Conflict(message)
            moved.division = own
            moved.save(update_fields=["division"])
            self.moved_back.add(line.pk)
        for code in own.codes.all():
            copy = heir.codes.filter(code=code.code, name=code.name, valid_from=code.valid_from, valid_to=code.valid_to)
            if first := copy.first():
                first.delete()

    def _check(self) -> None:
        """After all: nothing is left in, below or merged into what is not in force."""
        self._stand_below_parents()
        if hall := Hall.objects.filter(division__in=self.ended).select_related("division").first():
            message = f"{hall.division.name}已经开通服务厅，不能撤回它的设立；请先停用服务厅，或者按撤销办理。"
            raise Conflict(message)
        if found := Division.objects.filter(merged_into__in=self.ended).first():
            message = f"{found.name}已经并入它，请先撤回那一项。"
            raise Conflict(message)
        if found := Division.objects.filter(valid_to=None, parent__in=self.ended).first():
            raise Conflict(_left_below(found))
        for line in self.lines:
            if line.kind == Kind.RECODE and (found := self._left_at(line)):
                raise Conflict(_left_below(found))

    def _left_at(self, line: DivisionChange) -> Division | None:
        """What stands below the code that was a mistake."""
        wrong, right = prefix_of_code(line.new_code), prefix_of_code(line.old_code)
        below = Division.objects.filter(parent=line.division_id, valid_to=None, code__startswith=wrong)
        return below.exclude(code__startswith=right).first()

    def _stand_below_parents(self) -> None:
        for line in self.lines:
            if line.kind in CHANGES_ONE and (code := parent_of(line.old_code)):
                above = Division.objects.filter(code=code, valid_to=None).first()
                if above is None:
                    message = f"{words_of(line)}原来的上级 {code} 现在没有区划，请先撤回上级的那一项。"
                    raise Conflict(message)
                Division.objects.filter(pk=_division_of(line).pk).update(parent=above)


def _division_of(line: DivisionChange) -> Division:
    """As it stands in the database now. Raises NotFound for a line that is of none."""
    found = Division.objects.filter(pk=line.division_id).first() if line.division_id else None
    if found is None:
        raise NotFound("这一项没有对应的区划。")
    return found


def _left_below(division: Division) -> str:
    return f"下辖的{division.name}（{division.code}）也已生效，请一并撤回。"
