"""审查: the flow through the departments, what takes its own time, and what stops it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from foundation.files.store import StoredFacts
from province.cases.states import CaseState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from standards.items.codelists import CaseType, ExcludedStep
from standards.workdays import Limit
from tenants.casework.models import Case, Extension, SpecialProcedure
from tenants.casework.operations.attached_papers import AttachedPaper, store_result_papers
from tenants.casework.operations.clocks import (
    extend_examination,
    pause_examination,
    resume_examination,
    settle_lapse,
    stop_clocks,
)
from tenants.casework.operations.deciding import settle
from tenants.casework.operations.documents import give_extension, give_special_procedure
from tenants.casework.operations.joint import end_opinions
from tenants.casework.operations.rows import (
    clean_said,
    held_case,
    keep,
    lock_case,
    move,
    note_act,
    tell_applicant,
)
from tenants.casework.operations.serving import end_opening
from tenants.casework.operations.work import own_case
from tenants.casework.queries.access import DECIDE
from tenants.casework.queries.flow_changes import flow_of_case
from tenants.casework.queries.guides import guide_of_case
from tenants.casework.queries.papers import documents_of_case
from tenants.casework.queries.standing import counts_from, last_day_of_case
from tenants.documents.operations.templates import stored
from tenants.workflow.operations.owned import (
    hold_owned_run,
    release_owned_run,
    resume_owned_time,
    start_owned_run,
    stop_owned_run,
    stop_owned_time,
)
from tenants.workflow.operations.step_ends import recount_owned_steps

# 行政许可法 art. 42, in working days (art. 82): approved by who leads the organ; where several organs work together
# (联办), by who leads the government of the place
MOST_WORKDAYS: Final = 10
MOST_JOINT_WORKDAYS: Final = 15
_LONGEST_BASIS: Final = 400
_WITHOUT_FLOW: Final = "申请表是早先的版本，没有一个流程还能读它：由承办部门自己审查、作出决定。"


def start_examination(by: Actor, hall: Hall, case: Case) -> None:
    """Give a case that was accepted to the departments in the order of its flow. Without one, the department that has
    it examines and decides by itself."""
    if case.run_id:
        return
    chosen = flow_of_case(case)
    if chosen.flow_id is None:
        if chosen.is_lost:
            note_act(by, hall, case, "without_flow", note=_WITHOUT_FLOW)
        return
    case.run = start_owned_run(
        by=by,
        hall=hall,
        flow_id=chosen.flow_id,
        title=case.item_name,
        filled_id=case.filled_id,
        initiator=(case.owner_id, case.owner_name) if case.owner_id else None,
        last_day=last_day_of_case(case),
        even_retired=chosen.kind == "former",
    )
    case.save(update_fields=["run"])


@transaction.atomic
def begin_special_procedure(
    *,
    by: Actor,
    hall: Hall,
    case_id: UUID,
    kind: str,
    basis: str,
    limit: str,
    begins_on: date | None = None,
    revision: int | None = None,
) -> Case:
    """特别程序 (art. 45): the case's clocks stand from ``begins_on`` (today where it is not said) for as long as it
    takes, at most for ``limit``, which the applicant is told.

    Raises Invalid without a basis, for an unknown kind or a bad limit, or for a day before acceptance or to come;
    Conflict where the case is not being examined.
    """
    case = lock_case(by, hall, case_id, revision=revision)
    if kind not in ExcludedStep:
        raise Invalid.at("kind", "请选择特别程序的种类。")
    basis = clean_said(basis, ask="请写明依据的法律、法规、规章条款。", field="basis")
    if len(basis) > _LONGEST_BASIS:
        message = f"依据最多 {_LONGEST_BASIS} 个字。"
        raise Invalid.at("basis", message)
    allowed = Limit.read(limit)
    today = timezone.localdate()
    day = begins_on or today
    if day > today or (case.accepted_at and day < timezone.localdate(case.accepted_at)):
        raise Invalid.at("begins_on", "开始日期应在受理之日以后，不晚于今天。")
    move(case, CaseState.PAUSED)
    made = SpecialProcedure.objects.create(
        case=case, kind=ExcludedStep(kind), basis=basis, limit=limit.strip(), begins_on=day
    )
    pause_examination(hall, case, why=made.get_kind_display(), since=day, allowed=allowed)
    if case.run_id:
        stop_owned_time(by=by, hall=hall, run_id=case.run_id, since=_moment_of(day))
    own_case(hall, case, by)
    keep(hall, case)
    give_special_procedure(by, hall, case, guide_of_case(case), made)
    said = f"本办件需要{made.get_kind_display()}，所需时间不计入办理期限。依据：{basis}"
    note_act(by, hall, case, "begin_special_procedure", said=said, changes={"kind": [None, made.kind]})
    tell_applicant(hall, case)
    return case


def end_special_procedure(
    *,
    by: Actor,
    hall: Hall,
    case_id: UUID,
    result: str,
    ends_on: date | None = None,
    papers: Sequence[AttachedPaper] = (),
    revision: int | None = None,
) -> Case:
    """The special procedure is over: the clocks go on with ``ends_on`` (today where it is not said). ``papers``: what
    was written of it (听证笔录, 检验报告), in this order.

    Raises Invalid without a result, for a day before it began or to come, or a file that is refused, Conflict where
    there is none. Files are stored before the transaction begins: it waits for no store.
    """
    result = clean_said(result, ask="请写明特别程序的结果。", field="result")
    facts: list[StoredFacts] = []
    if papers:
        with transaction.atomic():
            _, made = _held_procedure(by, hall, case_id, revision)
        facts = store_result_papers(hall, made.pk, papers)
    return _end_special_procedure(by, hall, case_id, result, ends_on, facts, revision)


def _held_procedure(by: Actor, hall: Hall, case_id: UUID, revision: int | None) -> tuple[Case, SpecialProcedure]:
    """Raises Conflict where none lasts, and what ``lock_case`` does."""
    case = lock_case(by, hall, case_id, revision=revision)
    made = SpecialProcedure.objects.select_for_update().filter(case=case, ends_on=None).first()
    if made is None:
        raise Conflict("这个办件没有正在进行的特别程序。")
    return case, made


@transaction.atomic
def _end_special_procedure(
    by: Actor,
    hall: Hall,
    case_id: UUID,
    result: str,
    ends_on: date | None,
    papers: Sequence[StoredFacts],
    revision: int | None,
) -> Case:
    case, made = _held_procedure(by, hall, case_id, revision)
    today = timezone.localdate()
    day = ends_on or today
    if not made.begins_on <= day <= today:
        raise Invalid.at("ends_on", "结束日期应在开始日期以后，不晚于今天。")
    made.ends_on, made.result = day, result
    made.paper_ids = list(dict.fromkeys(stored(one).pk for one in papers))
    made.save(update_fields=["ends_on", "result", "paper_ids"])
    move(case, CaseState.ACCEPTED)
    resume_examination(hall, case, day)
    if case.run_id:
        resume_owned_time(by=by, hall=hall, run_id=case.run_id, until=_moment_of(min(day, counts_from(hall, made))))
    keep(hall, case)
    _give_extension_now(by, hall, case)
    settle(hall, case)
    said = f"{made.get_kind_display()}已经结束，办理期限继续计算。"
    changes = {"papers": [None, len(made.paper_ids)]} if made.paper_ids else None
    note_act(by, hall, case, "end_special_procedure", said=said, note=result, changes=changes)
    tell_applicant(hall, case)
    return case


def _give_extension_now(by: Actor, hall: Hall, case: Case) -> None:
    """延期告知书 of a case that was extended while a special procedure lasted: now it has a last day."""
    extension = Extension.objects.filter(case=case).first()
    if extension and not any(one.kind == "extension" for one in documents_of_case(case)):
        give_extension(by, hall, case, guide_of_case(case), extension)


@transaction.atomic
def go_on_with_flow(*, hall: Hall, case_id: UUID) -> None:
    """A special procedure takes longer than it may: the days count again for the steps of the flow, too. Once more
    changes nothing."""
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id, state=CaseState.PAUSED).first()
    made = SpecialProcedure.objects.filter(case=case, ends_on=None).first() if case else None
    if case and case.run_id and made:
        until = _moment_of(counts_from(hall, made))
        resume_owned_time(by=system_actor(), hall=hall, run_id=case.run_id, until=until)


@transaction.atomic
def extend_case(
    *, by: Actor, hall: Hall, case_id: UUID, workdays: int, reason: str, revision: int | None = None
) -> Case:
    """延期 (art. 42): once, by at most ten working days, a 联办件 by fifteen, by who decides here; the applicant is
    told why. Raises NotAllowed, Invalid without a reason or for a number beyond that, Conflict where it was extended
    before."""
    case = lock_case(by, hall, case_id, permission=DECIDE, revision=revision)
    reason = clean_said(reason, ask="请写明延长期限的理由，它会告知申请人。", field="reason")
    most = MOST_JOINT_WORKDAYS if case.case_type == CaseType.JOINT else MOST_WORKDAYS
    if not 1 <= workdays <= most:
        message = f"最多延长 {most} 个工作日。"
        raise Invalid.at("workdays", message)
    if case.state not in {CaseState.ACCEPTED, CaseState.PAUSED}:
        raise Conflict("只有正在审查的办件可以延期。")
    if Extension.objects.filter(case=case).exists():
        raise Conflict("期限只能延长一次。")
    extension = Extension.objects.create(case=case, workdays=workdays, reason=reason, approved_by_name=by.shown_name)
    extend_examination(hall, case, Limit(workdays, "wd"), by)
    if case.run_id:
        recount_owned_steps(hall=hall, run_id=case.run_id)
    keep(hall, case)
    give_extension(by, hall, case, guide_of_case(case), extension)
    said = f"经批准，本办件的办理期限延长 {workdays} 个工作日。理由：{reason}"
    note_act(by, hall, case, "extend", said=said, changes={"workdays": [None, workdays]})
    tell_applicant(hall, case)
    return case


@transaction.atomic
def suspend_case(*, by: Actor, hall: Hall, case_id: UUID, reason: str, revision: int | None = None) -> Case:
    """中止审查: nothing is done and no clock runs until it is resumed, by who decides here. Raises Invalid without a
    reason."""
    case = lock_case(by, hall, case_id, permission=DECIDE, revision=revision)
    reason = clean_said(reason, ask="请写明中止审查的原因和依据，它会告知申请人。", field="reason")
    move(case, CaseState.SUSPENDED)
    pause_examination(hall, case, why="中止审查", since=timezone.localdate(), allowed=None)
    settle_lapse(hall, case)
    if case.run_id:
        hold_owned_run(by=by, hall=hall, run_id=case.run_id, opinion=reason)
    keep(hall, case)
    note_act(by, hall, case, "suspend", said=reason)
    tell_applicant(hall, case)
    return case


@transaction.atomic
def resume_case(*, by: Actor, hall: Hall, case_id: UUID, reason: str = "", revision: int | None = None) -> Case:
    """恢复审查: it goes on where it was, and so do its clocks."""
    case = lock_case(by, hall, case_id, permission=DECIDE, revision=revision)
    if case.state != CaseState.SUSPENDED:
        raise Conflict("这个办件没有中止。")
    move(case, CaseState.ACCEPTED)
    resume_examination(hall, case, timezone.localdate())
    settle_lapse(hall, case)
    if case.run_id:
        release_owned_run(by=by, hall=hall, run_id=case.run_id)
    keep(hall, case)
    note_act(by, hall, case, "resume", said=clean_said(reason, field="reason"))
    tell_applicant(hall, case)
    return case


@transaction.atomic
def withdraw_case(*, by: Actor, hall: Hall, case_id: UUID, reason: str = "", is_applicant: bool = False) -> Case:
    """撤回: the applicant takes the application back before it is decided. The caller knows that it is the applicant
    (``is_applicant``); for staff, who write down what the applicant said, it is looked at here. Raises Conflict once it
    was decided; once more changes nothing."""
    case = held_case(case_id) if is_applicant else lock_case(by, hall, case_id)
    if case.state == CaseState.WITHDRAWN:
        return case
    said = clean_said(reason, field="reason") if is_applicant else clean_said(reason, ask="请写明申请人撤回的情况。")
    move(case, CaseState.WITHDRAWN)
    stop_case(by, hall, case, "申请人撤回申请")
    note_act(by, hall, case, "withdraw", said=said, is_applicant=is_applicant)
    return case


@transaction.atomic
def terminate_case(*, by: Actor, hall: Hall, case_id: UUID, reason: str, revision: int | None = None) -> Case:
    """终止办理: the application has lost its object, by who decides here. Raises Invalid without a reason."""
    case = lock_case(by, hall, case_id, permission=DECIDE, revision=revision)
    reason = clean_said(reason, ask="请写明终止办理的原因和依据，它会告知申请人。", field="reason")
    if case.state == CaseState.TERMINATED:
        return case
    move(case, CaseState.TERMINATED)
    stop_case(by, hall, case, reason)
    note_act(by, hall, case, "terminate", said=reason)
    tell_applicant(hall, case)
    return case


@transaction.atomic
def transfer_case(*, by: Actor, hall: Hall, case_id: UUID, to: str, reason: str, revision: int | None = None) -> Case:
    """移送: another organ is competent. ``to``: which, as the applicant is told. Raises Invalid without it or without
    a reason."""
    case = lock_case(by, hall, case_id, revision=revision)
    to = clean_said(to, ask="请写明移送到哪个机关。", field="to")
    reason = clean_said(reason, ask="请写明移送的原因。", field="reason")
    if case.state == CaseState.TRANSFERRED:
        return case
    move(case, CaseState.TRANSFERRED)
    stop_case(by, hall, case, f"移送{to}"[:200])
    note_act(by, hall, case, "transfer", said=f"本办件移送{to}办理。原因：{reason}")
    tell_applicant(hall, case)
    return case


def _moment_of(day: date) -> datetime:
    """Now, where it is today; otherwise when the day began."""
    if day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(day, time.min))


def stop_case(by: Actor, hall: Hall, case: Case, why: str) -> None:
    """The case has ended before a decision: its clocks fall away, its flow ends, nobody is asked any more (联办)."""
    stop_clocks(hall, case)
    end_opening(hall, case)
    end_opinions(hall, case)
    own_case(hall, case, by)
    SpecialProcedure.objects.filter(case=case, ends_on=None).update(ends_on=timezone.localdate(), result=why)
    # before the report: who does a step holds the run, and then marks the report
    if case.run_id:
        stop_owned_run(by=by, hall=hall, run_id=case.run_id, opinion=why)
    keep(hall, case)
