"""Who stands in at a post while its holder is away (代理)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotAllowed
from province.audit.operations import record_act
from province.identity.models import ADMINISTRATORS, Account, Actor, Post, Substitution
from province.identity.operations.posts import check_may_take


@transaction.atomic
def name_substitute(*, by: Actor, post: Post, substitute: Account, from_on: date, to_on: date) -> Substitution:
    """From one day to another (both included) the substitute may act in this post; it ends by itself.

    A post's holder names somebody who works in the same hall; so may whoever could have given the post. Nobody names
    one at a post where he is but a substitute himself. Raises Conflict for a second substitute in the same days and
    for the three administrators, NotAllowed, Invalid for wrong days.
    """
    # whoever gives the substitute a post at this moment comes before or after
    substitute = Account.objects.select_for_update().get(pk=substitute.pk)
    found = Post.objects.select_for_update(of=("self",)).select_related("account", "own_role").get(pk=post.pk)
    if by.id != found.account_id or by.acting_for_id:
        check_may_take(by, found)
    _check_days(from_on, to_on)
    _check_person(found, substitute)
    if Substitution.objects.filter(post=found, ended_at=None, from_on__lte=to_on, to_on__gte=from_on).exists():
        raise Conflict("这段时间已指定过代理人，请先结束原来的代理。")
    substitution = Substitution.objects.create(
        post=found, substitute=substitute, from_on=from_on, to_on=to_on, named_by_id=by.id
    )
    _record(by, "identity.name_substitute", substitution, [None, str(substitute.pk)])
    return substitution


@transaction.atomic
def end_substitution(*, by: Actor, substitution: Substitution) -> Substitution:
    """Before its time, at once. The holder may, the substitute, and whoever could have given the post. A repeat changes
    nothing."""
    found = (
        Substitution.objects.select_for_update(of=("self",)).select_related("post__own_role").get(pk=substitution.pk)
    )
    if by.id is None or by.acting_for_id or by.id not in {found.post.account_id, found.substitute_id}:
        check_may_take(by, found.post)
    if found.ended_at is None:
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        _record(by, "identity.end_substitution", found, [str(found.substitute_id), None])
    return found


def _check_days(from_on: date, to_on: date) -> None:
    if to_on < from_on:
        raise _wrong("to_on", "结束日期不能早于开始日期。")
    if to_on < timezone.localdate():
        raise _wrong("to_on", "结束日期已经过去。")


def _check_person(post: Post, substitute: Account) -> None:
    if substitute.pk == post.account_id:
        raise _wrong("username", "不能由本人代理本人。")
    if not substitute.is_active:
        raise _wrong("username", "这个账号已停用。")
    if post.role in ADMINISTRATORS or substitute.posts.filter(role__in=ADMINISTRATORS).exists():
        raise Conflict("系统、安全、审计三类管理员的岗位不能代理，他们也不能代理别人。")
    if not substitute.posts.filter(hall_id=post.hall_id).exists():
        raise NotAllowed("只能由同一服务厅（或同为省级）的人员代理。")


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, faults=[Fault(field, message)])


def _record(by: Actor, act: str, substitution: Substitution, change: list[str | None]) -> None:
    record_act(
        by=by,
        act=act,
        object_type="account",
        object_id=substitution.post.account_id,
        hall_id=substitution.post.hall_id,
        changes={
            "substitute": change,
            "days": [None, f"{substitution.from_on}/{substitution.to_on}"],
        },
    )
