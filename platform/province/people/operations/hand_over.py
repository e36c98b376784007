"""Everything that somebody leaves behind goes to a successor (离岗交接)."""

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import LONGEST_SHORT_REASON, clean_reason
from foundation.errors import Conflict, NotAllowed, NotFound
from foundation.events.operations import emit_event
from province.audit.operations import record_act
from province.people.events import HANDED_OVER, HANDED_OVER_IN_HALL, HandedOver
from province.people.models import Account, Position, Substitution
from province.people.models.roles import AnyRole
from province.people.operations.accounts import shut_account
from province.people.operations.activation import end_activation_codes
from province.people.operations.positions import check_may_take, check_separation, lock_operators
from province.people.queries.people import is_administrator, is_in_sight, require_over
from province.people.queries.work import halls_with_work, work_of
from province.rights.actors import Actor
from province.rights.roles import Role


@transaction.atomic
def hand_over(*, by: Actor, account: Account, successor: Account, reason: str = "") -> int:
    """The successor takes over every position and every absence in which the person stands in; the account is closed,
    and with it end its sign-ins and tokens. What the person is responsible for follows at once, by events: other apps
    and the halls hand over what is theirs. Returns how many positions went over (one that the successor has already
    just ends). An activation code of the successor that is unused, and that somebody else has issued, ends.

    Raises NotFound for a successor who works where the actor may not look, NotAllowed for positions that the actor
    could not give, Conflict where the successor may not have them all.
    """
    if by.id in {account.pk, successor.pk}:
        raise NotAllowed("交接应由双方以外的管理员办理。")
    if successor.positions.exists() and not is_in_sight(by, successor):
        raise NotFound("没有这个人员。")
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
    if not leaver.is_active and not leaver.positions.exists() and not work_of(leaver):
        raise Conflict("这个账号已经交接并停用。")
    require_over(by, "people.manage", leaver)
    halls = halls_with_work(leaver)
    moved = _hand_over_positions(by, leaver, successor)
    _hand_over_absences(leaver, successor)
    end_activation_codes(by=by, account_ids=[successor.pk])
    record_act(
        by=by,
        act="people.hand_over",
        object_type="account",
        object_id=leaver.pk,
        reason=clean_reason(reason, most=LONGEST_SHORT_REASON),
        changes={"successor": [None, successor.username], "positions": [moved, 0]},
    )
    payload = HandedOver(leaver_id=leaver.pk, successor_id=successor.pk, ordered_by_id=by.id)
    emit_event(kind=HANDED_OVER, subject_id=leaver.pk, payload=payload)
    for hall_id in sorted(halls):
        emit_event(kind=HANDED_OVER_IN_HALL, subject_id=leaver.pk, hall_id=hall_id, payload=payload)
    if leaver.is_active:
        shut_account(by=by, account=leaver)
    return moved


def _hand_over_positions(by: Actor, leaver: Account, successor: Account) -> int:
    positions = list(leaver.positions.select_for_update(of=("self",)).select_related("own_role").order_by("pk"))
    own = {_key(position) for position in successor.positions.all()}
    moved = 0
    for position in positions:
        check_may_take(by, position)
        check_separation(successor, _role(position))
        # substitutes go on, unless one is the successor
        Substitution.objects.filter(position=position, substitute=successor, ended_at=None).update(
            ended_at=timezone.now()
        )
        if _key(position) in own:
            position.delete()
            continue
        position.account = successor
        position.save(update_fields=["account"])
        moved += 1
    return moved


def _hand_over_absences(leaver: Account, successor: Account) -> None:
    """Where the person stood in, the successor does; where that would be at one's own position, nobody needs to."""
    standing_in = Substitution.objects.filter(substitute=leaver, ended_at=None)
    if standing_in.exists() and is_administrator(successor):
        raise Conflict("系统、安全、审计管理员不能接手代理，请先结束这个人的代理。")
    standing_in.filter(position__account=successor).update(ended_at=timezone.now())
    standing_in.exclude(position__account=successor).update(substitute=successor)


def _key(position: Position) -> tuple[object, ...]:
    return position.role, position.own_role_id, position.hall_id, position.unit_id


def _role(position: Position) -> AnyRole:
    return position.own_role or Role(position.role)
