"""What happens to cases between halls. The subject is the referral, of what is brought later that supplement; the hall,
who has to do something about it."""

from typing import Final

from foundation.events.kinds import NoPayload, Payload, declare_event


class ReferralTime(Payload):
    """``is_over``: the time for an answer is over, not only nearly."""

    is_over: bool


# for the hall to which it goes
REFERRAL_SENT: Final = declare_event("cases.referral_sent", NoPayload)
# for the hall that has the case of which it is
REFERRAL_RECALLED: Final = declare_event("cases.referral_recalled", NoPayload)
# for the hall that sent it first
REFERRAL_ANSWERED: Final = declare_event("cases.referral_answered", NoPayload)
# for the hall that is asked for an opinion: the clock is the sender's
REFERRAL_DUE: Final = declare_event("cases.referral_due", ReferralTime)
# for the hall that took the application in: its applicant is to bring something
REFERRAL_ASKED: Final = declare_event("cases.referral_asked", NoPayload)
# for the hall that has asked
SUPPLEMENT_SENT: Final = declare_event("cases.supplement_sent", NoPayload)
# for the hall of whose cases it is; the subject is the export
LIST_EXPORT_WANTED: Final = declare_event("cases.list_export_wanted", NoPayload)
# its file is to go, and later its row
LIST_EXPORT_EXPIRES: Final = declare_event("cases.list_export_expires", NoPayload)
