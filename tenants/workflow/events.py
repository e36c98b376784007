"""What runs of flows wait for (the subject is the item; of ``RUN_ENDED`` the run), and what becomes of files."""

from typing import Final
from uuid import UUID

from foundation.events.kinds import NoPayload, Payload, declare_event

# the step's time is nearly over, or over
ITEM_REMINDS: Final = declare_event("workflow.item_reminds", NoPayload)
ITEM_DUE: Final = declare_event("workflow.item_due", NoPayload)
# a timer of a flow has run out
TIMER_ENDS: Final = declare_event("workflow.timer_ends", NoPayload)
# another flow is to be started for a run
CALL_WANTED: Final = declare_event("workflow.call_wanted", NoPayload)
# something outside is to be called
PLUGIN_CALL_WANTED: Final = declare_event("workflow.plugin_call_wanted", NoPayload)


class LeftCall(Payload):
    """``plugin``: the action's code."""

    plugin: str


# a call has ended without its own answer, for actions that ask to be told
CALL_LEFT: Final = declare_event("workflow.call_left", LeftCall)
# the run that waits for it goes on, those that it started end
RUN_ENDED: Final = declare_event("workflow.run_ended", NoPayload)


class StepsTouched(Payload):
    """The open steps of the hall are to be counted anew, those of runs behind ``after``, or all."""

    after: UUID | None


# the subject is what has moved: a calendar, the hall's own days, a recount of clocks
STEPS_TOUCHED: Final = declare_event("workflow.steps_touched", StepsTouched)


class DroppedFiles(Payload):
    """``keys``: of files in the store that a form had."""

    keys: list[str]


# the subject is the form that was dropped
FILES_DROPPED: Final = declare_event("workflow.files_dropped", DroppedFiles)
# the next items of a batch are to be acted on; the subject is it
BATCH_GOES_ON: Final = declare_event("workflow.batch_goes_on", NoPayload)
# nobody has gone on with a file that arrives in pieces; the subject is it
PARTIAL_ENDS: Final = declare_event("workflow.partial_ends", NoPayload)
