"""Codes sent to phones: who asks for how many, and which one is right."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from foundation.advisory_lock import hold_name
from foundation.crypto.keyring import keyed_hash, keyring
from foundation.errors import DomainError, Fault, Invalid, TooMany
from foundation.proof_of_work import use_solution
from province.citizens.models import PhoneCode
from province.citizens.operations.messages import Message, message_gateway
from standards.numbers.phones import is_mobile, normal_phone

CODE_DIGITS = 6
WRONG_CODES = 5
CODES_EVERY = timedelta(minutes=1)
CODES_A_DAY = 10
# a whole office, or a whole village, may stand behind one address
CODES_OF_ADDRESS = 60
# for strangers who have not done the proof of work: their browsers run no scripts
CODES_WITHOUT_PROOF = 5
_ADDRESS_SPAN = timedelta(hours=1)
_KEPT = timedelta(days=1)


def send_code_to_stranger(*, phone: str, address: str, proof: str, browser_id: UUID) -> bool:
    """A code to sign in with, for somebody of whom nothing is known; it is right in this one browser alone. ``proof``:
    the proof of work of the form, empty where no script ran, which a few requests of an address may be. Returns and
    raises as ``send_code``."""
    number = read_phone(phone)
    if proof:
        use_solution(proof)
    most = CODES_OF_ADDRESS if proof else CODES_WITHOUT_PROOF
    return _send(number, PhoneCode.Purpose.SIGN_IN, address, browser_id, most)


def send_code(*, phone: str, purpose: PhoneCode.Purpose, address: str = "", subject_id: UUID | None = None) -> bool:
    """Send six digits that hold for five minutes; an earlier code for the same purpose no longer does. Returns False
    where nobody has confirmed that they went out.

    Nothing here depends on whether anybody has this phone. Raises Invalid for no mobile number, TooMany, Unavailable.
    In transactions of its own (callers open none): none is open while the gateway takes its time.
    """
    return _send(read_phone(phone), purpose, address, subject_id, CODES_OF_ADDRESS)


def _send(number: str, purpose: PhoneCode.Purpose, address: str, subject_id: UUID | None, most: int) -> bool:
    gateway = message_gateway()
    code_id, code = _draw_code(number, purpose, address, subject_id, most)
    minutes = PhoneCode.LASTS.seconds // 60
    text = f"验证码 {code}，用于{purpose.label}，{minutes} 分钟内有效。工作人员不会索要密码，请勿告诉陌生人。"
    parameters = {"code": code, "purpose": str(purpose.label), "minutes": str(minutes)}
    try:
        return gateway.send(Message(code_id, number, "code", parameters, text))
    except DomainError:
        # it went nowhere: who asks again need not wait for it
        PhoneCode.objects.filter(pk=code_id).update(expires_at=timezone.now())
        raise


def read_phone(phone: str) -> str:
    """The eleven digits. Raises Invalid."""
    number = normal_phone(phone)
    if not is_mobile(number):
        message = "请填写 11 位手机号。"
        raise Invalid(message, faults=[Fault("phone", message)])
    return number


def use_code(*, phone: str, purpose: PhoneCode.Purpose, code: str, subject_id: UUID | None = None) -> None:
    """Check the code and use it up. Raises Invalid, in the same words whatever is wrong with it.

    In a transaction of its own (callers open none before it): a wrong try counts whatever happens afterwards, and of
    two with the same code the second finds it used.
    """
    if not _is_right(normal_phone(phone), purpose, code.strip(), subject_id):
        message = "验证码不正确或已失效，请核对短信，或重新获取。"
        raise Invalid(message, faults=[Fault("code", message)])


@transaction.atomic
def _draw_code(
    phone: str, purpose: PhoneCode.Purpose, address: str, subject_id: UUID | None, most: int
) -> tuple[UUID, str]:
    now = timezone.now()
    phone_hash = hash_of_phone(phone)
    # always in this order: two at once wait for each other and count each other
    hold_name(f"code {phone_hash}")
    hold_name(f"code {address}")
    PhoneCode.objects.filter(created_at__lt=now - _KEPT).delete()
    sent = PhoneCode.objects.filter(phone_hash=phone_hash)
    if sent.filter(created_at__gt=now - CODES_EVERY, expires_at__gt=now).exists():
        message = f"验证码已发送。没有收到的话，请 {CODES_EVERY.seconds} 秒后再获取。"
        raise TooMany(message)
    if sent.count() >= CODES_A_DAY:
        raise TooMany("这个手机号今天获取验证码的次数太多，请明天再试，或到服务大厅窗口办理。")
    of_address = PhoneCode.objects.filter(address=address, created_at__gt=now - _ADDRESS_SPAN)
    if address and of_address.count() >= most:
        hint = "" if most == CODES_OF_ADDRESS else "在浏览器中启用脚本，或"
        raise TooMany(f"您所在网络获取验证码的次数太多，请{hint}一小时后再试。")
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    drawn = PhoneCode.objects.create(
        phone_hash=phone_hash,
        purpose=purpose,
        subject_id=subject_id,
        digest=_digest(phone, purpose, code, subject_id),
        address=address,
        expires_at=now + PhoneCode.LASTS,
    )
    return drawn.pk, code


@transaction.atomic
def _is_right(phone: str, purpose: PhoneCode.Purpose, code: str, subject_id: UUID | None) -> bool:
    codes = PhoneCode.objects.filter(phone_hash=hash_of_phone(phone), purpose=purpose, subject_id=subject_id)
    found = codes.select_for_update().order_by("-created_at", "-pk").first()
    if found is None or found.used_at or found.expires_at <= timezone.now() or found.tries >= WRONG_CODES:
        return False
    found.tries += 1
    is_right = constant_time_compare(found.digest, _digest(phone, purpose, code, subject_id))
    if is_right:
        found.used_at = timezone.now()
    found.save(update_fields=["tries", "used_at"])
    return is_right


def hash_of_phone(phone: str) -> str:
    """The hash by which codes and tries know a phone."""
    return keyed_hash(keyring().index_key, f"phone\0{phone}".encode())


def _digest(phone: str, purpose: PhoneCode.Purpose, code: str, subject_id: UUID | None) -> str:
    """A keyed hash: with a plain one, anyone who reads the table soon finds six digits by trying."""
    return keyed_hash(keyring().index_key, f"code\0{purpose}\0{subject_id or ''}\0{phone}\0{code}".encode())
