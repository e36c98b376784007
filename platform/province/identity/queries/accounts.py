"""Accounts by their names."""

from foundation.errors import Fault, NotFound
from province.identity.models import Account


def account_named(username: str) -> Account:
    """Raises NotFound, at the field ``username``."""
    found = Account.objects.filter(username=username.strip()).first()
    if found is None:
        message = f"没有账号“{username.strip()[:64]}”。"
        raise NotFound(message, faults=[Fault("username", message)])
    return found
