"""What a hall decides about a push: adopt or decline what is offered, move what it shows to another column, undo.

The caller knows the hall's columns; here a column is a code.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from foundation.editing.reasons import LONGEST_SHORT_REASON, clean_reason
from foundation.errors import Conflict, NotFound
from foundation.events.operations import emit_event
from province.audit.operations import record_act
from province.content.events import ADOPTION_CHANGED
from province.content.models import HallPushDecision, Push
from province.content.queries.pushes import push_meant_for
from province.content.states import PushMode
from province.halls.models import Hall
from province.halls.operations.halls import touch_hall
from province.rights.actors import Actor
from province.rights.queries import require

_Decision = HallPushDecision.Decision


@transaction.atomic
def adopt_push(*, by: Actor, hall: Hall, push_id: UUID, column: str) -> HallPushDecision:
    """Show an offered push in this column of the hall's site. A later decision takes the place of an earlier one."""
    require(by, "portal.manage", hall_id=hall.pk)
    push = _readable(hall, push_id)
    _check_offered(push)
    return _decide(by, hall, push, decision=_Decision.ADOPTED, column=column)


@transaction.atomic
def decline_push(*, by: Actor, hall: Hall, push_id: UUID, reason: str) -> HallPushDecision:
    """Keep an offered push off this hall's site. No version of its text is offered to the hall again."""
    require(by, "portal.manage", hall_id=hall.pk)
    reason = clean_reason(reason, ask="请填写不采用的原因。", most=LONGEST_SHORT_REASON)
    push = _readable(hall, push_id)
    _check_offered(push)
    return _decide(by, hall, push, decision=_Decision.DECLINED, reason=reason)


@transaction.atomic
def move_push(*, by: Actor, hall: Hall, push_id: UUID, column: str) -> HallPushDecision:
    """Show a push, direct or adopted, in another column of the hall's site; the text stays as it is."""
    require(by, "portal.manage", hall_id=hall.pk)
    push = _readable(hall, push_id)
    if push.mode == PushMode.DIRECT:
        return _decide(by, hall, push, decision=_Decision.MOVED, column=column)
    adopted = HallPushDecision.objects.filter(hall_id=hall.pk, push_id=push.pk, decision=_Decision.ADOPTED)
    if not adopted.exists():
        raise Conflict("这篇推稿还没有采用，请先采用。")
    return _decide(by, hall, push, decision=_Decision.ADOPTED, column=column)


@transaction.atomic
def undo_decision(*, by: Actor, hall: Hall, push_id: UUID) -> None:
    """Undo the hall's decision: what was offered waits again, what was moved goes back. A repeat changes nothing."""
    require(by, "portal.manage", hall_id=hall.pk)
    before = HallPushDecision.objects.select_for_update().filter(hall_id=hall.pk, push_id=push_id).first()
    if before is None:
        return
    before.delete()
    _record(by, hall, push_id, act="content.undo_decision", changes={"decision": [before.decision, None]})
    if before.decision == _Decision.ADOPTED:
        _announce(hall, Push.objects.get(pk=push_id))
    touch_hall(hall.pk)


@transaction.atomic
def leave_columns_but(*, by: Actor, hall: Hall, columns: Collection[str]) -> None:
    """Take what the hall adopted into, or moved to, a column that it has no longer back to the column that the desk
    chose: its rows came out of an archive that is older than the column. A repeat changes nothing."""
    require(by, "portal.manage", hall_id=hall.pk)
    lost = HallPushDecision.objects.select_for_update().filter(
        hall_id=hall.pk, decision__in=(_Decision.ADOPTED, _Decision.MOVED)
    )
    for row in lost.exclude(column__in=columns):
        column = Push.objects.get(pk=row.push_id).column
        _record(by, hall, row.push_id, act="content.move_push", changes={"column": [row.column, column]})
        row.column = column
        row.save(update_fields=["column"])


def _readable(hall: Hall, push_id: UUID) -> Push:
    """Raises NotFound for what does not concern this hall, Conflict for what readers no longer see."""
    push = push_meant_for(hall, push_id)
    if push is None or push.published_at is None:
        raise NotFound("没有这篇推稿。")
    if not push.is_listed:
        raise Conflict("这篇推稿已被撤回或到期。")
    return push


def _check_offered(push: Push) -> None:
    if push.mode != PushMode.OFFERED:
        raise Conflict("上级直接发布的推稿不能采用或拒绝，可以调整栏目。")


def _decide(
    by: Actor, hall: Hall, push: Push, *, decision: HallPushDecision.Decision, column: str = "", reason: str = ""
) -> HallPushDecision:
    facts = {"decision": decision, "column": column, "reason": reason}
    row, is_new = HallPushDecision.objects.select_for_update().get_or_create(
        hall_id=hall.pk,
        push_id=push.pk,
        defaults={
            **facts,
            "manuscript_id": push.version.manuscript_id,
            "decided_by_name": by.name,
            "published_at": push.published_at,
        },
    )
    before = {} if is_new else {name: str(getattr(row, name)) for name in facts}
    changes = {name: [before.get(name), str(value)] for name, value in facts.items() if before.get(name) != value}
    if not changes:
        return row
    if not is_new:
        for name, value in facts.items():
            setattr(row, name, value)
        row.decided_by_name = by.name
        row.save(update_fields=[*facts, "decided_by_name"])
    _record(by, hall, push.pk, act=f"content.{_VERBS[decision]}_push", reason=reason, changes=changes)
    if "decision" in changes and _Decision.ADOPTED in changes["decision"]:
        _announce(hall, push)
    touch_hall(hall.pk)
    return row


def _announce(hall: Hall, push: Push) -> None:
    """The hall's accounts outside follow by an event; its site follows at commit."""
    emit_event(kind=ADOPTION_CHANGED, subject_id=push.pk, hall_id=hall.pk, is_urgent=push.is_urgent)


_VERBS = {_Decision.ADOPTED: "adopt", _Decision.DECLINED: "decline", _Decision.MOVED: "move"}


def _record(
    by: Actor, hall: Hall, push_id: UUID, *, act: str, reason: str = "", changes: dict[str, list[str | None]]
) -> None:
    record_act(by=by, act=act, object_type="push", object_id=push_id, hall_id=hall.pk, reason=reason, changes=changes)
