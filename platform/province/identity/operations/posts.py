"""Put accounts into roles, and take them out."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction

from foundation.errors import Conflict, Invalid
from province.audit.operations import record_act
from province.identity.models import Account, Actor, Post, Role
from province.identity.queries.rights import require


def lock_operators() -> list[Post]:
    """The posts of province operators who can sign in, held: of two acts at once the later sees the earlier."""
    operators = Post.objects.filter(role=Role.PROVINCE_OPERATOR, account__is_active=True)
    return list(operators.select_related("account").select_for_update().order_by("pk"))


def check_others_stay(operators: Sequence[Post], account_id: UUID) -> None:
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
    operators = lock_operators()
    found = Post.objects.select_for_update().filter(pk=post.pk).first()
    if found is None:
        return
    if found.role == Role.PROVINCE_OPERATOR:
        check_others_stay(operators, found.account_id)
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
