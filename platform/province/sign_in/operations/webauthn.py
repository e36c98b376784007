"""Credentials by Web Authentication (WebAuthn Level 3), bound to the province's domain: what a browser is asked, and
whether its answer is right. Whose a credential is, its own operations know (passkeys.py; province/citizens)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import Invalid
from province.console.addresses import address_of
from province.sign_in.models import Credential
from province.sign_in.queries.passkeys import has_passkeys

# what reads keys and lists of domains is loaded by those alone who sign in so
if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData

# the question for the browser, and what the server must remember until it answers
type Question = tuple[dict[str, Any], dict[str, Any]]

MOST_PASSKEYS = 10
REFUSED = "通行密钥没有通过验证。请再试一次，或改用其他方式登录。"


def ask_to_register(*, user_id: UUID, username: str, display_name: str, held: Iterable[Credential]) -> Question:
    """Ask the browser to make a credential. It is discoverable and asks its owner (finger, face, PIN), so that it signs
    in by itself.

    ``held``: those that the owner has already; an authenticator makes no second one beside them.
    """
    from fido2.webauthn import (  # noqa: PLC0415
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options, state = _server("").register_begin(
        PublicKeyCredentialUserEntity(id=user_id.bytes, name=username, display_name=display_name),
        credentials=_data_of(held),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


def registered(*, host: str, state: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """What the browser has made at this host, as the fields of a ``Credential``. Raises Invalid where it does not fit
    what was asked."""
    try:
        made = _server(host).register_complete(state, answer)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid("通行密钥没有添加成功，请再试一次。") from error
    if made.credential_data is None:
        raise Invalid("通行密钥没有添加成功，请再试一次。")
    return {
        "credential_id": made.credential_data.credential_id,
        "credential": bytes(made.credential_data),
        "sign_count": made.counter,
    }


def ask_to_sign(held: Iterable[Credential] | None = None) -> Question:
    """Ask the browser to sign with one of these credentials; with None, with any of ours."""
    from fido2.webauthn import UserVerificationRequirement  # noqa: PLC0415

    options, state = _server("").authenticate_begin(
        credentials=None if held is None else _data_of(held),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


@transaction.atomic
def signed_by[Row: Credential](
    candidates: QuerySet[Row], *, host: str, state: dict[str, Any], answer: dict[str, Any]
) -> Row:
    """Which of the candidates has signed, at this host. Raises Invalid, in the same words whatever was wrong."""
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse  # noqa: PLC0415

    try:
        proof = AuthenticationResponse.from_dict(answer)
        found = candidates.select_for_update(of=("self",)).filter(credential_id=proof.raw_id).first()
        if found is None:
            raise Invalid(REFUSED)
        _server(host).authenticate_complete(state, [AttestedCredentialData(bytes(found.credential))], answer)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(REFUSED) from error
    counter = proof.response.authenticator_data.counter
    # one that counts never stands still: a lower count is a copy (WebAuthn Level 3, 7.2)
    if (counter or found.sign_count) and counter <= found.sign_count:
        raise Invalid(REFUSED)
    found.sign_count = counter
    found.last_used_at = timezone.now()
    found.save(update_fields=["sign_count", "last_used_at"])
    return found


def _server(host: str) -> "Fido2Server":
    """``host``: at which the browser answers; it has to be the very one at which it was asked."""
    from fido2.server import Fido2Server  # noqa: PLC0415
    from fido2.webauthn import PublicKeyCredentialRpEntity  # noqa: PLC0415

    party = PublicKeyCredentialRpEntity(id=settings.BASE_DOMAIN, name=f"{settings.PROVINCE_NAME}一站")
    return Fido2Server(party, verify_origin=lambda origin: has_passkeys(host) and origin == address_of(host))


def _data_of(held: Iterable[Credential]) -> "list[AttestedCredentialData]":
    from fido2.webauthn import AttestedCredentialData  # noqa: PLC0415

    return [AttestedCredentialData(bytes(one.credential)) for one in held]
