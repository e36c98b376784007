"""What other apps may hear of staff."""

from uuid import UUID

from foundation.events.kinds import Payload, declare_event


class HandedOver(Payload):
    """``ordered_by_id`` is None where the machine ordered it."""

    leaver_id: UUID
    successor_id: UUID
    ordered_by_id: UUID | None


# what somebody is responsible for goes to a successor. Subject: the one who leaves
HANDED_OVER = declare_event("people.handed_over", HandedOver, is_kept=True)
# one for every hall where the person has a position or something open
HANDED_OVER_IN_HALL = declare_event("people.handed_over_in_hall", HandedOver, is_kept=True)
