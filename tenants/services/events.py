"""What happens to a hall's items later."""

from uuid import UUID

from foundation.events.kinds import NoPayload, Payload, declare_event
from province.catalogue.states import HallGuideState


class GuidesMoved(Payload):
    """``state``: SUBMITTED, RETURNED, or DONE where citizens read them; ``versions``: those that one act moved;
    ``by_id``: who did it, None for the machine."""

    state: HallGuideState
    versions: list[UUID]
    by_id: UUID | None


# guides were submitted, returned or passed, one event for an act on many. Subject: the first of the versions
GUIDES_MOVED = declare_event("services.guides_moved", GuidesMoved)
# by the clock: somebody should have decided on it by now. Subject: the version
GUIDE_LATE = declare_event("services.guide_late", NoPayload)

# by the clock, every day: what citizens read is looked at. Subject: the hall
GUIDES_CHECKED = declare_event("services.guides_checked", NoPayload)
# by the clock, once: what a file of guides would change is kept no longer. Subject: the import
GUIDE_IMPORT_FORGOTTEN = declare_event("services.guide_import_forgotten", NoPayload)
