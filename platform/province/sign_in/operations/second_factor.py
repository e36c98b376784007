"""Authenticator apps and recovery codes: set up, checked, taken away."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotAllowed
from province.audit.operations import record_act
from province.people.models import Account
from province.people.operations.activation import digest_of, draw_code
from province.rights.actors import Actor
from province.sign_in.models import Factor, Passkey, RecoveryCode, SignInTry, TotpKey
from province.sign_in.operations.throttling import count_try, forgive_tries
from province.sign_in.queries.totp import DIGITS, step_of

RECOVERY_CODES = 10
# in a row, over whatever time: then the app proves nothing any more (NIST SP 800-63B-4, 3.2.2)
MOST_WRONG_CODES = 100


@transaction.atomic
def add_totp(*, by: Actor, account: Account, secret: str, code: str) -> None:
    """Take the key of an app into use, in place of a former one, once a code of it proves that the app has it.

    Raises Invalid for a wrong code.
    """
    _require_own(by, account)
    step = step_of(secret, code.strip())
    if step is None:
        message = "验证码不正确。请确认手机时间准确，并输入应用里现在显示的 6 位数字。"
        raise Invalid(message, faults=[Fault("code", message)])
    Account.objects.select_for_update().get(pk=account.pk)
    TotpKey.objects.filter(account=account).delete()
    key = TotpKey(account=account, last_step=step)
    key.secret = secret
    key.save()
    record_act(by=by, act="sign_in.add_totp", object_type="account", object_id=account.id)


@transaction.atomic
def remove_totp(*, by: Actor, account: Account) -> None:
    """Remove the authenticator app. Raises Conflict where a second factor is required and no other would be left."""
    _require_own(by, account)
    Account.objects.select_for_update().get(pk=account.pk)
    _check_another_stays(Passkey.objects.filter(account=account).exists())
    removed, _ = TotpKey.objects.filter(account=account).delete()
    if removed:
        record_act(by=by, act="sign_in.remove_totp", object_type="account", object_id=account.id)


@transaction.atomic
def remove_passkey(*, by: Actor, account: Account, passkey: Passkey) -> None:
    """Remove a passkey. Raises Conflict where a second factor is required and no other would be left."""
    _require_own(by, account)
    Account.objects.select_for_update().get(pk=account.pk)
    others = Passkey.objects.filter(account=account).exclude(pk=passkey.pk).exists()
    _check_another_stays(others or TotpKey.objects.filter(account=account).exists())
    removed, _ = Passkey.objects.filter(account=account, pk=passkey.pk).delete()
    if removed:
        record_act(by=by, act="sign_in.remove_passkey", object_type="account", object_id=account.id)


@transaction.atomic
def draw_recovery_codes(*, by: Actor, account: Account) -> list[str]:
    """Ten new codes in place of all former ones; this is the only time they can be seen."""
    _require_own(by, account)
    Account.objects.select_for_update().get(pk=account.pk)
    codes = [draw_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(account=account).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=digest_of(code)) for code in codes)
    record_act(by=by, act="sign_in.draw_recovery_codes", object_type="account", object_id=account.id)
    return codes


def check_code(*, account: Account, code: str, address: str, is_known_device: bool = False) -> Factor:
    """Use the code up, and say what it was: of the app or of the recovery list.

    Raises Invalid for a wrong or used one, NotAllowed after too many: for some minutes, and for an app's codes after
    MOST_WRONG_CODES until its owner has set it up anew. Six digits are guessed by who may try for days.
    """
    step = SignInTry.Step.FACTOR
    count_try(step=step, username=account.username, address=address, is_known_device=is_known_device)
    typed = "".join(code.split())
    is_of_app = len(typed) == DIGITS and typed.isascii() and typed.isdigit()
    if not (_use_totp(account, typed) if is_of_app else _use_recovery_code(account, typed)):
        message = "验证码不正确，或者已经用过。请输入应用里现在显示的 6 位数字，或一个没有用过的恢复码。"
        raise Invalid(message, faults=[Fault("code", message)])
    forgive_tries(step=step, username=account.username, address=address)
    return Factor.TOTP if is_of_app else Factor.RECOVERY


@transaction.atomic
def _use_totp(account: Account, code: str) -> bool:
    key = TotpKey.objects.select_for_update().filter(account=account).first()
    if key is None:
        return False
    if key.wrong_codes >= MOST_WRONG_CODES:
        message = f"动态验证码已连续输错 {MOST_WRONG_CODES} 次，不能再用。"
        raise NotAllowed(f"{message}请用恢复码或通行密钥登录，再重新绑定验证器应用；都没有时请联系管理员。")
    step = step_of(key.secret.plain, code, after=key.last_step)
    if step is None:
        key.wrong_codes += 1
    else:
        key.last_step, key.wrong_codes = step, 0
    key.save(update_fields=["last_step", "wrong_codes"])
    return step is not None


@transaction.atomic
def _use_recovery_code(account: Account, code: str) -> bool:
    """Use the code up. Of two at once only one succeeds: the row is changed only where nobody has used it."""
    unused = RecoveryCode.objects.filter(account=account, digest=digest_of(code), used_at=None)
    if not unused.update(used_at=timezone.now()):
        return False
    left = RecoveryCode.objects.filter(account=account, used_at=None).count()
    actor = Actor(account.id, account.name, ())
    changes = {"recovery_codes": [left + 1, left]}
    record_act(by=actor, act="sign_in.use_recovery_code", object_type="account", object_id=account.id, changes=changes)
    return True


def _require_own(by: Actor, account: Account) -> None:
    if not by.is_in_person(account.pk):
        raise NotAllowed("只能设置自己的登录方式。")


def _check_another_stays(stays: bool) -> None:  # noqa: FBT001 - the one thing it asks
    if settings.SECOND_FACTOR_REQUIRED and not stays:
        raise Conflict("这是最后一种登录验证方式。请先添加另一种，再移除它。")
