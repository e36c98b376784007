"""容缺受理: accepted with something missing that the guide lets come later, promised by a day.

国发〔2022〕5号 lets halls accept so what their published lists and guides name. Who has not brought it by then has
given the application up, as provinces' own rules say (辽宁省政务服务容缺受理管理办法: 视为放弃申请，退件办结; the time
is no longer than that of the item itself): the case is terminated, nothing is refused, and nothing is decided before
all is in.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateformat import format as in_words

from foundation.errors import Conflict, Fault, Invalid
from foundation.events.operations import emit_event
from province.cases.queries.supplements import is_supplement_under_way
from province.cases.states import CaseState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from standards.workdays import Limit
from tenants.casework.events import CASE_WAITS
from tenants.casework.models import Case, CaseMaterial, LackingPromise
from tenants.casework.operations.acceptance import MOST_WORKDAYS, begin_to_examine, check_materials, tell_accepted
from tenants.casework.operations.clocks import begin_lapse, has_lapsed, settle_lapse
from tenants.casework.operations.deciding import settle
from tenants.casework.operations.documents import give_lacking_acceptance
from tenants.casework.operations.examining import stop_case
from tenants.casework.operations.handlers import tell_of_lapse
from tenants.casework.operations.joint_requests import renew_requests
from tenants.casework.operations.rows import (
    clean_said,
    held_case,
    keep,
    lock_case,
    move,
    move_lacking,
    note_act,
    tell_applicant,
)
from tenants.casework.operations.work import own_case
from tenants.casework.queries.corrections import LaterMaterial, later_materials, promise_of
from tenants.casework.queries.guides import guide_of_case
from tenants.casework.states import LackingState, MaterialState

_TOO_LATE: Final = "补交的日子已经过了，这个办件就要终止办理。"
_LAPSED: Final = "逾期没有补齐承诺补交的材料，视为放弃申请，终止办理，已交的材料退还。需要时可以重新申请。"


@transaction.atomic
def accept_lacking(
    *,
    by: Actor,
    hall: Hall,
    case_id: UUID,
    materials: Collection[UUID],
    workdays: int,
    promise: str,
    revision: int | None = None,
) -> Case:
    """容缺受理: accept a case of which these ``materials`` are missing; the applicant has promised to bring them within
    so many working days. ``promise``: how it was promised. The clocks of the examination begin, and one for what is
    owed, which ends with them at the latest.

    Raises Invalid where no material is named, or one that is there or that the guide does not let come later; where
    another one is missing; for more days than the guide gives; and without the promise. Conflict where the case is past
    acceptance.
    """
    case = lock_case(by, hall, case_id, revision=revision)
    if case.state == CaseState.ACCEPTED and case.lacking:
        return case
    promise = clean_said(promise, ask="请写明申请人怎样承诺的，例如：在窗口签了容缺承诺书。", field="promise")
    later = {one.material.pk: one for one in later_materials(case)}
    _check_promised(later, materials, workdays)
    check_materials(case, but=materials)
    owed = [later[pk].material for pk in later if pk in set(materials)]
    own_case(hall, case, by)
    guide = guide_of_case(case)
    begin_to_examine(hall, case, guide)
    case.lacking = LackingState.PROMISED
    due_on = begin_lapse(hall, case, Limit(workdays, "wd"))
    keep(hall, case)
    for one in owed:
        one.state, one.owed_until = MaterialState.OWED, due_on
    CaseMaterial.objects.bulk_update(owed, ["state", "owed_until"])
    promised = LackingPromise.objects.create(
        case=case,
        asked=[one.name for one in owed],
        fields=[one.field for one in owed if one.field],
        promise=promise,
        workdays=workdays,
        due_on=due_on,
    )
    give_lacking_acceptance(by, hall, case, guide, promised)
    names = "、".join(promised.asked)
    day = in_words(due_on, "Y年n月j日")
    said = f"您的申请已经容缺受理。请在{day}前补交：{names}。补齐以前不作决定，逾期没有补齐的，终止办理。"
    tell_accepted(by, hall, case, "accept_lacking", said)
    return case


def take_brought(
    hall: Hall, case: Case, *, by: Actor, said: str, on: date | None = None, is_applicant: bool = True
) -> None:
    """What was promised was brought, to a case that is held: it waits for the hall to look at it, and the applicant's
    time stands. ``on``: the day on which it was handed over, today where it is not said; ``is_applicant``: by
    themselves. Raises Conflict where the day has passed."""
    if has_lapsed(case, on):
        raise Conflict(_TOO_LATE)
    move_lacking(case, LackingState.BROUGHT)
    settle_lapse(hall, case)
    keep(hall, case)
    note_act(by, hall, case, "bring_lacking", said=clean_said(said), is_applicant=is_applicant)
    emit_event(kind=CASE_WAITS, subject_id=case.pk, hall_id=hall.pk)


@transaction.atomic
def confirm_lacking(*, by: Actor, hall: Hall, case_id: UUID, revision: int | None = None) -> Case:
    """All that was promised is in, online or on paper, and as it should be: from now on the case can be decided, and is
    where its flow has ended meanwhile. Raises Conflict where nothing is owed, or its day has passed; once more changes
    nothing."""
    case = lock_case(by, hall, case_id, revision=revision)
    if case.lacking == LackingState.COMPLETE:
        return case
    if has_lapsed(case):
        raise Conflict(_TOO_LATE)
    move_lacking(case, LackingState.COMPLETE)
    _promised_materials(case).update(state=MaterialState.GIVEN)
    settle_lapse(hall, case)
    own_case(hall, case, by)
    renew_requests(hall, case)
    keep(hall, case)
    note_act(by, hall, case, "confirm_lacking", said="您承诺补交的材料已经补齐。")
    tell_applicant(hall, case)
    settle(hall, case)
    return case


@transaction.atomic
def return_lacking(*, by: Actor, hall: Hall, case_id: UUID, said: str, revision: int | None = None) -> Case:
    """What the applicant has brought is not as it should be: it is owed again, and the rest of the applicant's time
    runs. ``said``: what is wrong. Raises Invalid without it, Conflict where nothing was brought."""
    case = lock_case(by, hall, case_id, revision=revision)
    said = clean_said(said, ask="请写明补交的材料有什么问题、怎样改。")
    move_lacking(case, LackingState.PROMISED)
    _promised_materials(case).update(state=MaterialState.OWED)
    settle_lapse(hall, case)
    own_case(hall, case, by)
    keep(hall, case)
    note_act(by, hall, case, "return_lacking", said=said)
    tell_applicant(hall, case)
    return case


@transaction.atomic
def remind_of_lacking(*, hall: Hall, case_id: UUID) -> None:
    """The day is near by which the applicant has promised the rest: tell them, once for a case."""
    case = held_case(case_id)
    promised = promise_of(case)
    if promised is None or not case.is_open or case.lacking != LackingState.PROMISED:
        return
    if case.acts.filter(act="remind_of_lacking").exists():
        return
    said = f"请记得补交：{'、'.join(promised.asked)}。逾期没有补齐的，终止办理。"
    note_act(system_actor(), hall, case, "remind_of_lacking", said=said)
    tell_applicant(hall, case)


@transaction.atomic
def lapse_case(*, hall: Hall, case_id: UUID, cause_id: UUID) -> None:
    """The day has passed without what was promised: the case is terminated, and its handlers are told. What was brought
    meanwhile stays, also what is still on its way from the hall that took the application in; a day that has moved is
    waited for, and once more changes nothing."""
    case = held_case(case_id)
    if not case.is_open or case.lacking != LackingState.PROMISED or not has_lapsed(case):
        return
    if is_supplement_under_way(case.pk):
        return
    by = system_actor()
    move_lacking(case, LackingState.LAPSED)
    settle_lapse(hall, case)
    move(case, CaseState.TERMINATED)
    stop_case(by, hall, case, "逾期没有补齐容缺后补的材料")
    note_act(by, hall, case, "lapse", said=_LAPSED)
    tell_applicant(hall, case)
    tell_of_lapse(hall, case, cause_id)


def _promised_materials(case: Case) -> QuerySet[CaseMaterial]:
    return CaseMaterial.objects.filter(case=case, owed_until__isnull=False)


def _check_promised(later: Mapping[UUID, LaterMaterial], materials: Collection[UUID], workdays: int) -> None:
    if not materials:
        raise Invalid.at("materials", "请选择容缺后补的材料。")
    faults = [
        Fault("materials", "选择的材料已经提交，或者指南没有写可以容缺后补。") for one in materials if one not in later
    ]
    if faults:
        raise Invalid.of(faults[:1])
    most = min((later[one].days or MOST_WORKDAYS for one in materials), default=MOST_WORKDAYS)
    if not 1 <= workdays <= most:
        message = f"补交的时间应为 1 至 {most} 个工作日。"
        raise Invalid.at("workdays", message)
