"""Open, close and reopen accounts; one's own password."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from foundation.errors import Fault, Invalid, NotAllowed
from province.audit.operations import record_act
from province.identity.models import Account, Actor
from province.identity.operations.posts import check_others_stay, lock_operators
from province.identity.queries.rights import require


@transaction.atomic
def change_password(*, by: Actor, account: Account, present: str, new: str) -> None:
    """Somebody's own password. All other sessions of the account end with it (Django's session hash)."""
    if by.id != account.id:
        raise NotAllowed("只能修改自己的密码。")
    if not account.check_password(present):
        message = "当前密码不正确。"
        raise Invalid(message, faults=[Fault("present", message)])
    _set_password(account, new, field="new")
    record_act(by=by, act="identity.change_password", object_type="account", object_id=account.id)


def _set_password(account: Account, password: str, *, field: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        message = "密码不符合要求。"
        raise Invalid(message, faults=[Fault(field, text) for text in error.messages]) from error
    account.set_password(password)
    account.save()


@transaction.atomic
def create_account(*, by: Actor, username: str, name: str, password: str) -> Account:
    """A new account without posts. Raises Invalid for a taken name or a weak password."""
    require(by, "halls.manage")
    if Account.objects.filter(username=username).exists():
        message = f"账号“{username}”已被使用,请换一个。"
        raise Invalid(message)
    account = Account(username=username, name=name)
    _set_password(account, password, field="password")
    record_act(by=by, act="identity.create_account", object_type="account", object_id=account.id)
    return account


@transaction.atomic
def close_account(*, by: Actor, account: Account) -> Account:
    """Nobody signs in with it any more: its sessions end at once and for good, its tokens are revoked. A repeat changes
    nothing.

    Raises NotAllowed for one's own account, Conflict for the last province operator's.
    """
    require(by, "halls.manage")
    if by.id == account.id:
        raise NotAllowed("不能停用自己的账号,请由另一位省级运营人员办理。")
    operators = lock_operators()
    found = Account.objects.select_for_update().get(pk=account.pk)
    if not found.is_active:
        return found
    check_others_stay(operators, found.pk)
    found.is_active = False
    found.session_round += 1
    found.save(update_fields=["is_active", "session_round"])
    revoked = found.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    changes = {"is_active": [True, False], "tokens_revoked": revoked}
    record_act(by=by, act="identity.close_account", object_type="account", object_id=found.id, changes=changes)
    return found


@transaction.atomic
def reopen_account(*, by: Actor, account: Account) -> Account:
    """Its owner may sign in again, with the same password and posts. Former sessions and tokens stay ended."""
    require(by, "halls.manage")
    found = Account.objects.select_for_update().get(pk=account.pk)
    if found.is_active:
        return found
    found.is_active = True
    found.save(update_fields=["is_active"])
    changes = {"is_active": [False, True]}
    record_act(by=by, act="identity.reopen_account", object_type="account", object_id=found.id, changes=changes)
    return found
