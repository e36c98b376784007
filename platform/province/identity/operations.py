import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotAllowed
from province.audit.operations import record_act
from province.identity.models import Account, Actor, ApiToken, Post, Role, SignInTry
from province.identity.queries import PERMISSIONS, require

WRONG_TRIES = 5
LOCKED_FOR = timedelta(minutes=5)


def check_password(*, username: str, password: str, address: str) -> Account:
    """The account behind a name and password. Raises Invalid, in the same words for an unknown name, a wrong password
    and a closed account; NotAllowed after five wrong tries from one address.

    A try is counted before the password is looked at, in a transaction of its own: tries made at once all count, and
    a refusal takes nothing back.
    """
    _count_try(username, address)
    account = authenticate(None, username=username, password=password)
    if not isinstance(account, Account):
        raise Invalid("账号或密码不正确。")
    with transaction.atomic():
        SignInTry.objects.filter(username=username, address=address).delete()
        actor = Actor(account.id, account.name, ())
        record_act(by=actor, act="identity.sign_in", object_type="account", object_id=account.id)
    return account


@transaction.atomic
def _count_try(username: str, address: str) -> None:
    now = timezone.now()
    SignInTry.objects.filter(last_at__lt=now - LOCKED_FOR).delete()
    found, _ = SignInTry.objects.select_for_update().get_or_create(
        username=username, address=address, defaults={"last_at": now}
    )
    if found.failures >= WRONG_TRIES:
        minutes = LOCKED_FOR.seconds // 60
        message = f"连续输错 {WRONG_TRIES} 次,为保护账号,请 {minutes} 分钟后再试。"
        raise NotAllowed(message)
    found.failures += 1
    found.last_at = now
    found.save(update_fields=["failures", "last_at"])


@transaction.atomic
def change_password(*, by: Actor, account: Account, present: str, new: str) -> None:
    """Somebody's own password. All other sessions of the account end with it (Django's session hash)."""
    if by.id != account.id:
        raise NotAllowed("只能修改自己的密码。")
    if not account.check_password(present):
        message = "当前密码不正确。"
        raise Invalid(message, faults=[Fault("present", message)])
    _set_password(account, new, field="new")
    record_act(by=by, act="identity.change_password", object_type="account", object_id=account.id)


def _set_password(account: Account, password: str, *, field: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        message = "密码不符合要求。"
        raise Invalid(message, faults=[Fault(field, text) for text in error.messages]) from error
    account.set_password(password)
    account.save()


@transaction.atomic
def create_account(*, by: Actor, username: str, name: str, password: str) -> Account:
    """A new account without posts. Raises Invalid for a taken name or a weak password."""
    require(by, "halls.manage")
    if Account.objects.filter(username=username).exists():
        message = f"账号“{username}”已被使用,请换一个。"
        raise Invalid(message)
    account = Account(username=username, name=name)
    _set_password(account, password, field="password")
    record_act(by=by, act="identity.create_account", object_type="account", object_id=account.id)
    return account


@transaction.atomic
def close_account(*, by: Actor, account: Account) -> Account:
    """Nobody signs in with it any more: its sessions end at once and for good, its tokens are revoked. A repeat changes
    nothing.

    Raises NotAllowed for one's own account, Conflict for the last province operator's.
    """
    require(by, "halls.manage")
    if by.id == account.id:
        raise NotAllowed("不能停用自己的账号,请由另一位省级运营人员办理。")
    operators = _operators()
    found = Account.objects.select_for_update().get(pk=account.pk)
    if not found.is_active:
        return found
    _check_others_stay(operators, found.pk)
    found.is_active = False
    found.session_round += 1
    found.save(update_fields=["is_active", "session_round"])
    revoked = found.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    changes = {"is_active": [True, False], "tokens_revoked": revoked}
    record_act(by=by, act="identity.close_account", object_type="account", object_id=found.id, changes=changes)
    return found


@transaction.atomic
def reopen_account(*, by: Actor, account: Account) -> Account:
    """Its owner may sign in again, with the same password and posts. Former sessions and tokens stay ended."""
    require(by, "halls.manage")
    found = Account.objects.select_for_update().get(pk=account.pk)
    if found.is_active:
        return found
    found.is_active = True
    found.save(update_fields=["is_active"])
    changes = {"is_active": [False, True]}
    record_act(by=by, act="identity.reopen_account", object_type="account", object_id=found.id, changes=changes)
    return found


def _operators() -> list[Post]:
    """The posts of province operators who can sign in, held: of two acts at once the later sees the earlier."""
    operators = Post.objects.filter(role=Role.PROVINCE_OPERATOR, account__is_active=True)
    return list(operators.select_related("account").select_for_update().order_by("pk"))


def _check_others_stay(operators: Sequence[Post], account_id: UUID) -> None:
    """Raises Conflict where this account's is the only one left."""
    if [post.account_id for post in operators] == [account_id]:
        raise Conflict("这是最后一位省级运营人员,请先给别人省级运营岗位。")


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
def take_post(*, by: Actor, post: Post) -> None:
    """The account leaves the role, from its next request on. Taken twice is as once.

    Raises Conflict for the last province operator's.
    """
    require(by, "halls.manage")
    operators = _operators()
    found = Post.objects.select_for_update().filter(pk=post.pk).first()
    if found is None:
        return
    if found.role == Role.PROVINCE_OPERATOR:
        _check_others_stay(operators, found.account_id)
    found.delete()
    record_act(
        by=by,
        act="identity.take_post",
        object_type="account",
        object_id=found.account_id,
        hall_id=found.hall_id,
        changes={"role": [found.role, None]},
    )


@transaction.atomic
def move_posts(*, reach: Mapping[UUID, str]) -> None:
    """After a change of division codes: the posts of these halls reach below the halls' present prefixes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE identity_post AS post SET reach_prefix = moved.prefix
            FROM unnest(%s::uuid[], %s::varchar[]) AS moved (hall_id, prefix)
            WHERE post.hall_id = moved.hall_id AND post.reach_prefix <> moved.prefix
            """,
            [list(reach), list(reach.values())],
        )


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
