"""What happens to questions, and what comes by the clock. The subject is the question."""

from typing import Final

from foundation.events.kinds import NoPayload, declare_event

# the last day of its answer is over
ANSWER_DUE: Final = declare_event("engagement.answer_due", NoPayload)
# a complaint waits for another day: who could read it may have left, or have had a hand in its case
NEXT_DAY: Final = declare_event("engagement.complaint_next_day", NoPayload)
# nothing further was asked after the last answer
QUESTION_ENDS: Final = declare_event("engagement.question_ends", NoPayload)
# nobody needs the asker's name and phone any more
CONTACT_ENDS: Final = declare_event("engagement.contact_ends", NoPayload)
# it waits for an answer: it was asked, asked further or given to another department
QUESTION_WAITS: Final = declare_event("engagement.question_waits", NoPayload)
