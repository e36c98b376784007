"""Passkeys (WebAuthn), bound to the province's domain. Staff make and use theirs at the province's host, citizens at
hosts of halls below it; whose a passkey is decides where it may answer."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.operations import record_act
from province.identity.models import Account, Actor, Citizen, Passkey
from province.identity.queries.hosts import address_of, has_passkeys

type Owner = Account | Citizen
type Asked = dict[str, Any]

MOST_PASSKEYS = 10
_REFUSED = "通行密钥没有通过验证。请再试一次，或改用其他方式登录。"


def begin_passkey(*, owner: Owner) -> tuple[dict[str, Any], Asked]:
    """What the browser is asked to make, and what the server must remember until it answers.

    The key is discoverable and asks its owner (finger, face, PIN): it opens the door by itself. What a device lists of
    a citizen is masked.
    """
    name = owner.username if isinstance(owner, Account) else f"{owner.name} {owner.phone}".strip()
    options, state = _server("").register_begin(
        PublicKeyCredentialUserEntity(
            id=owner.pk.bytes,
            name=name,
            display_name=owner.name if isinstance(owner, Account) else str(owner),
        ),
        credentials=_credentials(owner),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


@transaction.atomic
def add_passkey(*, by: Actor, owner: Owner, host: str, name: str, state: Asked, answer: dict[str, Any]) -> Passkey:
    """Keep what the browser has made at this host. Raises Invalid where it does not fit what was asked."""
    if by.id != owner.pk:
        raise NotAllowed("只能设置自己的登录方式。")
    _hold(owner)
    if owner.passkeys.count() >= MOST_PASSKEYS:
        message = f"最多可以有 {MOST_PASSKEYS} 个通行密钥，请先移除不用的。"
        raise Conflict(message)
    try:
        made = _server(host).register_complete(state, answer)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid("通行密钥没有添加成功，请再试一次。") from error
    credential = made.credential_data
    if credential is None or Passkey.objects.filter(credential_id=credential.credential_id).exists():
        raise Invalid("这个通行密钥已经添加过了。")
    passkey = owner.passkeys.create(
        name=name,
        credential_id=credential.credential_id,
        credential=bytes(credential),
        sign_count=made.counter,
    )
    _record(by, "identity.add_passkey", owner, [None, name])
    return passkey


@transaction.atomic
def remove_citizen_passkey(*, by: Actor, citizen: Citizen, passkey: Passkey) -> None:
    """Removed twice is as once; a code to the phone opens the door all the same."""
    if by.id != citizen.pk:
        raise NotAllowed("只能设置自己的登录方式。")
    removed, _ = citizen.passkeys.filter(pk=passkey.pk).delete()
    if removed:
        _record(by, "identity.remove_passkey", citizen, [passkey.name, None])


def begin_proof(*, owner: Owner | None = None) -> tuple[dict[str, Any], Asked]:
    """What the browser is asked to sign, and what to remember. Without an owner: whoever has a key of ours."""
    options, state = _server("").authenticate_begin(
        credentials=_credentials(owner) if owner else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


def check_passkey(*, state: Asked, answer: dict[str, Any], account: Account | None = None) -> Account:
    """Who of the staff has signed, at the province's host. Raises Invalid, in the same words whatever was wrong."""
    passkeys = Passkey.objects.filter(account__is_active=True)
    passkeys = passkeys.filter(account=account) if account else passkeys
    found = _signed(passkeys.select_related("account"), settings.BASE_DOMAIN, state, answer).account
    if found is None:
        raise Invalid(_REFUSED)
    return found


def check_citizen_passkey(
    *, host: str, state: Asked, answer: dict[str, Any], citizen: Citizen | None = None
) -> Citizen:
    """Which citizen has signed, at this hall's host. Raises Invalid, in the same words whatever was wrong."""
    passkeys = Passkey.objects.filter(citizen__isnull=False, citizen__ended_at=None)
    passkeys = passkeys.filter(citizen=citizen) if citizen else passkeys
    found = _signed(passkeys.select_related("citizen"), host, state, answer).citizen
    if found is None:
        raise Invalid(_REFUSED)
    return found


@transaction.atomic
def _signed(passkeys: QuerySet[Passkey], host: str, state: Asked, answer: dict[str, Any]) -> Passkey:
    try:
        proof = AuthenticationResponse.from_dict(answer)
        passkey = passkeys.select_for_update(of=("self",)).filter(credential_id=proof.raw_id).first()
        if passkey is None:
            raise Invalid(_REFUSED)
        _server(host).authenticate_complete(state, [AttestedCredentialData(bytes(passkey.credential))], answer)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(_REFUSED) from error
    counter = proof.response.authenticator_data.counter
    # one that counts never stands still: a lower count is a copy (WebAuthn Level 3, 7.2)
    if (counter or passkey.sign_count) and counter <= passkey.sign_count:
        raise Invalid(_REFUSED)
    passkey.sign_count = counter
    passkey.last_used_at = timezone.now()
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return passkey


def _server(host: str) -> Fido2Server:
    """``host``: at which the browser answers; it has to be the very one at which it was asked."""
    party = PublicKeyCredentialRpEntity(id=settings.BASE_DOMAIN, name=f"{settings.PROVINCE_NAME}一站")
    return Fido2Server(party, verify_origin=lambda origin: has_passkeys(host) and origin == address_of(host))


def _credentials(owner: Owner) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(one.credential)) for one in owner.passkeys.all()]


def _hold(owner: Owner) -> None:
    """Two at once wait for each other. Raises NotFound where a citizen's account has ended."""
    if isinstance(owner, Account):
        Account.objects.select_for_update().get(pk=owner.pk)
    elif not Citizen.objects.select_for_update().filter(pk=owner.pk, ended_at=None).exists():
        raise NotFound("账号已注销。")


def _record(by: Actor, act: str, owner: Owner, names: list[str | None]) -> None:
    if isinstance(owner, Account):
        record_act(by=by, act=act, object_type="account", object_id=owner.pk, changes={"name": names})
    else:
        record_act(
            by=by,
            act=act,
            object_type="citizen",
            object_id=owner.pk,
            person_id=owner.pk,
            changes={"name": names},
        )
