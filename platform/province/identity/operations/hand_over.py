"""Everything that somebody leaves behind goes to a successor (离岗交接)."""

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, NotAllowed
from foundation.outbox.operations import emit_event
from province.audit.operations import record_act
from province.identity.models import Account, Actor, Post, Role, Substitution
from province.identity.models.posts import AnyRole
from province.identity.operations.accounts import shut_account
from province.identity.operations.posts import check_may_take, check_separation, lock_operators
from province.identity.queries.people import is_administrator, require_over
from province.identity.queries.work import HANDED_OVER, HANDED_OVER_IN_HALL, halls_with_work, work_of


@transaction.atomic
def hand_over(*, by: Actor, account: Account, successor: Account, reason: str = "") -> int:
    """The successor takes over every post and every absence in which the person stands in; the account is closed, and
    with it end its sign-ins and tokens. What the person is responsible for follows at once, by events: other apps and
    the halls hand over what is theirs. Returns how many posts went over (one that the successor has already just ends).

    Raises NotAllowed for posts that the actor could not give, Conflict where the successor may not have them all.
    """
    if by.id in {account.pk, successor.pk}:
        raise NotAllowed("交接应由双方以外的管理员办理。")
    # always in the same order: of two hand-overs at once one comes first
    lock_operators()
    held = {
        one.pk: one
        for one in Account.objects.select_for_update().filter(pk__in=[account.pk, successor.pk]).order_by("pk")
    }
    leaver, successor = held[account.pk], held[successor.pk]
    if leaver.pk == successor.pk:
        raise Conflict("不能交接给本人。")
    if not successor.is_active:
        raise Conflict("接手人的账号已停用。")
    if not leaver.is_active and not leaver.posts.exists() and not work_of(leaver):
        raise Conflict("这个账号已经交接并停用。")
    require_over(by, "people.manage", leaver)
    halls = halls_with_work(leaver)
    moved = _hand_over_posts(by, leaver, successor)
    _hand_over_absences(leaver, successor)
    record_act(
        by=by,
        act="identity.hand_over",
        object_type="account",
        object_id=leaver.pk,
        reason=reason,
        changes={"successor": [None, successor.username], "posts": [moved, 0]},
    )
    payload = {"from": str(leaver.pk), "to": str(successor.pk), "by": str(by.id) if by.id else None}
    emit_event(kind=HANDED_OVER, subject_id=leaver.pk, payload=payload)
    for hall_id in sorted(halls):
        emit_event(kind=HANDED_OVER_IN_HALL, subject_id=leaver.pk, hall_id=hall_id, payload=payload)
    if leaver.is_active:
        shut_account(by=by, account=leaver)
    return moved


def _hand_over_posts(by: Actor, leaver: Account, successor: Account) -> int:
    posts = list(leaver.posts.select_for_update(of=("self",)).select_related("own_role").order_by("pk"))
    own = {_key(post) for post in successor.posts.all()}
    moved = 0
    for post in posts:
        check_may_take(by, post)
        check_separation(successor, _role(post))
        # whoever stands in goes on, unless it is the successor
        Substitution.objects.filter(post=post, substitute=successor, ended_at=None).update(ended_at=timezone.now())
        if _key(post) in own:
            post.delete()
            continue
        post.account = successor
        post.save(update_fields=["account"])
        moved += 1
    return moved


def _hand_over_absences(leaver: Account, successor: Account) -> None:
    """Where the person stood in, the successor does; where that would be at one's own post, nobody needs to."""
    standing_in = Substitution.objects.filter(substitute=leaver, ended_at=None)
    if standing_in.exists() and is_administrator(successor):
        raise Conflict("系统、安全、审计管理员不能接手代理，请先结束这个人的代理。")
    standing_in.filter(post__account=successor).update(ended_at=timezone.now())
    standing_in.exclude(post__account=successor).update(substitute=successor)


def _key(post: Post) -> tuple[object, ...]:
    return post.role, post.own_role_id, post.hall_id, post.unit_id


def _role(post: Post) -> AnyRole:
    return post.own_role or Role(post.role)
