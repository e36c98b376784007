"""What other apps may hear of divisions and halls."""

from foundation.events.kinds import NoPayload, declare_event

# a plan of changes was carried out: divisions have other codes. Subject: the plan
DIVISIONS_CHANGED = declare_event("halls.divisions_changed", NoPayload)
