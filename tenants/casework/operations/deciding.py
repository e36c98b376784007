"""决定: granted or refused, with reasons (行政许可法 art. 38)."""

from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, Invalid
from province.cases.states import CaseOutcome, CaseState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseDecision
from tenants.casework.operations.clocks import begin_delivery, end_examination
from tenants.casework.operations.documents import give_decision, take_back_decisions
from tenants.casework.operations.results import settle_licences
from tenants.casework.operations.rows import clean_said, keep, lock_case, move, note_act, tell_applicant
from tenants.casework.operations.serving import void_served
from tenants.casework.operations.work import own_case
from tenants.casework.queries.access import DECIDE
from tenants.casework.queries.guides import guide_of_case
from tenants.casework.queries.joint import missing_opinions
from tenants.casework.queries.referrals import is_decided_above
from tenants.casework.states import OPEN_LACKING
from tenants.workflow.models import Run
from tenants.workflow.queries.endings import RunEnding, ending_of
from tenants.workflow.states import RunStatus

_GRANTED: Final = "经审查，您的申请符合法定条件、标准，准予办理。"


@transaction.atomic
def decide_case(
    *, by: Actor, hall: Hall, case_id: UUID, outcome: str, reasons: str, revision: int | None = None
) -> Case:
    """Decide a case that was accepted and whose flow, where it has one, has ended. A 即办件 is decided by who handles
    it, every other by who may decide.

    Raises NotAllowed, Invalid for no outcome or a refusal without reasons, Conflict where it is not to be decided now.
    """
    case = lock_case(by, hall, case_id, revision=revision)
    if case.case_type != CaseType.INSTANT:
        case = lock_case(by, hall, case_id, permission=DECIDE)
    if is_decided_above(case):
        raise Conflict("上报件由上级作出决定：请初审后上报，结果会自动回到这里。")
    decided = _outcome(outcome)
    said = clean_said(reasons, ask=_asked(decided), field="reasons") or _GRANTED
    if case.state == CaseState.DECIDED and case.outcome == decided:
        return case
    if case.run_id and Run.objects.filter(pk=case.run_id, ended_at=None).exists():
        raise Conflict("审查流程还没有走完，请等流程里的各个环节办完。")
    own_case(hall, case, by)
    write_decision(by, hall, case, decided, said)
    return case


def write_decision(by: Actor, hall: Hall, case: Case, outcome: CaseOutcome, reasons: str) -> CaseDecision:
    """Decide a case that is held. Raises Conflict where it was decided before, while something is owed (容缺), or some
    department has still to say something (联办)."""
    if case.outcome:
        message = f"这个办件已经作出决定（{case.get_outcome_display()}）。决定有错的，请更正决定。"
        raise Conflict(message)
    if case.lacking in OPEN_LACKING:
        raise Conflict("容缺后补的材料还没有补齐并核对，不能作出决定。")
    if bodies := missing_opinions(case):
        message = f"{'、'.join(bodies)}还没有出具联办意见，不能作出决定。"
        raise Conflict(message)
    move(case, CaseState.DECIDED)
    case.outcome, case.decided_at = outcome, case.state_at
    end_examination(hall, case)
    begin_delivery(hall, case)
    keep(hall, case)
    made = CaseDecision.objects.create(
        case=case, number=1, outcome=outcome, reasons=reasons, by_id=by.id, by_name=by.shown_name
    )
    guide = guide_of_case(case)
    give_decision(by, hall, case, guide, made)
    settle_licences(by, hall, case, guide, made)
    note_act(by, hall, case, "decide", said=reasons, changes={"outcome": [None, str(outcome)]})
    tell_applicant(hall, case)
    return made


@transaction.atomic
def settle_after_run(*, hall: Hall, run_id: UUID) -> None:
    """The flow of a case has ended: what it ended with is the decision, with the last opinion as its reasons. A refusal
    without an opinion, and a flow that was broken off, are left to who may decide. Once more changes nothing."""
    case = Case.objects.select_for_update(of=("self",)).select_related("setup").filter(run_id=run_id).first()
    if case is not None:
        settle(hall, case)


def settle(hall: Hall, case: Case) -> None:
    """As ``settle_after_run``, of a case that is held; while a special procedure lasts, something is owed (容缺) or
    some department has still to say something (联办), and of what a hall above decides, nothing is decided."""
    if case.state != CaseState.ACCEPTED or case.run_id is None:
        return
    if case.lacking in OPEN_LACKING or is_decided_above(case) or missing_opinions(case):
        return
    ending = ending_of(case.run_id)
    if ending is None:
        return
    if ending.status == RunStatus.FINISHED:
        write_decision(_by(ending), hall, case, CaseOutcome.GRANTED, ending.opinion or _GRANTED)
    elif ending.status == RunStatus.REFUSED and ending.opinion:
        write_decision(_by(ending), hall, case, CaseOutcome.REFUSED, ending.opinion)


@transaction.atomic
def correct_decision(
    *, by: Actor, hall: Hall, case_id: UUID, outcome: str, reasons: str, corrects: str, revision: int | None = None
) -> Case:
    """更正: put a wrong decision right by another one, which is served anew. ``corrects``: what was wrong.

    Raises NotAllowed, Invalid without it, Conflict where nothing was decided.
    """
    case = lock_case(by, hall, case_id, permission=DECIDE, revision=revision)
    decided = _outcome(outcome)
    corrects = clean_said(corrects, ask="请写明原决定错在哪里。", field="corrects")
    said = clean_said(reasons, ask=_asked(decided), field="reasons") or _GRANTED
    if hasattr(case, "archive_sheet"):
        raise Conflict("这个办件已经归档，不能更正。")
    before = CaseDecision.objects.filter(case=case).order_by("-number").first()
    if before is None:
        raise Conflict("这个办件还没有作出决定。")
    move(case, CaseState.DECIDED)
    case.outcome, case.ended_at = decided, None
    # it is somebody's work again
    own_case(hall, case, by)
    begin_delivery(hall, case)
    void_served(hall, case)
    keep(hall, case)
    made = CaseDecision.objects.create(
        case=case,
        number=before.number + 1,
        outcome=decided,
        reasons=said,
        by_id=by.id,
        by_name=by.shown_name,
        corrects=corrects,
    )
    take_back_decisions(by, hall, case, corrects)
    guide = guide_of_case(case)
    give_decision(by, hall, case, guide, made)
    settle_licences(by, hall, case, guide, made, before)
    note_act(by, hall, case, "correct_decision", said=said, note=corrects, changes={"outcome": [None, str(decided)]})
    tell_applicant(hall, case)
    return case


def _outcome(text: str) -> CaseOutcome:
    if text not in CaseOutcome:
        raise Invalid.at("outcome", "请选择准予或者不予。")
    return CaseOutcome(text)


def _asked(outcome: CaseOutcome) -> str:
    return "不予的决定应当说明理由。" if outcome is CaseOutcome.REFUSED else ""


def _by(ending: RunEnding) -> Actor:
    """Who decided in the flow, named in the history; the machinery carries it out."""
    return system_actor(ending.by_name or "系统")
