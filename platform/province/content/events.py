"""What other apps may hear of manuscripts and pushes."""

from uuid import UUID

from foundation.events.kinds import NoPayload, Payload, declare_event
from province.content.models import ChannelDelivery
from province.content.states import ReviewState


class PushChanged(Payload):
    """``act``: what accounts outside are to hear about this turn of the push."""

    turn: int
    act: ChannelDelivery.Act


class ProofWanted(Payload):
    turn: int


class VersionMoved(Payload):
    """``state``: at which it stands since; ``by_id``: who submitted it or decided, None for the machine."""

    state: ReviewState
    by_id: UUID | None


# a manuscript was submitted, or a review of it was given. Subject: the version
VERSION_MOVED = declare_event("content.version_moved", VersionMoved)
# by the clock: its reviews should have been given by now. Subject: the version
REVIEW_LATE = declare_event("content.review_late", NoPayload)
# by the clock. Subject of all events below: the push
PUSH_BEGINS = declare_event("content.push_begins", NoPayload)
PUSH_EXPIRES = declare_event("content.push_expires", NoPayload)
# readers see something else from now on: accounts outside follow, and the sites are looked at
PUSH_CHANGED = declare_event("content.push_changed", PushChanged)
# somebody wants the sites to be looked at once more
PROOF_WANTED = declare_event("content.proof_wanted", ProofWanted)
# a hall adopts an offered push, or no longer
ADOPTION_CHANGED = declare_event("content.adoption_changed", NoPayload)
