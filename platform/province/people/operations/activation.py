"""Codes with which people set their password."""

import base64
import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.errors import Invalid
from province.audit.operations import record_act
from province.people.models import Account, ActivationCode, OwnRole, Position
from province.people.queries.people import require_over
from province.rights.actors import Actor

ACTIVATION_FOR = timedelta(days=7)


@transaction.atomic
def issue_activation(*, by: Actor, account: Account) -> str:
    """A code with which its owner sets a password, once and within seven days; this is the only time it can be seen.

    For accounts without a password, and for people who have lost password and phone: what they had goes on working
    until the code is used. A new code ends the former ones.
    """
    found = Account.objects.select_for_update().get(pk=account.pk)
    # what gives the account more rights at this moment comes before or after, and so does what widens a role of it
    positions = Position.objects.filter(Q(account=found) | Q(substitutions__substitute=found))
    list(OwnRole.objects.select_for_update().filter(pk__in=positions.values("own_role")).order_by("pk"))
    require_over(by, "people.manage", found)
    if not found.is_active:
        raise Invalid("这个账号已停用，请先启用。")
    _unused_codes([found.pk]).update(used_at=timezone.now())
    code = draw_code()
    expires_at = timezone.now() + ACTIVATION_FOR
    ActivationCode.objects.create(account=found, digest=digest_of(code), expires_at=expires_at, issued_by_id=by.id)
    record_act(by=by, act="people.issue_activation", object_type="account", object_id=found.id)
    return code


def end_activation_codes(*, by: Actor, account_ids: Iterable[UUID]) -> None:
    """Accounts gain rights: codes that nobody has used, and that somebody else than ``by`` has issued, open them no
    more, for who has seen these need not rule what is gained. The caller holds the accounts, or what they gain it
    by."""
    found = _unused_codes(account_ids)
    if by.id:
        found = found.filter(Q(issued_by_id=None) | ~Q(issued_by_id=by.id))
    found.update(used_at=timezone.now())


def _unused_codes(account_ids: Iterable[UUID]) -> QuerySet[ActivationCode]:
    return ActivationCode.objects.filter(account__in=list(account_ids), used_at=None)


def draw_activation_codes(by: Actor, accounts: Collection[Account]) -> dict[UUID, str]:
    """For new accounts: account id -> its code, of which only a hash is kept."""
    codes = {account.pk: draw_code() for account in accounts}
    expires_at = timezone.now() + ACTIVATION_FOR
    ActivationCode.objects.bulk_create(
        ActivationCode(account=account, digest=digest_of(codes[account.pk]), expires_at=expires_at, issued_by_id=by.id)
        for account in accounts
    )
    return codes


def use_activation_code(*, username: str, code: str) -> Account | None:
    """The account that the code opens, held until the transaction ends, and the code used up; None where the name is
    unknown, the account closed, or the code wrong, used or old."""
    account = Account.objects.select_for_update().filter(username=username, is_active=True).first()
    now = timezone.now()
    codes = ActivationCode.objects.filter(account=account, digest=digest_of(code), used_at=None, expires_at__gt=now)
    return account if account and codes.update(used_at=now) else None


def draw_code() -> str:
    """80 random bits, as people read them out and type them in: ``ABCD-EFGH-2345-MNPQ``."""
    text = base64.b32encode(secrets.token_bytes(10)).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def digest_of(code: str) -> str:
    """The hash of a drawn code, however it was typed."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
