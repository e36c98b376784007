from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.content.events import PUSH_CHANGED, REVIEW_LATE, VERSION_MOVED, PushChanged, VersionMoved
from province.content.models import ChannelDelivery
from province.content.operations.notices import tell_manuscript_late, tell_pushed, tell_version_move


@subscribes(VERSION_MOVED, "content.tell_version_move")
def _tell(event: ReceivedEvent[VersionMoved]) -> None:
    tell_version_move(version_id=event.subject_id, cause_id=event.id, moved=event.payload)


@subscribes(REVIEW_LATE, "content.tell_late")
def _tell_late(event: ReceivedEvent[NoPayload]) -> None:
    tell_manuscript_late(version_id=event.subject_id, cause_id=event.id)


@subscribes(PUSH_CHANGED, "content.tell_pushed")
def _tell_pushed(event: ReceivedEvent[PushChanged]) -> None:
    """Only when it begins: what changes later is who changed it."""
    if event.payload.act == ChannelDelivery.Act.PUSH:
        tell_pushed(push_id=event.subject_id, cause_id=event.subject_id)
