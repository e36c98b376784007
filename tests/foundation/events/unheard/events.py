from foundation.events.kinds import NoPayload, declare_event

UNHEARD = declare_event("unheard.happened", NoPayload)
