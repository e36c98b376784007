"""What happens to a hall's items later."""

from foundation.events.kinds import NoPayload, declare_event

# by the clock, every day: what citizens read is looked at. Subject: the hall
GUIDES_CHECKED = declare_event("services.guides_checked", NoPayload)
# by the clock, once: what a file of guides would change is kept no longer. Subject: the import
GUIDE_IMPORT_FORGOTTEN = declare_event("services.guide_import_forgotten", NoPayload)
