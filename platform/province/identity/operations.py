import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from foundation.errors import Fault, Invalid
from province.audit.operations import record_act
from province.identity.models import Account, Actor, ApiToken, Post, Role
from province.identity.queries import PERMISSIONS, require


@transaction.atomic
def create_account(*, by: Actor, username: str, name: str, password: str) -> Account:
    """A new account without posts. Raises Invalid for a taken name or a weak password."""
    require(by, "halls.manage")
    if Account.objects.filter(username=username).exists():
        message = f"账号“{username}”已被使用,请换一个。"
        raise Invalid(message)
    account = Account(username=username, name=name)
    try:
        validate_password(password, account)
    except ValidationError as error:
        message = "密码不符合要求。"
        raise Invalid(message, faults=[Fault("password", text) for text in error.messages]) from error
    account.set_password(password)
    account.save()
    record_act(by=by, act="identity.create_account", object_type="account", object_id=account.id)
    return account


@transaction.atomic
def give_post(*, by: Actor, account: Account, role: Role, hall_id: UUID | None = None, reach_prefix: str = "") -> Post:
    """Put the account into a role; a second call with the same role and hall changes nothing."""
    require(by, "halls.manage")
    if (role is Role.HALL_EDITOR) != (hall_id is not None):
        message = "服务厅岗位必须指明服务厅,省级岗位不能指明服务厅。"
        raise Invalid(message)
    post, is_new = Post.objects.get_or_create(
        account=account, role=role, hall_id=hall_id, defaults={"reach_prefix": reach_prefix}
    )
    if is_new:
        record_act(
            by=by,
            act="identity.give_post",
            object_type="account",
            object_id=account.id,
            hall_id=hall_id,
            changes={"role": [None, str(role)]},
        )
    return post


@transaction.atomic
def issue_token(
    *, by: Actor, account: Account, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> str:
    """A new key for a program; this is the only time it can be seen."""
    if by.id != account.id:
        require(by, "halls.manage")
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
