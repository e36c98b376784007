"""Open, close and reopen accounts; one's own password."""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from foundation.errors import Fault, Invalid, NotAllowed
from province.audit.operations import record_act
from province.identity.models import (
    Account,
    ActivationCode,
    Actor,
    Passkey,
    RecoveryCode,
    SignInSession,
    SignInTry,
    TotpKey,
)
from province.identity.operations.posts import check_others_stay, lock_operators
from province.identity.operations.second_factor import digest_of, draw_code
from province.identity.operations.sessions import end_sign_ins
from province.identity.operations.tries import count_try, forgive_tries
from province.identity.queries.people import require_over
from province.identity.queries.rights import require

ACTIVATION_FOR = timedelta(days=7)
# shorter account names are part of many an innocent word
_SHORTEST_WORD = 4


def change_password(
    *, by: Actor, account: Account, present: str, new: str, address: str, kept: SignInSession | None
) -> None:
    """Somebody's own password. All other sign-ins of the account end with it; ``kept`` goes on.

    Raises Invalid for a wrong present password or a weak new one, NotAllowed after too many wrong ones.
    """
    if by.id != account.id:
        raise NotAllowed("只能修改自己的密码。")
    step = SignInTry.Step.PASSWORD
    count_try(step=step, username=account.username, address=address, is_known_device=True)
    if not account.check_password(present):
        message = "当前密码不正确。"
        raise Invalid(message, faults=[Fault("present", message)])
    forgive_tries(step=step, username=account.username, address=address)
    with transaction.atomic():
        _set_password(account, new, field="new")
        if kept:
            SignInSession.objects.filter(pk=kept.pk).update(auth_hash=account.get_session_auth_hash())
        _end_sessions(account, kept=kept)
        record_act(by=by, act="identity.change_password", object_type="account", object_id=account.id)


def _set_password(account: Account, password: str, *, field: str) -> None:
    try:
        validate_password(password, account)
        _check_names_apart(account, password)
    except ValidationError as error:
        message = "密码不符合要求。"
        raise Invalid(message, faults=[Fault(field, text) for text in error.messages]) from error
    account.set_password(password)
    account.save()


def _check_names_apart(account: Account, password: str) -> None:
    for word, least in ((account.username, _SHORTEST_WORD), (account.name, 2)):
        if len(word) >= least and word.casefold() in password.casefold():
            raise ValidationError("密码里不能含有您的账号或姓名。")


def _end_sessions(account: Account, *, kept: SignInSession | None = None) -> None:
    mine = SignInSession.objects.filter(account=account)
    end_sign_ins(mine.exclude(pk=kept.pk) if kept else mine)


@transaction.atomic
def issue_activation(*, by: Actor, account: Account) -> str:
    """A code with which its owner sets a password, once and within seven days; this is the only time it can be seen.

    For accounts without a password, and for people who have lost password and phone: what they had goes on working
    until the code is used. A new code ends the former ones.
    """
    require_over(by, "people.manage", account)
    found = Account.objects.select_for_update().get(pk=account.pk)
    if not found.is_active:
        raise Invalid("这个账号已停用，请先启用。")
    now = timezone.now()
    found.activation_codes.filter(used_at=None).update(used_at=now)
    code = draw_code()
    ActivationCode.objects.create(account=found, digest=digest_of(code), expires_at=now + ACTIVATION_FOR)
    record_act(by=by, act="identity.issue_activation", object_type="account", object_id=found.id)
    return code


def activate_account(*, username: str, code: str, password: str, address: str) -> Account:
    """Set the password by an activation code. Former second factors and sign-ins of the account end.

    Raises Invalid, in the same words for an unknown name and a wrong, used or old code; NotAllowed after too many.
    """
    step = SignInTry.Step.ACTIVATION
    count_try(step=step, username=username, address=address)
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(username=username, is_active=True).first()
        found = (
            account.activation_codes.filter(digest=digest_of(code), used_at=None, expires_at__gt=timezone.now()).first()
            if account
            else None
        )
        if account is None or found is None:
            message = "账号或激活码不正确，或者激活码已经用过、已过期。请核对后再试，或向管理员要一个新的。"
            raise Invalid(message, faults=[Fault("code", message)])
        _set_password(account, password, field="new")
        found.used_at = timezone.now()
        found.save(update_fields=["used_at"])
        TotpKey.objects.filter(account=account).delete()
        Passkey.objects.filter(account=account).delete()
        RecoveryCode.objects.filter(account=account).delete()
        _end_sessions(account)
        by = Actor(account.id, account.name, ())
        record_act(by=by, act="identity.activate", object_type="account", object_id=account.id)
    forgive_tries(step=step, username=username, address=address)
    return account


@transaction.atomic
def create_account(*, by: Actor, username: str, name: str, password: str) -> Account:
    """A new account without posts. Raises Invalid for a taken name or a weak password."""
    require(by, "people.manage")
    if Account.objects.filter(username=username).exists():
        message = f"账号“{username}”已被使用，请换一个。"
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
    """What closing comes to, for who has asked already and holds the row."""
    account.is_active = False
    account.session_round += 1
    account.save(update_fields=["is_active", "session_round"])
    _end_sessions(account)
    revoked = account.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    changes = {"is_active": [True, False], "tokens_revoked": revoked}
    record_act(by=by, act="identity.close_account", object_type="account", object_id=account.id, changes=changes)
    return account


@transaction.atomic
def reopen_account(*, by: Actor, account: Account) -> Account:
    """Its owner may sign in again, with the same password and posts. Former sessions and tokens stay ended."""
    require_over(by, "people.manage", account)
    found = Account.objects.select_for_update().get(pk=account.pk)
    if found.is_active:
        return found
    found.is_active = True
    found.save(update_fields=["is_active"])
    changes = {"is_active": [False, True]}
    record_act(by=by, act="identity.reopen_account", object_type="account", object_id=found.id, changes=changes)
    return found
