from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import handles
from province.catalogue.operations.publication import BEGINS, REQUIRED, begin_version, require_version


@handles(BEGINS)
def _begin(event: OutboxEvent) -> None:
    assert event.subject_id is not None  # noqa: S101 - this kind always has one
    begin_version(version_id=event.subject_id)


@handles(REQUIRED)
def _require(event: OutboxEvent) -> None:
    assert event.subject_id is not None  # noqa: S101 - this kind always has one
    require_version(version_id=event.subject_id)
