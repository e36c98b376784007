"""Guests, who ask a hall something without an account: how often they may, and how the answer reaches them."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.crypto.keyring import keyed_hash, keyring
from foundation.errors import NotFound, TooMany
from foundation.proof_of_work import use_solution
from foundation.rows import draw_id
from foundation.texts import line_of
from province.audit.operations import record_act
from province.citizens.models import GuestContact
from province.citizens.operations.citizens import REVEAL, reason_to_reveal
from province.citizens.operations.phone_codes import read_phone
from province.rights.actors import Actor
from province.rights.queries import require

QUESTIONS_A_DAY = 10
# a whole village may stand behind one address
QUESTIONS_OF_ADDRESS = 60
# for those who have not done the proof of work: their browsers run no scripts
QUESTIONS_WITHOUT_PROOF = 5
_ADDRESS_SPAN = timedelta(hours=1)
_LONGEST_NAME = 40


@transaction.atomic
def keep_guest_contact(*, hall_id: UUID, name: str, phone: str, address: str, proof: str) -> GuestContact:
    """Keep who asks and how to reach them, in the transaction of what they ask. ``proof``: the proof of work of the
    form, empty where no script ran, which a few requests of an address may be. Raises Invalid for no mobile number or a
    wrong proof, TooMany."""
    number = read_phone(phone)
    if proof:
        use_solution(proof)
    address_hash = keyed_hash(keyring().index_key, f"guest_contact\0{address}".encode()) if address else ""
    # always in this order: two at once wait for each other and count each other
    hold_name(f"guest_contact {number}")
    hold_name(f"guest_contact {address}")
    now = timezone.now()
    if (
        GuestContact.objects.filter(phone_index__of=number, created_at__gt=now - timedelta(days=1)).count()
        >= QUESTIONS_A_DAY
    ):
        raise TooMany("这个手机号今天提的问题太多，请明天再提，或直接拨打咨询电话。")
    most = QUESTIONS_OF_ADDRESS if proof else QUESTIONS_WITHOUT_PROOF
    of_address = GuestContact.objects.filter(address_hash=address_hash, created_at__gt=now - _ADDRESS_SPAN)
    if address_hash and of_address.count() >= most:
        hint = "" if proof else "在浏览器中启用脚本，或"
        message = f"您所在网络提的问题太多，请{hint}一小时后再提，或直接拨打咨询电话。"
        raise TooMany(message)
    guest_contact = GuestContact(
        id=draw_id(),
        hall_id=hall_id,
        name=line_of(name)[:_LONGEST_NAME],
        phone=number,
        address_hash=address_hash,
    )
    guest_contact.save(force_insert=True)
    return guest_contact


def copy_guest_contact(*, hall_id: UUID, name: str, phone: str) -> GuestContact:
    """Keep how another hall's asker is reached, in the transaction in which what they said is taken up. No limit
    counts it: they have asked once."""
    return GuestContact.objects.create(id=draw_id(), hall_id=hall_id, name=name, phone=phone)


@transaction.atomic
def reveal_guest_contact(*, by: Actor, hall_id: UUID, guest_contact_id: UUID, reason: str) -> str:
    """Return the number to call, in plain text. This leaves an entry. Raises Invalid without a reason, NotFound for
    another hall's."""
    require(by, REVEAL, hall_id=hall_id)
    reason = reason_to_reveal(reason)
    guest_contact = GuestContact.objects.filter(pk=guest_contact_id, hall_id=hall_id).first()
    if guest_contact is None:
        raise NotFound("没有这个提问人。")
    record_act(
        by=by,
        act="citizens.reveal_guest_contact",
        object_type="guest_contact",
        object_id=guest_contact.pk,
        hall_id=hall_id,
        reason=reason,
        changes={"field": [None, "phone"]},
    )
    number: str = guest_contact.phone.plain
    return number


@transaction.atomic
def erase_guest_contact(*, hall_id: UUID, guest_contact_id: UUID) -> None:
    """Erase name and phone: nobody needs them any more. A repeat changes nothing."""
    guest_contact = GuestContact.objects.select_for_update().filter(pk=guest_contact_id, hall_id=hall_id).first()
    if guest_contact is None:
        return
    guest_contact.name = guest_contact.phone = guest_contact.address_hash = ""
    guest_contact.save()
