"""What happens to a hall's items later."""

from foundation.events.kinds import NoPayload, declare_event

# by the clock, every day: what citizens read is looked at. Subject: the hall
GUIDES_CHECKED = declare_event("services.guides_checked", NoPayload)
