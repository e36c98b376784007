"""Life events (一件事), under which people look for items. A change is in force in every hall at its commit: groups are
counted with these rows, the definition reads them under its generation, and every kept page is drawn anew."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid
from foundation.texts import line_of
from province.audit.operations import record_act
from province.catalogue.models import LifeEvent
from province.catalogue.operations.drawn_codes import code_drawn_from
from province.catalogue.operations.extra_elements import hold_changes, renew_definition
from province.catalogue.queries.life_events import event_with_id, life_events
from province.rights.actors import Actor
from province.rights.queries import require
from standards.items.facets import Whom

MOST_EVENTS: Final = 200
LONGEST_EVENT: Final = 40
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")


@transaction.atomic
def add_life_event(*, by: Actor, name: str, whom: str, code: str = "") -> LifeEvent:
    """Add an event behind all others. ``code``: what items will name for ever; drawn from the name where it is not
    given. Raises Invalid for a name or a code that an event has or had."""
    require(by, "catalogue.publish")
    hold_changes()
    known = life_events()
    if len(known) >= MOST_EVENTS:
        raise Invalid(f"最多 {MOST_EVENTS} 件。")
    code = code or code_drawn_from(name, taken=(one.code for one in known), otherwise="event")
    event = LifeEvent(code=code, place=max((one.place for one in known), default=0) + 1, revision=0)
    faults = [] if _CODE.fullmatch(code) else [Fault("code", "编码由小写字母、数字和连字符组成，最多 30 个。")]
    faults += [Fault("code", f"编码“{code}”已有。") for one in known if one.code == code]
    return _write(event, by, name, whom, faults, act="catalogue.add_life_event")


@transaction.atomic
def change_life_event(*, by: Actor, event: LifeEvent, revision: int, name: str, whom: str) -> LifeEvent:
    """Rename an event, or say for whom it is; items keep its code. Raises Conflict where somebody has changed it since
    this revision."""
    require(by, "catalogue.publish")
    return _write(_locked(event, revision), by, name, whom, [], act="catalogue.change_life_event")


@transaction.atomic
def move_life_event(*, by: Actor, event: LifeEvent, up: bool) -> LifeEvent:
    """Move an event one place up or down among those in use of the same people. Raises Conflict at either end."""
    require(by, "catalogue.publish")
    hold_changes()
    events = life_events()
    moved = next(one for one in events if one.pk == event.pk)
    peers = [one for one in events if one.whom == moved.whom and one.retired_at is None]
    at = peers.index(moved) if moved in peers else -1
    other = at - 1 if up else at + 1
    if at < 0:
        raise Conflict(f"“{moved.name}”已停用，不能移动。")
    if not 0 <= other < len(peers):
        raise Conflict(f"“{moved.name}”已经在最{'前' if up else '后'}面。")
    order = [one for one in events if one.pk != moved.pk]
    order.insert(order.index(peers[other]) + (0 if up else 1), moved)
    before = moved.place
    for place, one in enumerate(order, start=1):
        one.place = place
    LifeEvent.objects.bulk_update(order, ["place"])
    return _noted(moved, by, {"event_place": [before, moved.place]}, act="catalogue.move_life_event")


@transaction.atomic
def retire_life_event(*, by: Actor, event: LifeEvent, revision: int) -> LifeEvent:
    """Take an event out of what is chosen and shown to citizens. Items keep its code."""
    require(by, "catalogue.publish")
    locked = _locked(event, revision)
    if locked.retired_at is not None:
        raise Conflict(f"“{locked.name}”已经停用。")
    locked.retired_at = timezone.now()
    return _kept(locked, by, {"name": [locked.name, None]}, act="catalogue.retire_life_event")


@transaction.atomic
def restore_life_event(*, by: Actor, event: LifeEvent, revision: int) -> LifeEvent:
    """Use an event again that was retired: whatever items still name it stand under it at once."""
    require(by, "catalogue.publish")
    locked = _locked(event, revision)
    if locked.retired_at is None:
        raise Conflict(f"“{locked.name}”没有停用。")
    locked.retired_at = None
    return _kept(locked, by, {"name": [None, locked.name]}, act="catalogue.restore_life_event")


def _locked(event: LifeEvent, revision: int) -> LifeEvent:
    hold_changes()
    locked = event_with_id(event.pk)
    if locked.revision != revision:
        raise Conflict(f"“{locked.name}”刚被别人改过，您的改动没有保存。请看过现在的内容再改。")
    return locked


def _write(event: LifeEvent, by: Actor, name: str, whom: str, faults: list[Fault], *, act: str) -> LifeEvent:
    name, before = line_of(name), {"name": event.name or None, "whom": event.whom or None}
    if not 0 < len(name) <= LONGEST_EVENT:
        faults = [*faults, Fault("name", f"名称应为 1 到 {LONGEST_EVENT} 个字。")]
    same = LifeEvent.objects.filter(name=name).exclude(pk=event.pk).first()
    if same is not None:
        advice = "已停用，请恢复它" if same.retired_at else "已有"
        faults = [*faults, Fault("name", f"“{name}”{advice}。")]
    if whom not in Whom.values:
        faults = [*faults, Fault("whom", "请选择对谁。")]
    if faults:
        raise Invalid.of(faults)
    event.name, event.whom = name, whom
    after = {"name": name, "whom": whom}
    changes = {one: [before[one], after[one]] for one in after if before[one] != after[one]}
    return _kept(event, by, changes, act=act)


def _kept(event: LifeEvent, by: Actor, changes: Mapping[str, list[Any]], *, act: str) -> LifeEvent:
    event.revision += 1
    event.save()
    return _noted(event, by, changes, act=act)


def _noted(event: LifeEvent, by: Actor, changes: Mapping[str, list[Any]], *, act: str) -> LifeEvent:
    record_act(by=by, act=act, object_type="life_event", object_id=event.pk, changes=dict(changes))
    renew_definition()
    return event
