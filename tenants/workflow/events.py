"""What runs of flows wait for. The subject is the item; of ``RUN_ENDED`` the run."""

from typing import Final

from foundation.events.kinds import NoPayload, declare_event

# the step's time is nearly over, or over
ITEM_REMINDS: Final = declare_event("workflow.item_reminds", NoPayload)
ITEM_DUE: Final = declare_event("workflow.item_due", NoPayload)
# a timer of a flow has run out
TIMER_ENDS: Final = declare_event("workflow.timer_ends", NoPayload)
# another flow is to be started for a run
CALL_WANTED: Final = declare_event("workflow.call_wanted", NoPayload)
# the run that waits for it goes on, those that it started end
RUN_ENDED: Final = declare_event("workflow.run_ended", NoPayload)
