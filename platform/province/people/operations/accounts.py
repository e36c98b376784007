"""Open, close and reopen accounts."""

from collections.abc import Callable

from django.db import transaction

from foundation.contributions import Slot
from foundation.errors import Invalid, NotAllowed
from province.audit.operations import record_act
from province.people.models import Account
from province.people.operations.passwords import set_password
from province.people.operations.positions import check_others_stay, lock_operators
from province.people.queries.people import require_over
from province.rights.actors import Actor
from province.rights.queries import require

# what upper apps keep for an account and end in the transaction that closes it. What one returns, the audit entry says
ENDINGS = Slot[Callable[[Account], dict[str, object]]]("people.endings", keys=lambda ending: [ending])


@transaction.atomic
def create_account(*, by: Actor, username: str, name: str, password: str) -> Account:
    """A new account without positions. Raises Invalid for a taken name or a weak password."""
    require(by, "people.manage")
    if Account.objects.filter(username=username).exists():
        message = f"账号“{username}”已被使用，请换一个。"
        raise Invalid(message)
    account = Account(username=username, name=name)
    set_password(account=account, password=password, field="password")
    record_act(by=by, act="people.create_account", object_type="account", object_id=account.id)
    return account


@transaction.atomic
def close_account(*, by: Actor, account: Account) -> Account:
    """Close the account: nobody signs in with it any more, its sessions end at once and for good, its tokens are
    revoked. A repeat changes nothing.

    Raises NotAllowed for one's own account, Conflict for the last province operator's.
    """
    require_over(by, "people.manage", account)
    if by.id == account.id:
        raise NotAllowed("不能停用自己的账号，请由另一位管理员办理。")
    operators = lock_operators()
    found = Account.objects.select_for_update().get(pk=account.pk)
    if not found.is_active:
        return found
    check_others_stay(operators, found.pk)
    return shut_account(by=by, account=found)


def shut_account(*, by: Actor, account: Account) -> Account:
    """Close an account whose row the caller has locked, after its own checks."""
    account.is_active = False
    account.session_round += 1
    account.save(update_fields=["is_active", "session_round"])
    changes: dict[str, object] = {"is_active": [True, False]}
    for end in ENDINGS.entries():
        changes |= end(account)
    record_act(by=by, act="people.close_account", object_type="account", object_id=account.id, changes=changes)
    return account


@transaction.atomic
def reopen_account(*, by: Actor, account: Account) -> Account:
    """Reopen the account: its owner may sign in again, with the same password and positions. Former sessions and tokens
    stay ended."""
    require_over(by, "people.manage", account)
    found = Account.objects.select_for_update().get(pk=account.pk)
    if found.is_active:
        return found
    found.is_active = True
    found.save(update_fields=["is_active"])
    changes = {"is_active": [False, True]}
    record_act(by=by, act="people.reopen_account", object_type="account", object_id=found.id, changes=changes)
    return found
