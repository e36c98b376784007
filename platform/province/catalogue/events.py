"""What other apps may hear of items."""

from uuid import UUID

from foundation.events.kinds import NoPayload, Payload, declare_event
from province.catalogue.states import ProposalState, VersionState


class DepartmentLoad(Payload):
    """One department's part of the base list. ``publishes``: put what is complete in force at once.
    ``ordered_by_id`` is None where the machine ordered it; ``scopes`` are of the token where a program did."""

    department: str
    publishes: bool
    ordered_by_id: UUID | None
    position_id: UUID | None
    scopes: frozenset[str] | None


class CatalogueChange(Payload):
    """Positions in the feed of changes."""

    first: int
    last: int


class VersionDecision(Payload):
    """``by_id``: who decided, None for the machine."""

    state: VersionState
    by_id: UUID | None = None


class ProposalAnswer(Payload):
    state: ProposalState


# a file is to be read, or written. Subject: the import
IMPORT_WANTED = declare_event("catalogue.import_wanted", NoPayload)
# by the clock: a file that was imported is kept no longer. Subject: the import
IMPORT_FORGOTTEN = declare_event("catalogue.import_forgotten", NoPayload)
# subject: the load that is under way
DEPARTMENT_LOADS = declare_event("catalogue.load_department", DepartmentLoad, is_kept=True)
# a place above has decided on a guide of this hall. Subject: the decision
GUIDE_DECIDED = declare_event("catalogue.guide_decided", NoPayload)
# an item has another code: one for each hall that has adopted it. Subject: the item
ITEM_SUCCEEDED = declare_event("catalogue.item_succeeded", NoPayload)
# items were merged or split: one for each hall that has adopted any of them. Subject: the succession
SUCCESSION_DONE = declare_event("catalogue.succession_done", NoPayload)
# by the clock: the day of a merger or a split has come. Subject: the succession
SUCCESSION_BEGINS = declare_event("catalogue.succession_begins", NoPayload)
# one for each hall. Subject: the assignment
ITEMS_ASSIGNED = declare_event("catalogue.items_assigned", NoPayload, is_kept=True)
# by the clock: a version whose day has come, and one that no hall may put off any longer. Subject: the version
VERSION_BEGINS = declare_event("catalogue.version_begins", NoPayload)
VERSION_REQUIRED = declare_event("catalogue.version_required", NoPayload)
# by the clock, at once: the rules of the search were changed. Subject: always the same, so many changes are one event
MISSES_TRIED = declare_event("catalogue.misses_tried", NoPayload)
# by the clock: the day on which the version says that the item ends. Subject: the version
ITEM_ENDS = declare_event("catalogue.item_ends", NoPayload)
# by the clock: a day on which an added element begins, is needed or ends. Subject: that revision of it
ELEMENT_TURNS = declare_event("catalogue.element_turns", NoPayload)
# versions are found by other words, since an added element is defined otherwise. Subject: that revision of it
ITEM_WORDS_RENEWED = declare_event("catalogue.item_words_renewed", NoPayload)
# by the clock: nobody has confirmed an urgent suspension. Subject: the request
PAUSE_UNCONFIRMED = declare_event("catalogue.pause_unconfirmed", NoPayload)
# one for each commit that changed what halls see
CATALOGUE_CHANGED = declare_event("catalogue.changed", CatalogueChange)

# offices have to decide on it. Subject: the version
VERSION_SUBMITTED = declare_event("catalogue.version_submitted", NoPayload)
# an office has passed it and others go on, all have, one has returned it, or it is published. Subject: the version
VERSION_DECIDED = declare_event("catalogue.version_decided", VersionDecision)
# by the clock: offices should have decided by now. Subject: the version
REVIEW_LATE = declare_event("catalogue.review_late", NoPayload)
# subject: the proposal, and the hall that made it
PROPOSAL_ANSWERED = declare_event(
    "catalogue.proposal_answered", ProposalAnswer, without_subscribers="pages read the rows themselves"
)
