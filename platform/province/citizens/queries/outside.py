"""By which platforms citizens may sign in here."""

from django.conf import settings
from django.db.models import QuerySet

from province.citizens.models import Citizen, OutsideIdentity

# what the settings must name
_NEEDED = {
    "wechat": ("APP_ID", "APP_SECRET"),
    "alipay": ("APP_ID", "PRIVATE_KEY", "PUBLIC_KEY"),
    "national": ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"),
}


def is_offered(provider: str) -> bool:
    """Whether the settings name all that it takes."""
    facts = settings.OUTSIDE[provider]
    return all(facts[name] for name in _NEEDED[provider])


def offered_platforms() -> list[OutsideIdentity.Provider]:
    return [one for one in OutsideIdentity.Provider if is_offered(one)]


def outside_identities_of(citizen: Citizen) -> QuerySet[OutsideIdentity]:
    """The citizen's linked accounts, the earliest first."""
    return citizen.outside_identities.order_by("created_at")
