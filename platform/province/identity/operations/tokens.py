"""Keys for programs."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from foundation.errors import Fault, Invalid
from province.audit.operations import record_act
from province.identity.models import Account, Actor, ApiToken
from province.identity.queries.rights import PERMISSIONS, require


@transaction.atomic
def issue_token(
    *, by: Actor, account: Account, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> str:
    """A new key for a program; this is the only time it can be seen."""
    if by.id != account.id:
        require(by, "halls.manage")
    if not scopes:
        raise Invalid("请至少选择一项权限。", faults=[Fault("scopes", "请至少选择一项权限。")])
    if unknown := sorted(set(scopes) - set(PERMISSIONS)):
        message = f"没有这些权限:{'、'.join(unknown)}。"
        raise Invalid(message)
    key = f"yz_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        account=account,
        name=name,
        digest=hashlib.sha256(key.encode()).hexdigest(),
        scopes=list(scopes),
        expires_at=expires_at,
    )
    record_act(by=by, act="identity.issue_token", object_type="token", object_id=token.id)
    return key


@transaction.atomic
def revoke_token(*, by: Actor, token: ApiToken) -> None:
    if by.id != token.account_id:
        require(by, "halls.manage")
    ApiToken.objects.filter(id=token.id, revoked_at=None).update(revoked_at=timezone.now())
    record_act(by=by, act="identity.revoke_token", object_type="token", object_id=token.id)
