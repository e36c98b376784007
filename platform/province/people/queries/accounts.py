"""Accounts by their names and ids."""

from collections.abc import Iterable
from uuid import UUID

from foundation.errors import Fault, NotFound
from province.people.models import Account, Position


def account_named(username: str) -> Account:
    """Raises NotFound, at the field ``username``."""
    found = Account.objects.filter(username=username.strip()).first()
    if found is None:
        message = f"没有账号“{username.strip()[:64]}”。"
        raise NotFound(message, faults=[Fault("username", message)])
    return found


def colleague_named(username: str, position: Position) -> Account:
    """Who works where the position is. Raises NotFound at the field ``username``, in the same words for a name that
    there is not and for somebody who works elsewhere alone."""
    found = Account.objects.filter(username=username.strip(), positions__hall_id=position.hall_id).first()
    if found is None:
        message = f"没有找到“{username.strip()[:64]}”：代理人须在同一服务厅（或同为省级）工作。"
        raise NotFound(message, faults=[Fault("username", message)])
    return found


def accounts_named(usernames: Iterable[str]) -> dict[str, UUID]:
    """user name -> id, of those that there are: one query."""
    return dict(Account.objects.filter(username__in=list(usernames)).values_list("username", "pk"))


def account_with_id(account_id: UUID | None) -> Account:
    """Raises NotFound."""
    found = Account.objects.filter(pk=account_id).first() if account_id else None
    if found is None:
        raise NotFound("没有这个人员。")
    return found


def works_here(account_id: UUID, hall_id: UUID) -> bool:
    """Whether the account is open and has a position in the hall."""
    return Account.objects.filter(pk=account_id, is_active=True, positions__hall_id=hall_id).exists()


def account_with_password_hash(account_id: UUID, auth_hash: str) -> Account | None:
    """The open account, if its password is still the one of which ``get_session_auth_hash`` gave this hash."""
    found = Account.objects.filter(pk=account_id, is_active=True).first()
    return found if found and found.get_session_auth_hash() == auth_hash else None
