"""What other apps may hear of pushes."""

from foundation.events.kinds import NoPayload, Payload, declare_event
from province.content.models import ChannelDelivery


class PushChanged(Payload):
    """``act``: what accounts outside are to hear about this turn of the push."""

    turn: int
    act: ChannelDelivery.Act


class ProofWanted(Payload):
    turn: int


# by the clock. Subject of all events here: the push
PUSH_BEGINS = declare_event("content.push_begins", NoPayload)
PUSH_EXPIRES = declare_event("content.push_expires", NoPayload)
# readers see something else from now on: accounts outside follow, and the sites are looked at
PUSH_CHANGED = declare_event("content.push_changed", PushChanged)
# somebody wants the sites to be looked at once more
PROOF_WANTED = declare_event("content.proof_wanted", ProofWanted)
# a hall adopts an offered push, or no longer
ADOPTION_CHANGED = declare_event("content.adoption_changed", NoPayload)
