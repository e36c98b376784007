"""The demo's items: what the county has adopted and handed down, and what still waits there for somebody."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from stdnum.cn import uscc

from config.demo.desks import REPORTED_ITEM
from config.demo.halls import halls_of_kind
from config.demo.people import COUNTY_CODE, actor_called
from config.demo.reviewers import reviewer_of
from config.machine.progress import Step
from foundation import schemas
from foundation.events.operations import drain_events
from province.catalogue.models import Assignment, Department, Item
from province.catalogue.operations import pass_review, publish_version, save_draft, submit_version
from province.catalogue.operations.assignments import assign_items
from province.catalogue.queries.assignments import progress_of
from province.catalogue.queries.reviews import open_offices
from province.catalogue.queries.validity import items_valid_at
from province.catalogue.states import HallGuideState
from province.halls.models import Hall, HallKind
from province.halls.queries import hall_with_code
from province.rights.actors import Actor
from standards.items.codelists import BodyKind, Channel, Level
from tenants.services.models import Adoption
from tenants.services.operations.hall_defaults import save_hall_defaults
from tenants.services.operations.hall_guides import save_hall_guide, submit_hall_guide
from tenants.services.operations.hand_down import hand_down_items

# these have not said yet what holds for all their items: the county's desk shows what is missing
_SILENT = ("人民武装部", "退役军人事务局")
# whose items village clerks take in for the county besides those of their own level
_TAKEN_IN = ("民政局", "残疾人联合会", "医疗保障局")
_CHANGED = "食品经营许可"
_NEW_CONDITION = "仅销售预包装食品的，只需备案，不必办理许可。"
_GRACE_DAYS = 30


def adopt_items(by: Actor, step: Step) -> None:
    """Adopt items at the county, with the answers of its departments; most are shown at once."""
    county = hall_with_code(COUNTY_CODE)
    # as if the province had handed its catalogue down
    prefix = county.prefixes[0]
    if not Assignment.objects.filter(prefix=prefix).exists():
        with schemas.enter(county.schema_name):
            for department in Department.objects.exclude(name__in=_SILENT).order_by("name"):
                save_hall_defaults(by=by, hall=county, department_id=department.pk, values=_answers(department.name))
            save_hall_defaults(by=by, hall=county, department_id=None, values=_ANSWERS_OF_ALL)
        items = _items_of_level(Level.COUNTY)
        assign_items(by=by, prefix=prefix, kinds=[HallKind.COUNTY], item_ids=items, publishes=True)
    _wait(prefix, HallKind.COUNTY, step)
    _leave_work(county)


def adopt_in_city(by: Actor, city: Hall, step: Step) -> None:
    """Adopt at the city's hall the item that it decides for the county, with the answers of its department."""
    prefix = city.prefixes[0]
    if not Assignment.objects.filter(prefix=prefix, kinds=[HallKind.CITY]).exists():
        item = Item.objects.get(name=REPORTED_ITEM)
        with schemas.enter(city.schema_name):
            values = _answers(item.department.name, place="宜昌市", digits="420500")
            save_hall_defaults(by=by, hall=city, department_id=item.department_id, values=values)
            save_hall_defaults(by=by, hall=city, department_id=None, values=_ANSWERS_OF_ALL)
        assign_items(by=by, prefix=prefix, kinds=[HallKind.CITY], item_ids=[item.pk], publishes=True)
    _wait(prefix, HallKind.CITY, step)


def hand_items_down(by: Actor, step: Step) -> None:
    """Hand items down to townships and villages, which show at once what is complete there."""
    county = hall_with_code(COUNTY_CODE)
    prefix = county.prefixes[-1]
    taken_in = items_valid_at(timezone.now()).filter(
        department__name__in=_TAKEN_IN, item__family="power", item__item_type__in=["05", "07", "20"]
    )
    villages = [*_items_of_level(Level.VILLAGE), *taken_in.values_list("item_id", flat=True)]
    for kind, items in ((HallKind.TOWNSHIP, _items_of_level(Level.TOWNSHIP)), (HallKind.VILLAGE, villages)):
        if not Assignment.objects.filter(prefix=prefix, kinds=[kind]).exists():
            with schemas.enter(county.schema_name):
                hand_down_items(by=by, hall=county, item_ids=items, kinds=[kind], publishes=True)
        _wait(prefix, kind, step)
    below = len(halls_of_kind(HallKind.TOWNSHIP)) + len(halls_of_kind(HallKind.VILLAGE))
    step.note = f"{below} 个镇和村"


@transaction.atomic
def change_item() -> None:
    """Publish a new version of one adopted item, which the county has not accepted yet."""
    item = Item.objects.get(name=_CHANGED)
    if item.versions.count() > 1:
        return
    zhao, qian = actor_called("zhao"), actor_called("qian")
    if _NEW_CONDITION not in item.values["conditions"]:
        conditions = f"{item.values['conditions']}\n{_NEW_CONDITION}"
        save_draft(by=zhao, item=item, revision=item.revision, values={"conditions": conditions})
    version = submit_version(by=zhao, item=item)
    while offices := open_offices(version):
        version = pass_review(by=reviewer_of(offices[0].code), version=version, office=offices[0])
    until = timezone.now() + timedelta(days=_GRACE_DAYS)
    publish_version(by=qian, version=version, required_from=until)


def _leave_work(county: Hall) -> None:
    """One hall guide waits for its review, as it would on any day."""
    sun = actor_called("sun")
    with transaction.atomic(), schemas.enter(county.schema_name):
        adoption = Adoption.objects.filter(guide_state=HallGuideState.DONE).order_by("item_id").first()
        if adoption is None or Adoption.objects.filter(guide_state=HallGuideState.SUBMITTED).exists():
            return
        values = adoption.values | {"consult": "0717-3222346"}
        save_hall_guide(by=sun, hall=county, adoption_id=adoption.pk, values=values, revision=adoption.revision)
        submit_hall_guide(by=sun, hall=county, adoption_id=adoption.pk)


def _items_of_level(level: Level) -> list[UUID]:
    now = timezone.now()
    return [one.item_id for one in items_valid_at(now) if level.value in one.values.get("levels", [])]


def _wait(prefix: str, kind: HallKind, step: Step) -> None:
    assignment = Assignment.objects.get(prefix=prefix, kinds=[kind])
    while (progress := progress_of(assignment)).waiting:
        step.say(f"已有 {progress.done} 个服务厅认领")
        drain_events(most=10)


def _answers(department: str, *, place: str = "当阳市", digits: str = "420582") -> dict[str, Any]:
    drawn = f"{int(hashlib.sha256(department.encode()).hexdigest(), 16) % 10**9:09}"
    code = f"11{digits}{drawn}"
    return {
        "body_code": code + uscc.calc_check_digit(code),
        "body_name": f"{place}{department}",
        "body_kind": BodyKind.AUTHORITY.value,
        "disclosing_body": f"{place}{department}",
        "consult": f"0717-32{drawn[:5]}",
    }


_ANSWERS_OF_ALL: dict[str, Any] = {
    "channels": [Channel.WINDOW.value, Channel.POST.value],
    "is_online": False,
    "has_booking": True,
    "is_in_centre": True,
    "has_kiosk": False,
    "is_mailed": True,
    "is_paid_online": True,
    "has_agency": True,
    "agency_note": "行动不便的，可以请本村（社区）代办员代收材料、代交代取，不收费。",
    "complaints": "12345",
}
