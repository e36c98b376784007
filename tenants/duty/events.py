"""What comes by the clock. The subject is the hall."""

from typing import Final

from foundation.events.kinds import NoPayload, declare_event

# a day begins on which somebody should look whether the coming ones have somebody on duty
DUTY_LOOK_AHEAD: Final = declare_event("duty.look_ahead", NoPayload)
