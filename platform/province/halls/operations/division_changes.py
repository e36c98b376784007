"""Decide on the lines of a plan: accept what was guessed, correct it, postpone it, take a decision back."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from foundation.editing.reasons import LONGEST_SHORT_REASON, clean_reason
from foundation.errors import Conflict, Fault, Invalid, NotFound
from province.audit.operations import record_act
from province.halls.models import DivisionChange, DivisionPlan
from province.halls.operations.corrections import Wish, release, restore_guess, write_correction
from province.halls.queries.dependencies import words_of
from province.halls.states import CHANGE_TRANSITIONS, ChangeState, PlanState
from province.rights.actors import Actor
from province.rights.queries import require

_MOST_NAMED = 20


class DecisionAct(StrEnum):
    ACCEPT = "accept"
    CORRECT = "correct"
    POSTPONE = "postpone"
    REOPEN = "reopen"


_STATE_AFTER = {
    DecisionAct.ACCEPT: ChangeState.ACCEPTED,
    DecisionAct.CORRECT: ChangeState.CORRECTED,
    DecisionAct.POSTPONE: ChangeState.POSTPONED,
    DecisionAct.REOPEN: ChangeState.PROPOSED,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """On one line. ``revision``: of the line as it was seen. ``wish``: what a correction says instead of the
    guess. ``reason``: why; a postponement needs one."""

    change_id: UUID
    revision: int
    act: DecisionAct
    wish: Wish | None = None
    reason: str = ""


@transaction.atomic
def decide_changes(*, by: Actor, plan: DivisionPlan, decisions: Sequence[Decision]) -> int:
    """Keep all of these decisions, or none; returns how many. Nothing is carried out by it.

    Raises Conflict where somebody has decided on one of the lines since it was seen, naming who and what, or where it
    is carried out already; Invalid for a correction that cannot be; NotFound for a line of another plan.
    """
    require(by, "halls.manage")
    hold_plan(plan)
    ids = [one.change_id for one in decisions]
    lines = {line.pk: line for line in plan.changes.select_for_update().filter(pk__in=ids).order_by("pk")}
    if len(lines) != len(ids):
        raise NotFound("这份区划变更里没有这一项。")
    _check_seen(lines, decisions)
    as_guessed: dict[tuple[DecisionAct, str], list[UUID]] = defaultdict(list)
    for decision in decisions:
        line = lines[decision.change_id]
        # what nobody has decided is as it was guessed, and touches no other
        if line.state == ChangeState.PROPOSED and decision.act in (DecisionAct.ACCEPT, DecisionAct.POSTPONE):
            as_guessed[decision.act, _reason_of(decision)].append(line.pk)
        else:
            _decide(by, line, decision)
    for (act, reason), chosen in as_guessed.items():
        plan.changes.filter(pk__in=chosen).update(
            state=_STATE_AFTER[act],
            reason=reason,
            revision=F("revision") + 1,
            decided_at=timezone.now(),
            decided_by_id=by.id,
            decided_by_name=by.shown_name[:80],
        )
    counts = Counter(str(one.act) for one in decisions)
    changes = {"decisions": dict(counts)} | ({"reason": decisions[0].reason} if len(decisions) == 1 else {})
    record_act(by=by, act="halls.decide_changes", object_type="division_plan", object_id=plan.pk, changes=changes)
    return len(decisions)


def hold_plan(plan: DivisionPlan) -> DivisionPlan:
    """The plan, locked until the transaction ends: its lines are decided and carried out one act after the other.
    Raises Conflict where it is closed."""
    found = DivisionPlan.objects.select_for_update().get(pk=plan.pk)
    if found.state != PlanState.DRAFT:
        message = f"这份区划变更{found.get_state_display()}，不能再决定。"
        raise Conflict(message)
    return found


def _check_seen(lines: dict[UUID, DivisionChange], decisions: Sequence[Decision]) -> None:
    stale = [lines[one.change_id] for one in decisions if lines[one.change_id].revision != one.revision]
    if stale:
        faults = [Fault(words_of(line), decided_words(line)) for line in stale[:_MOST_NAMED]]
        message = f"您打开页面以后，有 {len(stale):,} 项已经变过，这次没有改动任何一项：{words_of(stale[0])}"
        message += f"，{decided_words(stale[0])}"
        raise Conflict(message, faults=faults)


def decided_words(line: DivisionChange) -> str:
    """What was decided on the line, by whom and when."""
    if line.decided_at is None:
        return f"现在是“{line.get_state_display()}”。"
    when = timezone.localtime(line.decided_at)
    result = f"{line.get_state_display()}，{line.get_kind_display()}"
    return f"{line.decided_by_name}在 {when:%Y-%m-%d %H:%M} 决定：{result}。"


def _decide(by: Actor, line: DivisionChange, decision: Decision) -> None:
    state = _STATE_AFTER[decision.act]
    # only what takes it back leads out of there: a word would leave it in force
    if line.state == ChangeState.APPLIED:
        message = f"{words_of(line)}已经生效，不能再决定；需要的话请撤回它。"
        raise Conflict(message)
    CHANGE_TRANSITIONS.check(line.state, state)
    line.reason = _reason_of(decision)
    before = [line.kind, line.new_code, line.new_name]
    release(line)
    restore_guess(line)
    if decision.act is DecisionAct.CORRECT:
        if decision.wish is None:
            raise Invalid.at("kind", "请选择它实际上是什么变更。")
        write_correction(line, decision.wish)
    is_back = decision.act is DecisionAct.REOPEN
    line.state = state
    line.revision += 1
    line.decided_at = None if is_back else timezone.now()
    line.decided_by_id = None if is_back else by.id
    line.decided_by_name = "" if is_back else by.shown_name[:80]
    line.save()
    after = [line.kind, line.new_code, line.new_name]
    if decision.act is DecisionAct.CORRECT:
        names = ("kind", "new_code", "new_name")
        changes = {name: [old, new] for name, old, new in zip(names, before, after, strict=True) if old != new}
        record_act(
            by=by,
            act="halls.correct_change",
            object_type="division_change",
            object_id=line.pk,
            changes=changes | {"reason": line.reason},
        )


def _reason_of(decision: Decision) -> str:
    ask = "请写明为什么暂缓，或者在等什么。" if decision.act is DecisionAct.POSTPONE else ""
    return clean_reason(decision.reason, ask=ask, most=LONGEST_SHORT_REASON, is_line=True)


@transaction.atomic
def accept_guesses(*, by: Actor, plan: DivisionPlan) -> int:
    """Accept every line that nobody has decided yet, but for those that are postponed; returns how many."""
    require(by, "halls.manage")
    hold_plan(plan)
    lines = plan.changes.filter(state=ChangeState.PROPOSED).order_by("pk").values_list("pk", "revision")
    decisions = [Decision(pk, revision, DecisionAct.ACCEPT) for pk, revision in lines]
    return decide_changes(by=by, plan=plan, decisions=decisions) if decisions else 0
