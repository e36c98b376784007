"""What other apps may hear of divisions and halls."""

from foundation.events.kinds import NoPayload, declare_event

# lines of a plan were carried out, or taken back: divisions have other codes. Subject: the run of CodeMoves
DIVISIONS_CHANGED = declare_event("halls.divisions_changed", NoPayload)

# a hall's rows came back out of an archive: what it reported to the province is of another day. Subject: the hall
HALL_RESTORED = declare_event("halls.restored", NoPayload)
