"""What happens to cases between halls. The subject is the referral; the hall, who has to do something about it."""

from typing import Final

from foundation.events.kinds import NoPayload, declare_event

# for the hall to which it goes
REFERRAL_SENT: Final = declare_event("cases.referral_sent", NoPayload)
# for the hall that has the case of which it is
REFERRAL_RECALLED: Final = declare_event("cases.referral_recalled", NoPayload)
# for the hall that sent it first
REFERRAL_ANSWERED: Final = declare_event("cases.referral_answered", NoPayload)
