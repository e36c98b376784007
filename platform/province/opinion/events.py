"""What is told to the halls whose open questions a calendar touches. The subject is the calendar."""

from typing import Final

from foundation.events.kinds import Payload, declare_event


class LimitsTouched(Payload):
    """``why``: whose arrangement it is, in words."""

    why: str


LIMITS_TOUCHED: Final = declare_event("opinion.limits_touched", LimitsTouched)
