"""编码承接: an item takes another 基本编码, and the one that it had leads to it for ever."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from foundation.errors import Conflict
from foundation.events.operations import emit_events
from province.audit.operations import record_act
from province.catalogue.events import ITEM_SUCCEEDED
from province.catalogue.models import HallItem, Item, ItemChange, ItemCode, ItemVersion
from province.catalogue.queries.codes import item_with_code
from province.catalogue.states import ItemLife
from province.rights.actors import Actor


def reserve_codes(items: Iterable[Item]) -> None:
    """Keep the codes of these drafts from every other item; call it with the draft's save, in one transaction. Codes
    that only an earlier state of the draft wanted are free again.

    Raises Conflict, naming the item, for a code that another one bears, has borne, or is to bear.
    """
    rows = list(items)
    wanted = {item.pk: str(item.values["basic_code"]) for item in rows}
    known = dict(ItemCode.objects.filter(code__in=wanted.values()).values_list("code", "item_id"))
    for item in rows:
        if known.get(wanted[item.pk], item.pk) != item.pk:
            raise taken(wanted[item.pk])
    _release(rows)
    fresh = [ItemCode(code=code, borne_by_id=pk, item_id=pk) for pk, code in wanted.items() if code not in known]
    try:
        with transaction.atomic():
            ItemCode.objects.bulk_create(fresh)
    except IntegrityError as error:
        held = next((one.code for one in fresh if ItemCode.objects.filter(code=one.code).exists()), "")
        raise taken(held) from error


def give_codes(versions: Iterable[ItemVersion]) -> None:
    """Note that the codes of these versions are, or from their day on will be, in force."""
    by_day: dict[datetime | None, list[str]] = {}
    for version in versions:
        by_day.setdefault(version.valid_from, []).append(str(version.values["basic_code"]))
    for valid_from, codes in by_day.items():
        ItemCode.objects.filter(code__in=codes).update(given_at=Coalesce(F("given_at"), valid_from))


def take_back_code(version: ItemVersion) -> None:
    """Undo ``give_codes`` for a version whose publication was withdrawn before its day; a code that was in force before
    stays."""
    ItemCode.objects.filter(
        code=version.values["basic_code"], item=version.item_id, given_at=version.valid_from
    ).exclude(code=version.item.basic_code).update(given_at=None)


def follow_version(item: Item, version: ItemVersion, by: Actor) -> list[ItemChange]:
    """Let an item that the caller has locked bear the code and the type of the version that holds from now on. The
    halls that have adopted it hear of it, an event each. Returns what the feed is to be told, nothing where the code
    stays; a repeat does nothing."""
    code, former = str(version.values["basic_code"]), item.basic_code
    # whose day the clock tells late, when others have taken over from the item already
    if code == former or item.state == ItemLife.SUCCEEDED:
        return []
    was_in_force = ItemCode.objects.filter(code=former, item=item).exclude(given_at=None).exists()
    before = item.item_type
    # asked of the version before the item itself has changed
    item.item_type, item.family = version.item_type, version.family
    item.basic_code = code
    item.save(update_fields=["basic_code", "item_type", "family"])
    if not was_in_force:
        # a later draft of an item of which nothing was published yet
        return []
    changes: dict[str, list[str]] = {"basic_code": [former, code]}
    if before != item.item_type:
        changes["item_type"] = [before, item.item_type]
    record_act(by=by, act="catalogue.change_code", object_type="item", object_id=item.pk, changes=changes)
    halls = HallItem.objects.filter(item=item).order_by("hall_id").values_list("hall_id", flat=True)
    emit_events(kind=ITEM_SUCCEEDED, subject_id=item.pk, hall_ids=list(halls))
    assert version.valid_from is not None  # noqa: S101 - it holds
    return [
        ItemChange(
            kind=ItemChange.Kind.SUCCEEDED,
            item=item,
            version=version,
            happened_at=version.valid_from,
            former_code=former,
            new_code=code,
        )
    ]


def hand_over_codes(item: Item, successor: Item) -> None:
    """Let every code that leads to an item lead to its successor from now on; the caller has locked both."""
    ItemCode.objects.filter(item=item).update(item=successor)


def free_wanted_codes(item: Item) -> None:
    """Give back the codes that only drafts of an item wanted which ends now: nobody will bear them."""
    ItemCode.objects.filter(item=item, given_at=None).exclude(code=item.basic_code).delete()


def _release(items: list[Item]) -> None:
    """What was never in force, and what neither the drafts nor any version names."""
    idle = ItemCode.objects.filter(item__in=items, given_at=None)
    named = {str(item.values["basic_code"]) for item in items} | {item.basic_code for item in items}
    versions = ItemVersion.objects.filter(item__in=items).values_list("values__basic_code", flat=True)
    idle.exclude(code__in=[*named, *versions]).delete()


def taken(code: str) -> Conflict:
    """The refusal of a code that another item bears, has borne or is to bear."""
    other = item_with_code(code)
    if other is None:
        return Conflict.at("basic_code", f"基本编码 {code} 刚被别的事项占用，请换一个编码。")
    if other.basic_code == code:
        message = f"基本编码 {code} 已属于“{other.name}”。"
    else:
        message = f"基本编码 {code} 是“{other.name}”（现为 {other.basic_code}）用过或将要使用的，不能再给别的事项。"
    return Conflict.at("basic_code", message)
