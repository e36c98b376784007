"""查进度: somebody who has no account shows by a number and the end of their phone that something is theirs. How often
they may be wrong about it is counted here, where a limit cannot fail open."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.crypto.keyring import keyed_hash, keyring
from foundation.errors import TooMany
from province.citizens.models import LookUpTry

WRONG_LOOK_UPS = 5
# a whole village may stand behind one address
WRONG_LOOK_UPS_OF_ADDRESS = 30
_SPAN = timedelta(hours=1)


@transaction.atomic
def begin_look_up(*, hall_id: UUID, number: str, address: str) -> LookUpTry:
    """Count one try, as wrong until ``end_look_up`` says otherwise. In a transaction of its own: whatever happens
    afterwards, it counts. Raises TooMany after five wrong ones for a number, or thirty from an address, in an hour."""
    now = timezone.now()
    number_hash = _hash(f"{hall_id}\0{number}")
    address_hash = _hash(f"address\0{address}") if address else ""
    # always in this order: two at once wait for each other and count each other
    hold_name(f"look_up {number_hash}")
    hold_name(f"look_up {address_hash}")
    LookUpTry.objects.filter(created_at__lt=now - _SPAN).delete()
    of_address = LookUpTry.objects.filter(address_hash=address_hash).count() if address_hash else 0
    if (
        LookUpTry.objects.filter(number_hash=number_hash).count() >= WRONG_LOOK_UPS
        or of_address >= WRONG_LOOK_UPS_OF_ADDRESS
    ):
        raise TooMany("查询次数太多，请一小时后再试，或拨打咨询电话，报上编号。")
    return LookUpTry.objects.create(number_hash=number_hash, address_hash=address_hash)


def end_look_up(one: LookUpTry) -> None:
    """It was right: it counts no more."""
    one.delete()


def _hash(text: str) -> str:
    return keyed_hash(keyring().index_key, f"look_up\0{text}".encode())
