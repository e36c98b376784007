"""Who is told of what happens in a run. A title names the flow and the number, never what a form says."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from province.halls.models import Hall
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.queries.running import title_of_flow
from tenants.workflow.states import WorkState

_ASSIGNED: Final = NoticeKind("workflow.assigned", "流程待我办理", can_be_switched_off=False)
_TO_CLAIM: Final = NoticeKind("workflow.to_claim", "流程待认领")
_URGED: Final = NoticeKind("workflow.urged", "流程被催办")
_LATE: Final = NoticeKind("workflow.late", "流程快到期或已超期")
_COPIED: Final = NoticeKind("workflow.copied", "流程抄送给我")
_ENDED: Final = NoticeKind("workflow.ended", "我发起的流程有结果")
_STUCK: Final = NoticeKind("workflow.stuck", "流程停下或外部动作失败", can_be_switched_off=False)
FLOW_SAYS: Final = NoticeKind("workflow.flow_says", "流程自动发的消息")
RUN_NOTICES: Final = (_ASSIGNED, _TO_CLAIM, _URGED, _LATE, _COPIED, _ENDED, _STUCK, FLOW_SAYS)


def tell_of_items(
    hall: Hall, run: Run, items: Sequence[WorkItem], people: Collection[UUID], *, but: UUID | None
) -> None:
    """Whose turn it is at a step that begins, save who brought it about. ``people``: who may claim it."""
    title = f"{_named(run)}：{items[0].label}"
    if items[0].state == WorkState.TO_CLAIM:
        _tell(hall, run, _TO_CLAIM, items[0].pk, f"{title}，待认领", {*people} - {but})
        return
    owners = {one.owner_id for one in items if one.owner_id and one.state == WorkState.CLAIMED} - {but}
    _tell(hall, run, _ASSIGNED, items[0].pk, title, owners)


def tell_turn(hall: Hall, run: Run, item: WorkItem, cause_id: UUID) -> None:
    """It has come to this person: given on, come back, or their turn now."""
    if item.owner_id:
        _tell(hall, run, _ASSIGNED, cause_id, f"{_named(run)}：{item.label}", [item.owner_id])


def tell_urged(hall: Hall, run: Run, item: WorkItem, cause_id: UUID, people: Collection[UUID]) -> None:
    _tell(hall, run, _URGED, cause_id, f"催办：{_named(run)}，{item.label}", people)


def tell_late(hall: Hall, run: Run, item: WorkItem, cause_id: UUID, people: Collection[UUID], *, is_over: bool) -> None:
    said = "已超期" if is_over else "快到期"
    _tell(hall, run, _LATE, cause_id, f"{said}：{_named(run)}，{item.label}", people)


def tell_copied(hall: Hall, run: Run, people: Collection[UUID]) -> None:
    _tell(hall, run, _COPIED, run.pk, f"抄送：{_named(run)}", people)


def tell_ended(hall: Hall, run: Run) -> None:
    _tell(hall, run, _ENDED, run.pk, f"{_named(run)}：{run.get_status_display()}", [run.initiator_id])


def tell_stuck(hall: Hall, run: Run, cause_id: UUID, people: Collection[UUID], words: str) -> None:
    _tell(hall, run, _STUCK, cause_id, f"{_named(run)}：{words}", people)


def tell_by_flow(hall: Hall, run: Run, cause_id: UUID, people: Collection[UUID], words: str) -> None:
    """``words``: as the flow's designer wrote them."""
    _tell(hall, run, FLOW_SAYS, cause_id, f"{_named(run)}：{words}", people)


def _named(run: Run) -> str:
    return f"{title_of_flow(run)}（{run.number}）"


def _tell(hall: Hall, run: Run, kind: NoticeKind, cause_id: UUID, title: str, people: Collection[UUID]) -> None:
    if not people:
        return
    path = reverse("desk-run", args=[run.pk], urlconf=settings.HALL_URLCONFS[hall.kind])
    notify(kind=kind, cause_id=cause_id, title=title, path=path, hall_id=hall.pk, people=people)
