"""How citizens sign in, and prove once more who they are: a code to the phone, a passkey, or a password."""

from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from foundation.errors import Conflict, Fault, Invalid
from province.audit.operations import record_act
from province.citizens.models import Citizen, PhoneCode
from province.citizens.operations.passkeys import check_citizen_passkey
from province.citizens.operations.phone_codes import hash_of_phone, read_phone, send_code, use_code
from province.citizens.queries.citizens import actor_of_citizen, citizen_with_phone
from province.sign_in.models import SignInTry
from province.sign_in.operations.throttling import count_try, forgive_tries
from standards.numbers.phones import normal_phone


def sign_in_citizen(*, phone: str, code: str, address: str = "", browser_id: UUID | None = None) -> Citizen:
    """Sign in the owner of the phone; the first time, make an account. ``browser_id``: of the browser that asked for
    the code. Raises Invalid for a wrong or used code, and for another browser's."""
    number = read_phone(phone)
    use_code(phone=number, purpose=PhoneCode.Purpose.SIGN_IN, code=code, subject_id=browser_id)
    return note_sign_in(_citizen_of_phone(number), "code", address)


def _citizen_of_phone(phone: str) -> Citizen:
    found = citizen_with_phone(phone)
    if found:
        return found
    try:
        with transaction.atomic():
            return Citizen.objects.create(phone=phone, level=Citizen.Level.PHONE)
    except IntegrityError:
        # somebody else was quicker with the same phone and another code
        found = citizen_with_phone(phone)
        if found is None:
            raise
        return found


@transaction.atomic
def note_sign_in(citizen: Citizen, way: str, address: str) -> Citizen:
    """Note that the citizen has proved who they are, and how; returns the citizen."""
    if citizen.level < Citizen.Level.PHONE:
        citizen.level = Citizen.Level.PHONE
        citizen.save(update_fields=["level"])
    record_act(
        by=actor_of_citizen(citizen),
        act="citizens.citizen_sign_in",
        object_type="citizen",
        object_id=citizen.pk,
        person_id=citizen.pk,
        changes={"way": [None, way], "address": [None, address]},
    )
    return citizen


def sign_in_with_password(*, phone: str, password: str, address: str) -> Citizen:
    """Sign in by phone and password, for citizens who have set one. Raises Invalid, in the same words and after the
    same time for an unknown phone, one without a password and a wrong password; NotAllowed after too many wrong
    tries."""
    number = normal_phone(phone)
    tried = hash_of_phone(number)
    count_try(step=SignInTry.Step.CITIZEN, username=tried, address=address)
    found = citizen_with_phone(number)
    is_right = check_password(password, (found.password if found else "") or _nobodys_password())
    if found is None or not found.password or not is_right:
        raise Invalid("手机号或密码不正确，也可以用验证码登录。")
    forgive_tries(step=SignInTry.Step.CITIZEN, username=tried, address=address)
    return note_sign_in(found, "password", address)


@cache
def _nobodys_password() -> str:
    """A phone without an account takes as long as one with."""
    return make_password("nobody")


def sign_in_with_passkey(*, host: str, state: dict[str, Any], answer: dict[str, Any], address: str) -> Citizen:
    """Sign in by a passkey at a hall's host. Raises Invalid, in the same words whatever was wrong."""
    return note_sign_in(check_citizen_passkey(host=host, state=state, answer=answer), "passkey", address)


def send_proof_code(*, citizen: Citizen, address: str) -> bool:
    """Send a code to the citizen's own phone, for ``prove_by_code``. Returns as ``send_code``. Raises Conflict
    without a phone, TooMany, Unavailable."""
    if not citizen.phone:
        raise Conflict("您没有绑定手机号，请用其他方式确认。")
    return send_code(phone=citizen.phone.plain, purpose=PhoneCode.Purpose.PROOF, subject_id=citizen.pk, address=address)


def prove_by_code(*, citizen: Citizen, code: str) -> None:
    """Prove that the signed-in citizen has the phone in their hand. Raises Invalid for a wrong or used code."""
    use_code(phone=citizen.phone.plain, purpose=PhoneCode.Purpose.PROOF, code=code, subject_id=citizen.pk)
    _renew_proof(citizen, "code")


def prove_by_password(*, citizen: Citizen, password: str, address: str) -> None:
    """Prove who the citizen is by their password. Raises Invalid for a wrong one, NotAllowed after too many tries."""
    tried = hash_of_phone(normal_phone(citizen.phone.plain))
    count_try(step=SignInTry.Step.CITIZEN, username=tried, address=address)
    if not citizen.password or not check_password(password, citizen.password):
        raise Invalid("密码不正确。", faults=[Fault("password", "密码不正确。")])
    forgive_tries(step=SignInTry.Step.CITIZEN, username=tried, address=address)
    _renew_proof(citizen, "password")


def prove_by_passkey(*, citizen: Citizen, host: str, state: dict[str, Any], answer: dict[str, Any]) -> None:
    """Prove who the citizen is by their passkey. Raises Invalid for anybody else's, and for anything wrong with it."""
    check_citizen_passkey(host=host, state=state, answer=answer, citizen=citizen)
    _renew_proof(citizen, "passkey")


@transaction.atomic
def _renew_proof(citizen: Citizen, way: str) -> None:
    record_act(
        by=actor_of_citizen(citizen),
        act="sign_in.renew_proof",
        object_type="citizen",
        object_id=citizen.pk,
        person_id=citizen.pk,
        changes={"way": [None, way]},
    )
