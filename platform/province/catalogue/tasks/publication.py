from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.catalogue.events import VERSION_BEGINS, VERSION_REQUIRED
from province.catalogue.operations.publication import begin_version, require_version


@subscribes(VERSION_BEGINS, "catalogue.begin_version")
def _begin(event: ReceivedEvent[NoPayload]) -> None:
    begin_version(version_id=event.subject_id)


@subscribes(VERSION_REQUIRED, "catalogue.require_version")
def _require(event: ReceivedEvent[NoPayload]) -> None:
    require_version(version_id=event.subject_id)
