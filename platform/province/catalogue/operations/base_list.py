"""基础清单: the items that a province begins with, as drafts. What is complete may be put in force at once;
it is marked as a sample until the province has checked it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.events.operations import emit_event
from foundation.rows import draw_id
from foundation.tokenizing import sounds_of
from province.audit.operations import record_act
from province.catalogue.base_list.reading import BaseItem, read_base_list
from province.catalogue.events import DEPARTMENT_LOADS, DepartmentLoad
from province.catalogue.models import Department, Item, ItemChange, ItemVersion
from province.catalogue.operations.changes import record_changes
from province.catalogue.operations.codes import give_codes, reserve_codes
from province.catalogue.operations.drafts import SOUNDS_LENGTH
from province.catalogue.operations.handling import keep_handling_items
from province.catalogue.operations.materials import keep_materials
from province.catalogue.operations.versions import version_of
from province.catalogue.queries.base_list_loads import base_list_load
from province.catalogue.queries.codes import item_ids_by_code
from province.catalogue.queries.drafts import without_retired
from province.catalogue.states import VersionState
from province.rights.actors import Actor
from province.rights.queries import require


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the load of one department came to: how many were ``added``, how many of these are in force
    (``published``), and how many codes were in the catalogue already (``known``)."""

    department: str
    added: int
    published: int
    known: int


@transaction.atomic
def start_base_list(*, by: Actor, publishes: bool = False) -> UUID:
    """Have the relay load the list, a department an event. ``publishes``: put what is complete in force, the rest stays
    a draft. Returns the id of the load, by which its progress is asked; while one is under way no second one begins."""
    require(by, "catalogue.publish")
    require(by, "catalogue.write")
    # of two who press the button at once the second sees the first's events
    hold_name("catalogue.base_list")
    running = base_list_load()
    if running is not None and not running.is_finished:
        return running.id
    load_id = draw_id()
    for department in sorted({item.department for item in read_base_list()}):
        load = DepartmentLoad(
            department=department,
            publishes=publishes,
            ordered_by_id=by.id,
            position_id=by.position_id,
            scopes=by.scopes,
        )
        emit_event(kind=DEPARTMENT_LOADS, subject_id=load_id, payload=load)
    changes = {"publishes": [None, publishes]}
    record_act(by=by, act="catalogue.start_base_list", object_type="base_list", object_id=load_id, changes=changes)
    return load_id


def load_department(*, by: Actor, name: str, publishes: bool = False) -> Loaded:
    """Load what the list has of one department as drafts; ``publishes``: put those that are complete in force. A repeat
    changes nothing."""
    require(by, "catalogue.publish")
    require(by, "catalogue.write")
    items = [one for one in read_base_list() if one.department == name]
    return _load_department(by=by, name=name, items=items, publishes=publishes)


def load_base_list(*, by: Actor, items: Sequence[BaseItem] | None = None, publishes: bool = False) -> list[Loaded]:
    """Load what is not in the catalogue yet, one transaction a department: a run that is killed goes on with the
    next one. ``publishes``: put what is complete in force. What is there already stays as it is."""
    require(by, "catalogue.publish")
    require(by, "catalogue.write")
    wanted = read_base_list() if items is None else items
    return [
        _load_department(by=by, name=department, items=list(group), publishes=publishes)
        for department, group in groupby(sorted(wanted, key=_department), key=_department)
    ]


def _department(item: BaseItem) -> str:
    return item.department


@transaction.atomic
def _load_department(*, by: Actor, name: str, items: Sequence[BaseItem], publishes: bool) -> Loaded:
    department, _ = Department.objects.get_or_create(name=name)
    # of two runs at once the later one sees what the earlier has put there
    Department.objects.select_for_update().get(pk=department.pk)
    codes = [item.values["basic_code"] for item in items]
    # also under a code that an item has had: it is not begun a second time
    known = item_ids_by_code(codes).keys()
    added = [item for item in items if item.values["basic_code"] not in known]
    published = _add(by, department, added, publishes=publishes)
    return Loaded(name, len(added), published, len(items) - len(added))


def _add(by: Actor, department: Department, base: Iterable[BaseItem], *, publishes: bool) -> int:
    """How many of them are in force."""
    now = timezone.now()
    items, versions = [], []
    for one in base:
        item = Item(
            id=draw_id(),
            family=one.family,
            item_type=one.item_type,
            basic_code=one.values["basic_code"],
            department=department,
            name=one.name,
            sounds=" ".join(sounds_of(one.name))[:SOUNDS_LENGTH],
            values=without_retired(one.values),
            revision=1,
            edited_by_id=by.id,
            edited_by_name=by.name,
            edited_at=now,
        )
        items.append(item)
        if publishes and (version := _in_force(by, item, one, now)):
            versions.append(version)
    Item.objects.bulk_create(items)
    reserve_codes(items)
    keep_handling_items(items)
    ItemVersion.objects.bulk_create(versions)
    give_codes(versions)
    for item in items:
        changes = {"name": [None, item.name], "basic_code": [None, item.basic_code]}
        record_act(by=by, act="catalogue.load_item", object_type="item", object_id=item.pk, changes=changes)
    record_changes(
        [
            ItemChange(kind=ItemChange.Kind.PUBLISHED, item=version.item, version=version, happened_at=now)
            for version in versions
        ]
    )
    return len(versions)


def _in_force(by: Actor, item: Item, base: BaseItem, now: datetime) -> ItemVersion | None:
    """None where the item is not complete, as far as it is the province's to fill in, or not at one with itself."""
    version = version_of(
        item,
        id=draw_id(),
        number=1,
        public_number=1,
        sample_note=base.sample_note,
        state=VersionState.PUBLISHED,
        valid_from=now,
        required_from=now,
        submitted_by_id=by.id,
        submitted_by_name=by.name,
        published_by_name=by.name,
    )
    if not version.is_complete or version.contradictions:
        return None
    version.material_ids = keep_materials(base.values.get("materials", []))
    return version
