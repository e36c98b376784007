"""What every act on what was taken in shares: its row is held, what was done is written down."""

from typing import Any
from uuid import UUID

from foundation.errors import Conflict, NotFound
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.assistance.models import Assistance
from tenants.assistance.queries.access import require_assistant
from tenants.assistance.queries.asked import AskedHere, asked_of
from tenants.assistance.states import AssistanceState
from tenants.portal.operations.figures import check_inside


def lock_assistance(by: Actor, hall: Hall, assistance_id: UUID) -> Assistance:
    """Hold its row until the transaction ends. Raises NotAllowed for who does nothing for others here, NotFound, also
    for another hall's."""
    check_inside(hall)
    require_assistant(by, hall)
    found = held_assistance(assistance_id)
    if found is None:
        raise NotFound("没有这件代办，可能属于其他服务厅。")
    return found


def held_assistance(assistance_id: UUID) -> Assistance | None:
    return Assistance.objects.select_for_update().filter(pk=assistance_id).first()


def check_draft(assistance: Assistance) -> None:
    """Raises Conflict for what was handed over, or has ended."""
    if assistance.state != AssistanceState.DRAFT:
        message = f"这件代办{assistance.get_state_display()}，不能再改。"
        raise Conflict(message)


def asked_now(assistance: Assistance, asking_id: UUID | None = None) -> AskedHere:
    """What the hall that has it asks for, of a row that is held. ``asking_id``: what somebody has read, None: whatever
    it is. Raises Conflict where nothing is asked for, something else, or where it was handed over."""
    asked = asked_of(assistance)
    if asked is None:
        raise Conflict("对方现在没有要补的，可能已经补过，或者已经有了结果。")
    if asking_id not in {None, asked.asking_id}:
        raise Conflict("对方要补的内容有变化，请看过现在的再补。")
    if asked.handed_at:
        raise Conflict("补的材料已经交给对方，等对方收下。")
    return asked


def note_act(by: Actor, hall: Hall, assistance: Assistance, act: str, **facts: Any) -> None:
    record_act(
        by=by,
        act=f"assistance.{act}",
        object_type="assistance",
        object_id=assistance.pk,
        hall_id=hall.pk,
        **facts,
    )
