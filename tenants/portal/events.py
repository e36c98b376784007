"""What happens to a hall's articles."""

from typing import Final
from uuid import UUID

from foundation.events.kinds import NoPayload, Payload, declare_event
from tenants.portal.states import DraftState


class ArticleMoved(Payload):
    """``state``: at which the version stands since, ``DONE`` where readers see it; ``by_id``: who submitted it or
    decided, None for the machine."""

    state: DraftState
    by_id: UUID | None


# submitted, decided on, or published. Subject: the version
ARTICLE_MOVED: Final = declare_event("portal.article_moved", ArticleMoved)
# by the clock: its reviews should have been given by now. Subject: the version
ARTICLE_LATE: Final = declare_event("portal.article_late", NoPayload)
