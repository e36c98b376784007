"""What happens to cases. The subject is the case."""

from typing import Final

from foundation.events.kinds import NoPayload, declare_event

# it waits for the hall: it was received, the full set is in, or what was promised has come
CASE_WAITS: Final = declare_event("casework.waits", NoPayload)
# something was said to the applicant
CASE_TOLD: Final = declare_event("casework.told", NoPayload)
# the subject is an application for a package: one of its cases was decided, or has ended
PACKAGE_MOVED: Final = declare_event("casework.package_moved", NoPayload)
