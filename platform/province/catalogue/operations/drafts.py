from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from foundation.editing.drafts import check_revision, count_edit
from foundation.errors import Conflict, Fault, Invalid
from foundation.texts import line_of
from foundation.tokenizing import sounds_of
from province.audit.operations import record_act
from province.catalogue.models import Department, Item
from province.catalogue.operations.codes import reserve_codes, taken
from province.catalogue.operations.extra_elements import hold_definition
from province.catalogue.operations.handling import keep_handling_items, taken_codes
from province.catalogue.queries.checks import check_item
from province.catalogue.queries.codes import is_given
from province.catalogue.queries.departments import department_named
from province.catalogue.queries.desks import check_item_in_sight, require_over
from province.catalogue.queries.drafts import drafted, retired_choices
from province.catalogue.queries.parents import check_type_may_change, parent_of
from province.catalogue.states import ItemLife
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import Reach, Role
from standards.items import BY_NAME
from standards.items.codes import family_under, type_under
from standards.items.handling import with_codes
from standards.items.values import is_blank

declare("catalogue.write", "编写事项", reach=Reach.UNIT, roles={Role.PROVINCE_OPERATOR})

SOUNDS_LENGTH = 1600


@transaction.atomic
def begin_item(*, by: Actor, family: str, item_type: str, department: Department, values: Mapping[str, Any]) -> Item:
    """A new item as a draft of its department; ``values`` has at least its basic code and its name.

    Raises Invalid for values that are wrong (gaps may stay), Conflict for a code that another item has or has had.
    """
    item = Item(family=family, item_type=item_type, department=department)
    return file_item(by=by, item=item, values=values)


@transaction.atomic
def file_item(*, by: Actor, item: Item, values: Mapping[str, Any]) -> Item:
    """Write the first draft of an item that is not yet in the catalogue."""
    require_over(by, "catalogue.write", item)
    needed = {"basic_code": "请填写基本编码。", "name": "请填写事项名称。"}
    if faults := [Fault(name, message) for name, message in needed.items() if is_blank(values.get(name))]:
        raise Invalid.of(faults, many=faults[0].message)
    _write(item, by, {"department": item.department.name, **values})
    # whose the values make it must be one's own, too
    require_over(by, "catalogue.write", item)
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        raise taken(item.basic_code) from error
    reserve_codes([item])
    keep_handling_items([item])
    changes = {"name": [None, item.name], "basic_code": [None, item.basic_code]}
    record_act(by=by, act="catalogue.begin_item", object_type="item", object_id=item.pk, changes=changes)
    return item


@transaction.atomic
def save_draft(*, by: Actor, item: Item, revision: int, values: Mapping[str, Any]) -> Item:
    """Write these elements of the draft anew; those that are blank go out of it, those left out stay as they are.

    ``revision`` is the one that the editor has read. Raises Conflict, naming the other editor, where somebody has saved
    since, and for a code that another item has or has had; Invalid, with a fault for every place, for values that are
    wrong. What is only missing may stay so. Another code of an item that was published (变更编码) acts with the version
    that has it; one of another type takes along what that type has no place for.
    """
    locked = lock_item(by, item)
    require_over(by, "catalogue.write", locked)
    check_not_ended(locked)
    check_revision(locked, revision)
    before = dict(locked.values)
    hold_definition(before, values)
    if not _write(locked, by, {**before, **values}):
        return locked
    # whose it becomes must be one's own, too
    require_over(by, "catalogue.write", locked)
    reserve_codes([locked])
    locked.save()
    keep_handling_items([locked])
    changed = sorted(name for name in {*before, *locked.values} if before.get(name) != locked.values.get(name))
    record_act(
        by=by,
        act="catalogue.save_draft",
        object_type="item",
        object_id=locked.pk,
        changes={"elements": [None, changed], "revision": [revision, locked.revision]},
    )
    return locked


def lock_item(by: Actor, item: Item) -> Item:
    """The item as it stands, locked until the transaction ends: what is done to one item happens one after the other.
    Raises NotFound for what is out of sight."""
    check_item_in_sight(by, item.pk)
    return lock_any_item(item)


def lock_any_item(item: Item) -> Item:
    """The item as it stands, locked until the transaction ends, also where no desk sees it (for the clock)."""
    return Item.objects.select_for_update(of=("self",), no_key=True).select_related("department").get(pk=item.pk)


def check_not_ended(item: Item) -> None:
    """Raises Conflict for an item that nobody handles any more."""
    if item.state == ItemLife.ABOLISHED:
        raise Conflict("这个事项已废止。如是误操作，请先恢复。")
    if item.state == ItemLife.SUCCEEDED:
        raise Conflict("这个事项已由别的事项承接，不能再修改。请改承接它的事项。")


def _write(item: Item, by: Actor, values: Mapping[str, Any]) -> bool:
    """Whether that changed anything. The item's own columns follow the draft."""
    plain = with_codes(drafted(values), taken_codes(item))
    item_type = type_under(item.item_type, item.basic_code, plain.get("basic_code", ""))
    if item_type != item.item_type and not is_given(item):
        # a draft that nobody has published begins with its type
        item_type = item.item_type
    if item_type != item.item_type:
        plain = {name: value for name, value in plain.items() if item_type in BY_NAME[name].applies}
        check_type_may_change(item)
    findings = check_item(family=family_under(item.family, item_type), item_type=item_type, values=plain)
    if faults := [*findings.province.faults, *retired_choices(item.values, plain)]:
        raise Invalid.of(faults)
    if plain == item.values:
        return False
    item.values = plain
    item.name = line_of(plain.get("name", ""))
    item.sounds = " ".join(sounds_of(item.name))[:SOUNDS_LENGTH]
    if not is_given(item):
        item.basic_code = plain.get("basic_code", item.basic_code)
    item.parent = parent_of(item, plain.get("parent_code", ""))
    if plain.get("department", item.department.name) != item.department.name:
        item.department = department_named(plain["department"])
    count_edit(item, by)
    return True
