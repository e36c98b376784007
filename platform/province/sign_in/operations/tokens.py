"""Keys for programs."""

import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from foundation.errors import Fault, Invalid, NotAllowed
from province.audit.operations import record_act
from province.people.models import Account
from province.people.queries.people import require_over
from province.rights.actors import Actor
from province.rights.permissions import PERMISSIONS, declare
from province.rights.queries import require
from province.rights.roles import Reach, Role
from province.sign_in.models import ApiToken

declare(
    "tokens.manage",
    "管理所有人的访问令牌",
    reach=Reach.PROVINCE,
    roles={Role.PROVINCE_OPERATOR, Role.SECURITY_ADMINISTRATOR},
)

VALID_FOR = timedelta(days=90)
LONGEST = timedelta(days=366)
_MOST_ADDRESSES = 20
# a key that is used a thousand times a second writes its row once a minute
_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def issue_token(
    *,
    by: Actor,
    account: Account,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
    addresses: Sequence[str] = (),
) -> str:
    """A new key for a program; this is the only time it can be seen. It can never do more than its owner, and makes no
    further keys: one that did would outlive its own end, and lend what it was not given.

    ``expires_at``: in 90 days, if left out. ``addresses``: IP addresses or networks (CIDR) from which it is taken; none
    named: from everywhere. One's own needs no permission; a program's account, which nobody signs in with, gets its key
    from somebody who has it. For somebody who signs in nobody else makes one: with it they would act under that name.
    """
    if by.scopes is not None:
        raise NotAllowed("访问令牌不能生成新的令牌，请本人登录后办理。")
    if by.id != account.id:
        require(by, "tokens.manage")
        require_over(by, "tokens.manage", account)
        if account.has_usable_password():
            message = f"“{account.username}”是{account.name}登录用的账号，令牌只能由本人生成。请给程序新建一个账号。"
            raise _wrong("username", message)
    # a key outlives the absence for which somebody stands in
    if by.acting_for_id:
        raise NotAllowed("代理期间不能生成令牌。")
    if not account.is_active:
        raise Invalid("这个账号已停用。")
    if not scopes:
        raise _wrong("scopes", "请至少选择一项权限。")
    if unknown := sorted(set(scopes) - PERMISSIONS.keys()):
        message = f"没有这些权限：{'、'.join(unknown)}。"
        raise _wrong("scopes", message)
    key = f"yz_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        account=account,
        name=name,
        digest=hashlib.sha256(key.encode()).hexdigest(),
        scopes=sorted(set(scopes)),
        expires_at=_checked_end(expires_at),
        addresses=_networks(addresses),
    )
    record_act(
        by=by,
        act="sign_in.issue_token",
        object_type="token",
        object_id=token.id,
        changes={"scopes": [[], token.scopes], "addresses": [[], token.addresses]},
    )
    return key


@transaction.atomic
def revoke_token(*, by: Actor, token: ApiToken) -> None:
    """Revoke the key: it is worth nothing from now on. A repeat changes nothing."""
    if not by.is_in_person(token.account_id):
        require(by, "tokens.manage")
    if ApiToken.objects.filter(id=token.id, revoked_at=None).update(revoked_at=timezone.now()):
        record_act(by=by, act="sign_in.revoke_token", object_type="token", object_id=token.id)


def note_token_use(token: ApiToken) -> None:
    """Note that the key was just used, at most once a minute."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - _NOTED_EVERY:
        is_old = Q(last_used_at=None) | Q(last_used_at__lt=now - _NOTED_EVERY)
        ApiToken.objects.filter(is_old, pk=token.pk).update(last_used_at=now)


def _checked_end(expires_at: datetime | None) -> datetime:
    now = timezone.now()
    if expires_at is None:
        return now + VALID_FOR
    if expires_at <= now:
        raise _wrong("expires_at", "有效期不能是过去的日期。")
    if expires_at > now + LONGEST:
        raise _wrong("expires_at", "有效期最长一年，到期前请换新的令牌。")
    return expires_at


def _networks(addresses: Sequence[str]) -> list[str]:
    if len(addresses) > _MOST_ADDRESSES:
        message = f"来源地址最多 {_MOST_ADDRESSES} 个。"
        raise _wrong("addresses", message)
    found = []
    for address in addresses:
        try:
            found.append(str(ipaddress.ip_network(address.strip(), strict=False)))
        except ValueError as error:
            message = f"“{address.strip()[:43]}”不是 IP 地址或网段，请写成 10.1.2.3 或 10.1.0.0/16 的形式。"
            raise _wrong("addresses", message) from error
    return list(dict.fromkeys(found))


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, faults=[Fault(field, message)])
