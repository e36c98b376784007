"""Who tries too often: counted before anything is looked at, so that tries made at once all count."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from foundation.errors import NotAllowed
from province.sign_in.models import SignInTry

# for one name from one address; the address's own are more, because a whole office may stand behind it
WRONG_TRIES = 5
WRONG_TRIES_OF_ADDRESS = 50
LOCKED_FOR = timedelta(minutes=5)
# for one name from any address: from then on it is slow, never closed, and not slow on a device of the account's own
TRIES_BEFORE_SLOW = 20
SLOW_BETWEEN = timedelta(seconds=20)
_SWEPT_AT_ONCE = 100

log = structlog.get_logger(__name__)


@transaction.atomic
def count_try(*, step: SignInTry.Step, username: str, address: str, is_known_device: bool = False) -> None:
    """Count one more try. Raises NotAllowed, in the same words whether or not there is such an account. While it
    refuses it counts nothing, so that waiting helps.

    In a transaction of its own (callers open none): a refusal that follows takes nothing back.
    """
    now = timezone.now()
    _sweep(now - LOCKED_FOR)
    # always in this order: two tries at once never wait for each other crosswise
    of_address = _held(step, "", address)
    of_name = _held(step, username, "")
    of_both = _held(step, username, address)
    if of_both.failures >= WRONG_TRIES:
        log.warning("sign_in_locked", step=str(step), address=address)
        message = f"连续输错 {WRONG_TRIES} 次，为保护账号，请 {LOCKED_FOR.seconds // 60} 分钟后再试。"
        raise NotAllowed(message)
    if of_address.failures >= WRONG_TRIES_OF_ADDRESS:
        log.warning("sign_in_address_locked", step=str(step), address=address)
        message = f"您所在网络输错的次数太多，请 {LOCKED_FOR.seconds // 60} 分钟后再试。"
        raise NotAllowed(message)
    if of_name.failures >= TRIES_BEFORE_SLOW and not is_known_device and of_name.last_at > now - SLOW_BETWEEN:
        message = f"这个账号近来输错的次数较多，请 {SLOW_BETWEEN.seconds} 秒后再试，或改用通行密钥登录。"
        raise NotAllowed(message)
    for row in (of_address, of_name, of_both):
        row.failures += 1
        row.last_at = now
        row.save(update_fields=["failures", "last_at"])


@transaction.atomic
def forgive_tries(*, step: SignInTry.Step, username: str, address: str) -> None:
    """Forget tries after a right one: all of the name, but of the address this one alone."""
    SignInTry.objects.filter(step=step, username="", address=address, failures__gt=0).update(failures=F("failures") - 1)
    SignInTry.objects.filter(step=step, username=username, address="").delete()
    SignInTry.objects.filter(step=step, username=username, address=address).delete()


def _held(step: SignInTry.Step, username: str, address: str) -> SignInTry:
    now = timezone.now()
    row, _ = SignInTry.objects.select_for_update().get_or_create(
        step=step, username=username, address=address, defaults={"last_at": now}
    )
    if row.last_at < now - LOCKED_FOR:
        row.failures = 0
    return row


def _sweep(before: datetime) -> None:
    """Delete what nobody asks about any more. Rows that somebody has locked are left to the next sweep."""
    old = SignInTry.objects.select_for_update(skip_locked=True).filter(last_at__lt=before)
    SignInTry.objects.filter(pk__in=old.values("pk")[:_SWEPT_AT_ONCE]).delete()
