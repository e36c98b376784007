"""Passkeys of citizens."""

from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.citizens.models import Citizen, CitizenPasskey


def passkeys_of_citizen(citizen: Citizen) -> QuerySet[CitizenPasskey]:
    """The citizen's passkeys, the earliest first."""
    return citizen.passkeys.order_by("created_at")


def passkey_of_citizen(citizen: Citizen, passkey_id: str) -> CitizenPasskey:
    """Raises NotFound, also for what is no id."""
    try:
        found = citizen.passkeys.filter(pk=UUID(passkey_id)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("没有这个通行密钥，或者它已移除。")
    return found
