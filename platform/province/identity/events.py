"""What other apps may hear of people and their sign-ins."""

from uuid import UUID

from foundation.events.kinds import NoPayload, Payload, declare_event


class HandedOver(Payload):
    """``ordered_by_id`` is None where the machine ordered it."""

    leaver_id: UUID
    successor_id: UUID
    ordered_by_id: UUID | None


# somebody's sign-in ended, and clients are to be told
SIGNED_OUT = declare_event("identity.signed_out", NoPayload)
# what somebody is responsible for goes to a successor. Subject: the one who leaves
HANDED_OVER = declare_event("identity.handed_over", HandedOver)
# one for every hall where the person has a post or something open
HANDED_OVER_IN_HALL = declare_event("identity.handed_over_in_hall", HandedOver)
