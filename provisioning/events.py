"""What there is to hear of rollouts."""

from foundation.events.kinds import NoPayload, declare_event

# somebody wants it carried out in the background. Subject: the rollout
ROLLOUT_STARTED = declare_event("provisioning.rollout_started", NoPayload)
