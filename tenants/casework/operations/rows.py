"""What every act on a case shares: its row is held, what was done is written down, the province is told."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, NotAllowed, NotFound
from foundation.events.operations import emit_event
from province.audit.operations import record_act
from province.cases.operations import CaseFacts, report_case
from province.cases.states import CASE_TRANSITIONS, CaseChannel, CaseOutcome, CaseState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import refusal_of
from province.rights.roles import Reach, Role
from standards.items.codelists import CaseType
from tenants.casework.events import CASE_TOLD, PACKAGE_MOVED
from tenants.casework.models import LONGEST_SAID, Case, CaseAct
from tenants.casework.operations.asked_of_village import say_what_is_asked
from tenants.casework.operations.referral_turns import answer_by_act
from tenants.casework.queries.access import DECIDE, FIGURES, HANDLE, NO_CASE, may_over, require_handler
from tenants.casework.queries.held import acts_of_case
from tenants.casework.queries.own_cases import NO_OWN_CASE
from tenants.casework.slots import CASE_ENDS
from tenants.casework.states import LACKING_TRANSITIONS, LackingState
from tenants.portal.operations.figures import check_inside
from tenants.shell.queries.apps import shown_at
from tenants.workflow.models import Run
from tenants.workflow.queries.filled import FormFiller
from tenants.workflow.queries.step_ends import whole_of

declare(
    HANDLE,
    "收件、受理、审查办件",
    reach=Reach.UNIT,
    roles={Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK, Role.HANDLER, Role.APPROVING_LEADER},
)
declare(
    DECIDE,
    "对办件作出决定、批准延期",
    reach=Reach.UNIT,
    roles={Role.HALL_ADMINISTRATOR, Role.APPROVING_LEADER},
)
declare(
    FIGURES,
    "查看部门的办件统计",
    reach=Reach.UNIT,
    roles={Role.HALL_ADMINISTRATOR, Role.APPROVING_LEADER},
)


def held_case(case_id: UUID) -> Case:
    """Hold the case's row until the transaction ends. Raises NotFound."""
    found = Case.objects.select_for_update(of=("self",)).select_related("setup").filter(pk=case_id).first()
    if found is None:
        raise NotFound(NO_CASE)
    return found


def held_case_of_run(run_id: UUID) -> Case | None:
    """As ``held_case``, the one that the run examines, or the run that has called it; None where there is none. Nobody
    holds the run yet."""
    whole = whole_of(Run.objects.get(pk=run_id))
    case_id = Case.objects.filter(run_id=whole.pk).values_list("pk", flat=True).first()
    return held_case(case_id) if case_id else None


def held_own_case(who: FormFiller, hall: Hall, case_id: UUID) -> Case:
    """The citizen's own case, held until the transaction ends. Raises NotFound."""
    check_inside(hall)
    case = held_case(case_id)
    if who.citizen is None or case.citizen_id != who.citizen.pk:
        raise NotFound(NO_OWN_CASE)
    return case


def lock_case(by: Actor, hall: Hall, case_id: UUID, *, permission: str = HANDLE, revision: int | None = None) -> Case:
    """Hold a case for somebody of the staff. ``revision``: what they have read; None for who has read nothing.

    Raises NotAllowed for who handles nothing here or lacks the permission over it, NotFound for another department's
    and another hall's, Conflict where somebody did something since.
    """
    check_inside(hall)
    require_handler(by, hall)
    case = held_case(case_id)
    if not may_over(by, HANDLE, hall, case):
        raise NotFound(NO_CASE)
    if not may_over(by, permission, hall, case):
        raise NotAllowed(refusal_of(permission))
    if revision is not None and revision != case.revision:
        who = f"{acts_of_case(case)[-1].by_name or '申请人'}刚刚"
        message = f"{who}办理过这个办件，您的操作没有提交。请看过现在的情况再继续。"
        raise Conflict(message)
    return case


def clean_said(text: str, *, ask: str = "", field: str = "said") -> str:
    """Raises Invalid where it is too long, or missing where ``ask`` says that it is needed."""
    return clean_reason(text, ask=ask, field=field, most=LONGEST_SAID)


def move(case: Case, state: CaseState) -> None:
    """Let the state follow, in the caller's hands; nothing is written yet. Raises Conflict."""
    CASE_TRANSITIONS.check(case.state, state)
    case.state, case.state_at = state, timezone.now()
    if not case.is_open:
        case.ended_at = case.state_at


def move_lacking(case: Case, state: LackingState) -> None:
    """As ``move``, of what was promised (容缺). Raises Conflict, also for a case that has ended or was accepted
    whole."""
    if not case.is_open or not case.lacking:
        raise Conflict("这个办件没有容缺后补的材料。")
    LACKING_TRANSITIONS.check(case.lacking, state)
    case.lacking = state


def keep(hall: Hall, case: Case) -> None:
    """Write the row and tell the province; what somebody has read of it before is old now."""
    case.revision += 1
    case.save()
    if not case.is_open:
        for act in shown_at(CASE_ENDS, hall):
            act(hall, case)
    if case.package_id and (case.outcome or not case.is_open):
        emit_event(kind=PACKAGE_MOVED, subject_id=case.package_id, hall_id=hall.pk)
    tell_province(hall, case)


def tell_province(hall: Hall, case: Case) -> None:
    """Report how the case stands."""
    report_case(
        hall_id=hall.pk,
        case_id=case.pk,
        facts=CaseFacts(
            number=case.number,
            item_id=case.item_id,
            item_name=case.item_name,
            citizen_id=case.citizen_id,
            case_type=CaseType(case.case_type),
            channel=CaseChannel(case.channel),
            state=CaseState(case.state),
            outcome=CaseOutcome(case.outcome) if case.outcome else "",
            received_on=timezone.localdate(case.received_at),
            accepted_on=timezone.localdate(case.accepted_at) if case.accepted_at else None,
            decided_on=timezone.localdate(case.decided_at) if case.decided_at else None,
            ended_on=timezone.localdate(case.ended_at) if case.ended_at else None,
            owes_materials=case.is_open and case.lacking == LackingState.PROMISED,
            was_late=case.was_late,
            is_unopened=case.serving.has_unopened_answer,
            unit_id=case.unit_id,
        ),
    )


def tell_applicant(hall: Hall, case: Case) -> None:
    """Have the applicant told that there is something to read, in the caller's transaction."""
    emit_event(kind=CASE_TOLD, subject_id=case.pk, hall_id=hall.pk)


def note_act(
    by: Actor,
    hall: Hall,
    case: Case,
    act: str,
    *,
    said: str = "",
    note: str = "",
    is_applicant: bool = False,
    changes: dict[str, Any] | None = None,
) -> CaseAct:
    """Write down what was done, in the case's history and in the audit, which says nothing of who applied or of what
    was said. ``said``: what the applicant is told; ``note``: what the staff alone read."""
    made = CaseAct.objects.create(
        case=case,
        act=act,
        by_id=None if is_applicant else by.id,
        by_name="" if is_applicant else by.shown_name,
        state=case.state,
        said=said,
        note=note,
    )
    record_act(
        by=by,
        act=f"casework.{act}",
        object_type="case",
        object_id=case.pk,
        hall_id=hall.pk,
        # of the case's later acts the province's own row knows the number (queries/acts.py)
        changes=({"number": [None, case.number]} if act == "receive" else {}) | (changes or {}),
    )
    answer_by_act(case, act, said)
    say_what_is_asked(case)
    return made
