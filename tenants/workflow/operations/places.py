"""The hall's list of places (地点清单): places are added, changed, taken out of use and put back."""

from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Fault, Invalid, NotFound
from foundation.texts import line_of
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.forms.fields.places import DATUM_LABELS, EAST, LONGEST_ADDRESS, LONGEST_KIND, MOST_PLACES, NORTH
from standards.numbers.phones import is_service_phone
from tenants.portal.operations.figures import require_in_hall
from tenants.workflow.models import HallPlace
from tenants.workflow.models.places import LONGEST_KEEPER, LONGEST_PLACE_NAME
from tenants.workflow.operations.designs import DESIGN
from tenants.workflow.queries.places import NO_PLACE, places_in_use

# with those out of use
MOST_KEPT: Final = 2_000
_MICRODEGREE: Final = Decimal("0.000001")  # a tenth of a metre
_LONGEST: Final = {
    "name": LONGEST_PLACE_NAME,
    "kind": LONGEST_KIND,
    "address": LONGEST_ADDRESS,
    "keeper": LONGEST_KEEPER,
}
_LABELS: Final = {
    "name": "名称",
    "kind": "类别",
    "address": "地址",
    "keeper": "管理单位",
    "longitude": "经度",
    "latitude": "纬度",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFacts:
    """What the list says of a place. ``kind``: what it is good for, in the hall's own words; ``longitude``,
    ``latitude``: degrees of ``datum`` as they were typed, both or neither; ``datum``: cgcs2000 or gcj02; ``keeper``:
    who looks after the place."""

    name: str
    kind: str = ""
    address: str = ""
    longitude: str = ""
    latitude: str = ""
    datum: str = "cgcs2000"
    keeper: str = ""
    phone: str = ""
    is_in_use: bool = True


@transaction.atomic
def create_place(*, by: Actor, hall: Hall, facts: PlaceFacts) -> HallPlace:
    """Add a place, which forms offer from the commit on.

    Raises Invalid with a fault at each wrong fact, also for coordinates in another system than those of the other
    places in use; Conflict for a name that the list has already.
    """
    require_in_hall(by, DESIGN, hall)
    hold_list(hall)
    made = insert_place(by, hall, facts)
    check_list()
    return made


@transaction.atomic
def change_place(*, by: Actor, hall: Hall, place_id: UUID, revision: int, facts: PlaceFacts) -> HallPlace:
    """Write what the list says of a place; forms that were sent keep what they say of it.

    ``revision``: of the place as it was read. Raises as ``create_place``, NotFound, and Conflict where somebody has
    changed the place since.
    """
    require_in_hall(by, DESIGN, hall)
    hold_list(hall)
    changed = write_place(by, hall, place_id, revision, facts)
    check_list()
    return changed


@transaction.atomic
def use_place(*, by: Actor, hall: Hall, place_id: UUID, is_in_use: bool) -> HallPlace:
    """Take a place out of use, so that nobody can choose it any more, or put it back.

    A draft that holds it has to choose another before it is sent; what was sent keeps it. Raises NotFound, and Invalid
    where too many would be in use or its coordinates are in another system.
    """
    require_in_hall(by, DESIGN, hall)
    hold_list(hall)
    place = _held(place_id)
    if place.is_in_use == is_in_use:
        return place
    place.is_in_use = is_in_use
    place.revision += 1
    place.save(update_fields=["is_in_use", "revision"])
    act = "use_place" if is_in_use else "end_place"
    _record(by, hall, place, act, {"is_in_use": [not is_in_use, is_in_use]})
    check_list()
    return place


def hold_list(hall: Hall) -> None:
    """Let nobody else change the list until the transaction ends: what holds for it as a whole is checked after each
    change."""
    hold_name(f"places of {hall.pk}")


def insert_place(by: Actor, hall: Hall, facts: PlaceFacts) -> HallPlace:
    """Add a place to the list that the caller holds, and will check as a whole. Raises Invalid, Conflict."""
    values = _clean(facts)
    _check_name(values["name"])
    place = HallPlace(**values)
    place.save()
    _record(by, hall, place, "create_place", {name: [None, said] for name, said in _said(place).items() if said})
    return place


def write_place(by: Actor, hall: Hall, place_id: UUID, revision: int, facts: PlaceFacts) -> HallPlace:
    """Change a place of the list that the caller holds, and will check as a whole. Raises Invalid, Conflict,
    NotFound."""
    place = _held(place_id)
    values = _clean(facts)
    if place.revision != revision:
        message = f"“{place.name}”刚被别人改过，请重新打开看看，再改。"
        raise Conflict(message)
    if values["name"] != place.name:
        _check_name(values["name"])
    before = _said(place)
    for name, value in values.items():
        setattr(place, name, value)
    after = _said(place)
    if before != after:
        place.revision += 1
        place.save()
        _record(
            by,
            hall,
            place,
            "change_place",
            {one: [before[one], after[one]] for one in after if before[one] != after[one]},
        )
    return place


def check_list() -> None:
    """Raises Invalid where the list as a whole is against its rules: one system of coordinates, so many places."""
    used = list(places_in_use().values_list("longitude", "datum"))
    if len(used) > MOST_PLACES:
        message = f"在用的地点最多 {MOST_PLACES} 个，现在有 {len(used)} 个，请先停用几个。"
        raise Invalid.at("is_in_use", message)
    if HallPlace.objects.count() > MOST_KEPT:
        message = f"地点清单最多 {MOST_KEPT:,} 个地点，连停用的也算；请修改不再用的，不要新增。"
        raise Invalid.at("name", message)
    if len({datum for longitude, datum in used if longitude is not None}) > 1:
        raise Invalid.at(
            "datum", "在用的地点里有两种坐标系，同一个位置会相差几百米，画不到一张图上：请都用同一种，或者不写经纬度。"
        )


def facts_of(place: HallPlace) -> PlaceFacts:
    """What the list says of it now, as it would be typed."""
    said = {name: value for name, value in _said(place).items() if name != "is_in_use"}
    return PlaceFacts(**said, is_in_use=place.is_in_use)


def _held(place_id: UUID) -> HallPlace:
    place = HallPlace.objects.select_for_update().filter(pk=place_id).first()
    if place is None:
        raise NotFound(NO_PLACE)
    return place


def _check_name(name: str) -> None:
    known = HallPlace.objects.filter(name=name).first()
    if known:
        ended = "" if known.is_in_use else "（已停用，可以重新启用）"
        message = f"清单里已经有“{name}”{ended}，请换一个名称，或者修改那一个。"
        raise Invalid.at("name", message)


def _clean(facts: PlaceFacts) -> dict[str, Any]:
    """The columns. Raises Invalid with a fault at each wrong fact."""
    values: dict[str, Any] = {name: line_of(str(value)) for name, value in asdict(facts).items() if name != "is_in_use"}
    faults = [
        Fault(name, f"{_LABELS[name]}最多 {most} 个字，现在有 {len(values[name])} 个。")
        for name, most in _LONGEST.items()
        if len(values[name]) > most
    ]
    if not values["name"]:
        faults.append(Fault("name", "请填写名称。"))
    if values["phone"] and not is_service_phone(values["phone"]):
        faults.append(
            Fault("phone", "联系电话只能有数字、括号、横线和“转”，最多 40 个字符，例如 0717-3222222 转 801。")
        )
    if values["datum"] not in DATUM_LABELS:
        faults.append(Fault("datum", f"坐标系请写“{'”或者“'.join(DATUM_LABELS.values())}”。"))
    faults += _degrees(values)
    if faults:
        raise Invalid.of(faults)
    return values | {"is_in_use": facts.is_in_use}


def _degrees(values: dict[str, Any]) -> list[Fault]:
    """Put numbers, or None, in place of what was typed; what is wrong with it."""
    typed = {name: values[name] for name in ("longitude", "latitude")}
    if not any(typed.values()):
        values |= dict.fromkeys(typed)
        return []
    faults, bounds = [], {"longitude": EAST, "latitude": NORTH}
    for name, text in typed.items():
        try:
            found = Decimal(text.removesuffix("°")) if len(text) <= 24 else Decimal("NaN")  # noqa: PLR2004 - digits enough
        except InvalidOperation:
            found = Decimal("NaN")
        least, most = bounds[name]
        if not text:
            faults.append(Fault(name, "经度、纬度只写了一个，请都写或者都不写。"))
        elif not found.is_finite() or not least <= found <= most:
            faults.append(
                Fault(name, f"{_LABELS[name]}写成度的小数，在 {least} 到 {most} 之间，例如 {_EXAMPLES[name]}。")
            )
        else:
            values[name] = found.quantize(_MICRODEGREE)
    return faults


_EXAMPLES: Final = {"longitude": "111.788312", "latitude": "30.821022"}


def _said(place: HallPlace) -> dict[str, Any]:
    """Its facts as plain JSON."""
    degrees = {name: _plain(getattr(place, name)) for name in ("longitude", "latitude")}
    texts = {
        name: getattr(place, name) for name in ("name", "kind", "address", "datum", "keeper", "phone", "is_in_use")
    }
    return texts | degrees


def _plain(degrees: Decimal | None) -> str:
    return "" if degrees is None else f"{degrees.normalize():f}"


def _record(by: Actor, hall: Hall, place: HallPlace, act: str, changes: dict[str, list[Any]]) -> None:
    record_act(
        by=by, act=f"workflow.{act}", object_type="hall_place", object_id=place.pk, hall_id=hall.pk, changes=changes
    )
