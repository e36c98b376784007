from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.content.events import REVIEW_LATE, VERSION_MOVED, VersionMoved
from province.content.operations.notices import tell_manuscript_late, tell_version_move


@subscribes(VERSION_MOVED, "content.tell_version_move")
def _tell(event: ReceivedEvent[VersionMoved]) -> None:
    tell_version_move(version_id=event.subject_id, cause_id=event.id, moved=event.payload)


@subscribes(REVIEW_LATE, "content.tell_late")
def _tell_late(event: ReceivedEvent[NoPayload]) -> None:
    tell_manuscript_late(version_id=event.subject_id, cause_id=event.id)
