"""Who stands in at a position while its holder is away (代理)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotAllowed
from province.audit.operations import record_act
from province.people.models import Account, Position, Substitution
from province.people.operations.activation import end_activation_codes
from province.people.operations.positions import check_may_take
from province.rights.actors import Actor
from province.rights.roles import ADMINISTRATORS


@transaction.atomic
def name_substitute(*, by: Actor, position: Position, substitute: Account, from_on: date, to_on: date) -> Substitution:
    """From one day to another (both included) the substitute may act in this position; it ends by itself.

    A position's holder names somebody who works in the same hall; so may anyone who could have given the position.
    Nobody names one at a position where they are only a substitute themselves. An activation code that the substitute
    has not used, and that somebody else has issued, ends: who has it need not rule the position. Raises Conflict for a
    second substitute in the same days and for the three administrators, NotAllowed, Invalid for wrong days.
    """
    # an operation that gives the substitute a position at this moment comes before or after
    substitute = Account.objects.select_for_update().get(pk=substitute.pk)
    found = Position.objects.select_for_update(of=("self",)).select_related("account", "own_role").get(pk=position.pk)
    if not by.is_in_person(found.account_id) or by.acting_for_id:
        check_may_take(by, found)
    _check_days(from_on, to_on)
    _check_person(found, substitute)
    if Substitution.objects.filter(position=found, ended_at=None, from_on__lte=to_on, to_on__gte=from_on).exists():
        raise Conflict("这段时间已指定过代理人，请先结束原来的代理。")
    substitution = Substitution.objects.create(
        position=found, substitute=substitute, from_on=from_on, to_on=to_on, named_by_id=by.id
    )
    end_activation_codes(by=by, account_ids=[substitute.pk])
    _record(by, "people.name_substitute", substitution, [None, str(substitute.pk)])
    return substitution


@transaction.atomic
def end_substitution(*, by: Actor, substitution: Substitution) -> Substitution:
    """End it now, before its last day. The holder may, the substitute, and anyone who could have given the position. A
    repeat changes nothing."""
    found = (
        Substitution.objects.select_for_update(of=("self",))
        .select_related("position__own_role")
        .get(pk=substitution.pk)
    )
    is_own = by.is_in_person(found.position.account_id) or by.is_in_person(found.substitute_id)
    if not is_own or by.acting_for_id:
        check_may_take(by, found.position)
    if found.ended_at is None:
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        _record(by, "people.end_substitution", found, [str(found.substitute_id), None])
    return found


def _check_days(from_on: date, to_on: date) -> None:
    if to_on < from_on:
        raise _wrong("to_on", "结束日期不能早于开始日期。")
    if to_on < timezone.localdate():
        raise _wrong("to_on", "结束日期已经过去。")


def _check_person(position: Position, substitute: Account) -> None:
    # first: of who works elsewhere nothing else is told
    if not substitute.positions.filter(hall_id=position.hall_id).exists():
        raise NotAllowed("只能由同一服务厅（或同为省级）的人员代理。")
    if substitute.pk == position.account_id:
        raise _wrong("username", "不能由本人代理本人。")
    if not substitute.is_active:
        raise _wrong("username", "这个账号已停用。")
    if position.role in ADMINISTRATORS or substitute.positions.filter(role__in=ADMINISTRATORS).exists():
        raise Conflict("系统、安全、审计三类管理员的岗位不能代理，他们也不能代理别人。")


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, faults=[Fault(field, message)])


def _record(by: Actor, act: str, substitution: Substitution, change: list[str | None]) -> None:
    record_act(
        by=by,
        act=act,
        object_type="account",
        object_id=substitution.position.account_id,
        hall_id=substitution.position.hall_id,
        changes={
            "substitute": change,
            "days": [None, f"{substitution.from_on}/{substitution.to_on}"],
        },
    )
