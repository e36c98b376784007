"""What a form can name in its hall: roles, other forms, materials of the items that the hall has adopted."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.errors import Fault, NotFound
from province.catalogue.models import HallItem, ItemVersion
from province.catalogue.queries.codes import public_item_id
from province.catalogue.queries.validity import items_valid_at
from province.halls.models import Hall
from province.people.queries.roles import own_roles_in_use
from province.rights.roles import ROLES_AT_WORK
from standards.forms.definition import FormDefinition
from standards.forms.fields.attached import MaterialField
from standards.forms.fields.office import EarlierFormField
from standards.forms.fields.places import MapPlaceField
from standards.forms.fields.times import TimeField
from standards.forms.reading import every_field, places_of
from standards.forms.rights import CITIZEN_ROLE
from tenants.workflow.models import Form
from tenants.workflow.queries.places import kinds_in_use, places_in_use

_MOST_SEARCHED: Final = 60
_MOST_ITEMS: Final = 20
_MOST_FOUND: Final = 50


@dataclass(frozen=True, slots=True)
class ItemMaterial:
    """A material as the guide of an item names it. ``item``: the item's code (基本编码)."""

    item: str
    item_name: str
    material: str


def form_choices(hall: Hall) -> dict[str, list[tuple[str, str]]]:
    """Code and label of each: ``roles`` for whom rights to fields can differ, ``forms`` of the hall, ``place_kinds`` of
    its list of places."""
    roles = [(CITIZEN_ROLE, "群众（网上填写）"), *((role.value, str(role.label)) for role in ROLES_AT_WORK)]
    own = [(one.pk.hex, one.name) for one in own_roles_in_use(hall.pk)]
    return {
        "roles": [*roles, *own],
        "place_kinds": [(one, one) for one in kinds_in_use()],
        "forms": list(Form.objects.filter(is_foreign=False).order_by("title").values_list("code", "title")),
    }


def item_materials(hall: Hall, words: str) -> list[ItemMaterial]:
    """The materials of the hall's items that have every word in their name or in the item's, ``_MOST_FOUND`` at most.
    One query; nothing without a word."""
    wanted = words.strip()[:_MOST_SEARCHED].split()
    if not wanted:
        return []
    versions = _versions(hall).order_by("name", "pk")
    for word in wanted:
        versions = versions.filter(Q(name__icontains=word) | Q(values__materials__icontains=word))
    found = [
        ItemMaterial(code, name, material)
        for code, name, rows in versions.values_list("item__basic_code", "name", "values__materials")[:_MOST_ITEMS]
        for material in _names(rows)
        if all(word.lower() in f"{name} {material}".lower() for word in wanted)
    ]
    return found[:_MOST_FOUND]


def faults_in_hall(definition: FormDefinition, hall: Hall) -> list[Fault]:
    """What the definition names and the hall has not, each at its place and by its name: roles, forms, materials, the
    list of places. A query for each kind that it names."""
    places = places_of(definition)
    return [
        *_faults_of_roles(definition, hall),
        *_faults_of_forms(definition, places),
        *_faults_of_materials(definition, hall, places),
        *_faults_of_places(definition, places),
        *_faults_of_hours(definition, hall, places),
    ]


def _faults_of_roles(definition: FormDefinition, hall: Hall) -> Iterator[Fault]:
    if not any(rule.role for rule in definition.rights):
        return
    known = dict(form_choices(hall)["roles"])
    for at, rule in enumerate(definition.rights):
        if rule.role and rule.role not in known:
            yield Fault(f"rights.{at}.role", f"权限里的角色“{rule.role}”不是本厅能用的角色，请从列表里选。")


def _faults_of_forms(definition: FormDefinition, places: Mapping[str, str]) -> Iterator[Fault]:
    fields = [one for one in definition.fields if isinstance(one, EarlierFormField) and one.form]
    if not fields:
        return
    known = set(Form.objects.filter(code__in={one.form for one in fields}).values_list("code", flat=True))
    for one in fields:
        if one.form not in known:
            yield Fault(f"{places[one.name]}.form", f"“{one.label}”要关联的表单“{one.form}”本厅没有，请从列表里选。")


def _faults_of_materials(definition: FormDefinition, hall: Hall, places: Mapping[str, str]) -> Iterator[Fault]:
    fields = [one for one in every_field(definition) if isinstance(one, MaterialField) and one.item]
    known = _materials_of(hall, {one.item for one in fields})
    for one in fields:
        where = places[one.name]
        if one.item not in known:
            yield Fault(f"{where}.item", f"“{one.label}”的事项“{one.item}”不是本厅在办的事项，请从列表里选。")
        elif one.material not in known[one.item]:
            said = f"“{one.label}”的材料“{one.material}”不在事项“{one.item}”的材料目录里，请从列表里选。"
            yield Fault(f"{where}.material", said)


def _faults_of_places(definition: FormDefinition, places: Mapping[str, str]) -> Iterator[Fault]:
    fields = [one for one in definition.fields if isinstance(one, MapPlaceField) and one.is_of_hall]
    if not fields:
        return
    kinds = set(places_in_use().order_by().values_list("kind", flat=True))
    for one in fields:
        if not kinds:
            said = "清单里还没有在用的地点：请先在“地点清单”里添加，或者在这里写地点。"
            yield Fault(f"{places[one.name]}.places", f"“{one.label}”要从本厅的“地点清单”里选，{said}")
        elif one.kinds and kinds.isdisjoint(one.kinds):
            named = "、".join(f"“{kind}”" for kind in one.kinds)
            said = (
                f"“{one.label}”只从类别是{named}的地点里选，“地点清单”里没有在用的：请在清单里写上类别，或者另选类别。"
            )
            yield Fault(f"{places[one.name]}.kinds", said)


def _faults_of_hours(definition: FormDefinition, hall: Hall, places: Mapping[str, str]) -> Iterator[Fault]:
    if hall.opening_hours:
        return
    for one in every_field(definition):
        if isinstance(one, TimeField) and one.office_hours_only:
            said = "本厅还没有写开放时间：请先在“网站设置”的“开放时间”里写。"
            yield Fault(f"{places[one.name]}.office_hours_only", f"“{one.label}”只能是办公时间，{said}")


def _materials_of(hall: Hall, codes: Collection[str]) -> dict[str, set[str]]:
    """By the code of an item that the hall has adopted and that is in force, the names of its materials."""
    ids = {}
    for code in codes:
        try:
            ids[code] = public_item_id(code)
        except NotFound:
            continue
    if not ids:
        return {}
    rows = dict(_versions(hall).filter(item_id__in=ids.values()).values_list("item_id", "values__materials"))
    return {code: set(_names(rows[pk])) for code, pk in ids.items() if pk in rows}


def _versions(hall: Hall) -> QuerySet[ItemVersion]:
    adopted = HallItem.objects.filter(hall_id=hall.pk).values("item_id")
    return items_valid_at(timezone.now()).filter(item_id__in=adopted)


def _names(rows: Any) -> list[str]:
    return [str(row["name"]) for row in rows or () if isinstance(row, Mapping) and row.get("name")]
