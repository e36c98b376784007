"""What happens to ratings, and what comes by the clock. The subject is the rating."""

from typing import Final

from foundation.events.kinds import NoPayload, declare_event

# nobody has rated in time
RATING_LAPSES: Final = declare_event("ratings.lapses", NoPayload)
# somebody gave one of the two lowest grades
RATED_LOW: Final = declare_event("ratings.rated_low", NoPayload)
