"""Name and password, and who tries too often."""

from datetime import timedelta

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone

from foundation.errors import Invalid, NotAllowed
from province.audit.operations import record_act
from province.identity.models import Account, Actor, SignInTry

WRONG_TRIES = 5


LOCKED_FOR = timedelta(minutes=5)


def check_password(*, username: str, password: str, address: str) -> Account:
    """The account behind a name and password. Raises Invalid, in the same words for an unknown name, a wrong password
    and a closed account; NotAllowed after five wrong tries from one address.

    A try is counted before the password is looked at, in a transaction of its own: tries made at once all count, and
    a refusal takes nothing back.
    """
    _count_try(username, address)
    account = authenticate(None, username=username, password=password)
    if not isinstance(account, Account):
        raise Invalid("账号或密码不正确。")
    with transaction.atomic():
        SignInTry.objects.filter(username=username, address=address).delete()
        actor = Actor(account.id, account.name, ())
        record_act(by=actor, act="identity.sign_in", object_type="account", object_id=account.id)
    return account


@transaction.atomic
def _count_try(username: str, address: str) -> None:
    now = timezone.now()
    SignInTry.objects.filter(last_at__lt=now - LOCKED_FOR).delete()
    found, _ = SignInTry.objects.select_for_update().get_or_create(
        username=username, address=address, defaults={"last_at": now}
    )
    if found.failures >= WRONG_TRIES:
        minutes = LOCKED_FOR.seconds // 60
        message = f"连续输错 {WRONG_TRIES} 次,为保护账号,请 {minutes} 分钟后再试。"
        raise NotAllowed(message)
    found.failures += 1
    found.last_at = now
    found.save(update_fields=["failures", "last_at"])
