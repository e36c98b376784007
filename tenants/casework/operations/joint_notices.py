"""Who of the staff is told of 联办: never who applied, nor for what beyond the item's name."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from foundation.rows import draw_id
from province.cases.models import Referral
from province.cases.operations import report_referral_time
from province.halls.models import Hall
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind
from province.people.queries.holders import nearest_positions
from tenants.casework.models import Case, JointOpinion
from tenants.casework.operations.handlers import tell_handlers_of
from tenants.casework.queries.access import HANDLE
from tenants.casework.states import JointState

_ASKED: Final = NoticeKind("casework.joint", "联办意见待我出具", can_be_switched_off=False)
_IN: Final = NoticeKind("casework.joint_in", "联办意见已齐、超期或者被退回")
JOINT_NOTICES: Final = (_ASKED, _IN)


def tell_asked(hall: Hall, case: Case, opinions: Iterable[JointOpinion]) -> None:
    """Tell each department that its opinion is asked for."""
    for one in opinions:
        # a case that came back asks anew
        _tell(hall, one, draw_id(), f"请出具联办意见：{case.item_name}（{case.number}）")


def tell_all_are_in(hall: Hall, case: Case, cause_id: UUID) -> None:
    """Tell who has the case that every department has answered."""
    tell_handlers_of(hall, case, _IN, cause_id, f"联办意见已齐：{case.item_name}（{case.number}）")


@transaction.atomic
def tell_of_opinion_time(*, hall: Hall, opinion_id: UUID, cause_id: UUID, is_over: bool) -> None:
    """The time of an opinion is nearly over, or over: tell the department, and once it is over who has the case, too.
    Nothing is told of one that was given meanwhile."""
    waiting = JointOpinion.objects.select_related("case").filter(state=JointState.WAITING)
    opinion = waiting.filter(pk=opinion_id).first()
    if opinion is None:
        return
    case = opinion.case
    # another hall asks: its clock, its word
    if case is None:
        return
    said = "已超期" if is_over else "快到期"
    if opinion.referral_id:
        report_referral_time(referral_id=opinion.referral_id, is_over=is_over)
    else:
        _tell(hall, opinion, cause_id, f"联办意见{said}：{case.item_name}（{case.number}）")
    if is_over:
        title = f"“{opinion.body}”的联办意见已超期：{case.item_name}（{case.number}）"
        tell_handlers_of(hall, case, _IN, cause_id, title)


def tell_asked_by_hall(hall: Hall, opinion: JointOpinion, referral: Referral) -> None:
    """Tell the department that another hall asks for its opinion."""
    title = f"{referral.hall.name}请出具联办意见：{referral.item_name}（{referral.case_number}）"
    _tell(hall, opinion, opinion.pk, title)


@transaction.atomic
def tell_of_request_time(*, hall: Hall, referral_id: UUID, cause_id: UUID, is_over: bool) -> None:
    """The time of an opinion that another hall waits for is nearly over, or over, by that hall's clock: tell the
    department that owes it. Nothing is told of one that was given meanwhile."""
    opinion = JointOpinion.objects.filter(referral_id=referral_id, case=None, state=JointState.WAITING).first()
    referral = Referral.objects.filter(pk=referral_id, to_hall=hall).first()
    if opinion and referral:
        said = "已超期" if is_over else "快到期"
        _tell(hall, opinion, cause_id, f"联办意见{said}：{referral.item_name}（{referral.case_number}）")


def tell_sent_back(hall: Hall, case: Case, opinion: JointOpinion, cause_id: UUID, from_hall: Hall) -> None:
    """Tell who has the case that somebody else has to be asked."""
    title = f"{from_hall.name}退回“{opinion.body}”的联办征询，请改请其他部门：{case.item_name}（{case.number}）"
    tell_handlers_of(hall, case, _IN, cause_id, title)


def _tell(hall: Hall, opinion: JointOpinion, cause_id: UUID, title: str) -> None:
    notify(
        kind=_ASKED,
        cause_id=cause_id,
        title=title,
        path=reverse("desk-opinion", args=[opinion.pk], urlconf=settings.HALL_URLCONFS[hall.kind]),
        hall_id=hall.pk,
        positions=nearest_positions(HANDLE, hall_id=hall.pk, prefixes=hall.prefixes, unit_id=opinion.unit_id),
    )
