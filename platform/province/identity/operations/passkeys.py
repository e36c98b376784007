"""Passkeys (WebAuthn): made at the province's host, which is their relying party, and asked for there."""

from typing import Any

from django.conf import settings
from django.db import transaction
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

from foundation.errors import Conflict, Invalid, NotAllowed
from province.audit.operations import record_act
from province.identity.models import Account, Actor, Passkey
from province.identity.queries.hosts import province_address

MOST_PASSKEYS = 10
_REFUSED = "通行密钥没有通过验证。请再试一次,或改用密码登录。"


def begin_passkey(*, account: Account) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked to make, and what the server must remember until it answers.

    The key is discoverable and asks its owner (finger, face, PIN): it opens the door by itself.
    """
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=account.id.bytes, name=account.username, display_name=account.name),
        credentials=_credentials(account),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


@transaction.atomic
def add_passkey(*, by: Actor, account: Account, name: str, state: dict[str, Any], answer: dict[str, Any]) -> Passkey:
    """Keep what the browser has made. Raises Invalid where it does not fit what was asked."""
    if by.id != account.id:
        raise NotAllowed("只能设置自己的登录方式。")
    Account.objects.select_for_update().get(pk=account.pk)
    if Passkey.objects.filter(account=account).count() >= MOST_PASSKEYS:
        message = f"最多可以有 {MOST_PASSKEYS} 个通行密钥,请先移除不用的。"
        raise Conflict(message)
    try:
        made = _server().register_complete(state, answer)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid("通行密钥没有添加成功,请再试一次。") from error
    credential = made.credential_data
    if credential is None or Passkey.objects.filter(credential_id=credential.credential_id).exists():
        raise Invalid("这个通行密钥已经添加过了。")
    passkey = Passkey.objects.create(
        account=account,
        name=name,
        credential_id=credential.credential_id,
        credential=bytes(credential),
        sign_count=made.counter,
    )
    record_act(
        by=by, act="identity.add_passkey", object_type="account", object_id=account.id, changes={"name": [None, name]}
    )
    return passkey


def begin_proof(*, account: Account | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked to sign, and what to remember. Without an account: whoever has a key of ours."""
    options, state = _server().authenticate_begin(
        credentials=_credentials(account) if account else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


@transaction.atomic
def check_passkey(*, state: dict[str, Any], answer: dict[str, Any], account: Account | None = None) -> Account:
    """Whose passkey has signed. Raises Invalid, in the same words whatever was wrong."""
    try:
        proof = AuthenticationResponse.from_dict(answer)
        passkey = (
            Passkey.objects.select_for_update(of=("self",))
            .select_related("account")
            .filter(credential_id=proof.raw_id, account__is_active=True)
            .first()
        )
        if passkey is None or (account and passkey.account_id != account.pk):
            raise Invalid(_REFUSED)
        _server().authenticate_complete(state, [AttestedCredentialData(bytes(passkey.credential))], answer)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(_REFUSED) from error
    counter = proof.response.authenticator_data.counter
    # one that counts never stands still: a lower count is a copy (WebAuthn Level 3, 7.2)
    if (counter or passkey.sign_count) and counter <= passkey.sign_count:
        raise Invalid(_REFUSED)
    passkey.sign_count = counter
    passkey.last_used_at = timezone.now()
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return passkey.account


def _server() -> Fido2Server:
    party = PublicKeyCredentialRpEntity(id=settings.BASE_DOMAIN, name=f"{settings.PROVINCE_NAME}一站")
    return Fido2Server(party, verify_origin=lambda origin: origin == province_address())


def _credentials(account: Account) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(one.credential)) for one in Passkey.objects.filter(account=account)]
