"""Within which limits the hall asks for ratings and answers low ones."""

from tenants.ratings.models import RatingSettings


def rating_settings() -> RatingSettings:
    """As it is set, or the ready-made limits; not to be written."""
    return RatingSettings.objects.first() or RatingSettings()
