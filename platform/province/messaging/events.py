"""What is left for later where very many are told at once."""

from typing import Final
from uuid import UUID

from foundation.events.kinds import Payload, declare_event


class NoticesWanted(Payload):
    """One piece of the people who are told. ``people``: each with the person in whose place, if in anybody's."""

    kind: str
    cause_id: UUID
    title: str
    hall_id: UUID | None
    path: str
    people: list[tuple[UUID, UUID | None]]


NOTICES_WANTED: Final = declare_event("messaging.notices_wanted", NoticesWanted)
