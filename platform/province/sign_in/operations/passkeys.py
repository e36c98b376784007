"""Passkeys of staff, made and used at the province's host."""

from typing import Any

from django.conf import settings
from django.db import transaction

from foundation.errors import Conflict, Invalid, NotAllowed
from province.audit.operations import record_act
from province.people.models import Account
from province.rights.actors import Actor
from province.sign_in.models import Passkey
from province.sign_in.operations.webauthn import (
    MOST_PASSKEYS,
    Question,
    ask_to_register,
    ask_to_sign,
    registered,
    signed_by,
)


def begin_passkey(*, account: Account) -> Question:
    """What the browser is asked to make."""
    return ask_to_register(
        user_id=account.pk, username=account.username, display_name=account.name, held=account.passkeys.all()
    )


@transaction.atomic
def add_passkey(
    *, by: Actor, account: Account, host: str, name: str, state: dict[str, Any], answer: dict[str, Any]
) -> Passkey:
    """Keep what the browser has made at this host. Raises Invalid where it does not fit what was asked, Conflict for
    one too many."""
    if not by.is_in_person(account.pk):
        raise NotAllowed("只能设置自己的登录方式。")
    # two at once wait for each other
    Account.objects.select_for_update().get(pk=account.pk)
    if account.passkeys.count() >= MOST_PASSKEYS:
        message = f"最多可以有 {MOST_PASSKEYS} 个通行密钥，请先移除不用的。"
        raise Conflict(message)
    made = registered(host=host, state=state, answer=answer)
    if Passkey.objects.filter(credential_id=made["credential_id"]).exists():
        raise Invalid("这个通行密钥已经添加过了。")
    passkey = Passkey.objects.create(account=account, name=name, **made)
    changes = {"name": [None, name]}
    record_act(by=by, act="sign_in.add_passkey", object_type="account", object_id=account.pk, changes=changes)
    return passkey


def begin_proof(*, account: Account | None = None) -> Question:
    """What the browser is asked to sign. Without an account: anyone of the staff who has a passkey can sign."""
    return ask_to_sign(account.passkeys.all() if account else None)


def check_passkey(*, state: dict[str, Any], answer: dict[str, Any], account: Account | None = None) -> Account:
    """Who of the staff has signed, at the province's host. Raises Invalid, in the same words whatever was wrong."""
    passkeys = Passkey.objects.filter(account__is_active=True).select_related("account")
    passkeys = passkeys.filter(account=account) if account else passkeys
    return signed_by(passkeys, host=settings.BASE_DOMAIN, state=state, answer=answer).account
