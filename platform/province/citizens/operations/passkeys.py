"""Passkeys of citizens, made and used at hosts of halls below the province's domain."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.operations import record_act
from province.citizens.models import Citizen, CitizenPasskey
from province.rights.actors import Actor
from province.sign_in.operations.webauthn import (
    MOST_PASSKEYS,
    Question,
    ask_to_register,
    ask_to_sign,
    registered,
    signed_by,
)


def begin_citizen_passkey(*, citizen: Citizen) -> Question:
    """What the browser is asked to make. What a device lists of a citizen is masked."""
    return ask_to_register(
        user_id=citizen.pk,
        username=f"{citizen.name} {citizen.phone}".strip(),
        display_name=str(citizen),
        held=citizen.passkeys.all(),
    )


@transaction.atomic
def add_citizen_passkey(
    *, by: Actor, citizen: Citizen, host: str, name: str, state: dict[str, Any], answer: dict[str, Any]
) -> CitizenPasskey:
    """Keep what the browser has made at this host. Raises Invalid where it does not fit what was asked, Conflict for
    one too many, NotFound where the account has ended."""
    if not by.is_in_person(citizen.pk):
        raise NotAllowed("只能设置自己的登录方式。")
    # two at once wait for each other
    if not Citizen.objects.select_for_update().filter(pk=citizen.pk, ended_at=None).exists():
        raise NotFound("账号已注销。")
    if citizen.passkeys.count() >= MOST_PASSKEYS:
        message = f"最多可以有 {MOST_PASSKEYS} 个通行密钥，请先移除不用的。"
        raise Conflict(message)
    made = registered(host=host, state=state, answer=answer)
    if CitizenPasskey.objects.filter(credential_id=made["credential_id"]).exists():
        raise Invalid("这个通行密钥已经添加过了。")
    passkey = CitizenPasskey.objects.create(citizen=citizen, name=name, **made)
    _record(by, "citizens.add_passkey", citizen, [None, name])
    return passkey


@transaction.atomic
def remove_citizen_passkey(*, by: Actor, citizen: Citizen, passkey: CitizenPasskey) -> None:
    """Remove a passkey. A repeat changes nothing. The citizen can still sign in by a code to the phone."""
    if not by.is_in_person(citizen.pk):
        raise NotAllowed("只能设置自己的登录方式。")
    removed, _ = citizen.passkeys.filter(pk=passkey.pk).delete()
    if removed:
        _record(by, "citizens.remove_passkey", citizen, [passkey.name, None])


@transaction.atomic
def decline_citizen_passkey(*, by: Actor, citizen: Citizen) -> None:
    """Note that the citizen would rather have none: it is not offered again. A repeat changes nothing."""
    if not by.is_in_person(citizen.pk):
        raise NotAllowed("只能设置自己的登录方式。")
    mine = Citizen.objects.filter(pk=citizen.pk, passkey_declined_at=None)
    if mine.update(passkey_declined_at=timezone.now()):
        record_act(
            by=by, act="citizens.decline_passkey", object_type="citizen", object_id=citizen.pk, person_id=citizen.pk
        )


def begin_citizen_proof(*, citizen: Citizen | None = None) -> Question:
    """What the browser is asked to sign. Without a citizen: anyone who has a passkey of ours can sign."""
    return ask_to_sign(citizen.passkeys.all() if citizen else None)


def check_citizen_passkey(
    *, host: str, state: dict[str, Any], answer: dict[str, Any], citizen: Citizen | None = None
) -> Citizen:
    """Which citizen has signed, at this hall's host. Raises Invalid, in the same words whatever was wrong."""
    passkeys = CitizenPasskey.objects.filter(citizen__ended_at=None).select_related("citizen")
    passkeys = passkeys.filter(citizen=citizen) if citizen else passkeys
    return signed_by(passkeys, host=host, state=state, answer=answer).citizen


def _record(by: Actor, act: str, citizen: Citizen, names: list[str | None]) -> None:
    record_act(
        by=by, act=act, object_type="citizen", object_id=citizen.pk, person_id=citizen.pk, changes={"name": names}
    )
