"""What other apps may hear of sign-ins."""

from foundation.events.kinds import NoPayload, declare_event

# somebody's sign-in ended, and clients are to be told
SIGNED_OUT = declare_event("sign_in.signed_out", NoPayload)
