from typing import Final

from foundation.events.kinds import NoPayload, declare_event

# its files are not needed here any more; the subject is it
ASSISTANCE_OVER: Final = declare_event("assistance.assistance_over", NoPayload)
