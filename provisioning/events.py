"""What there is to hear of rollouts and of halls' keys of the object store."""

from foundation.events.kinds import NoPayload, declare_event

# somebody wants it carried out in the background. Subject: the rollout
ROLLOUT_STARTED = declare_event("provisioning.rollout_started", NoPayload)

# the time in which a hall's former key of the object store stays good is over. Subject: the hall
STORE_KEY_OVER = declare_event("provisioning.store_key_over", NoPayload)
