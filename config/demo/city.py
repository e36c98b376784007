"""The hall above the demo's county: 宜昌市, which decides what the county hands up (上报件), and cases on that way."""

import time
from typing import Final

from django.db import transaction

from config.demo.cases import accept, apply_at_window, open_item
from config.demo.desks import REPORTED_ITEM, DemoDesk
from config.demo.halls import OPENING_HOURS, introduce
from config.demo.items import adopt_in_city
from config.demo.people import CITY, CITY_CODE, CITY_DESK, COUNTY_CODE, actor_called, give_hall
from config.machine.progress import Step
from foundation import schemas
from foundation.events.operations import drain_events
from province.cases.models import Referral
from province.cases.states import CaseOutcome, CaseState
from province.halls.models import Hall, HallKind
from province.halls.operations import go_live, update_hall
from province.halls.queries import hall_with_code
from province.halls.queries.columns import empty_columns
from province.halls.states import HallState
from province.rights.actors import Actor
from provisioning.create import provision_halls
from tenants.casework.models import Case
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.referrals import hand_up_case
from tenants.portal.models import Column
from tenants.portal.operations.columns import hide_column

_OPINION: Final = "材料齐全，现场核查矿区范围没有重叠，初审合格，建议准予。"
_REASONS: Final = "矿区范围与生态保护红线重叠，不符合条件。"
# handed up; of these so many are granted, refused, and accepted; the others wait
_HANDED_UP: Final = 5
_DECISIONS: Final = ((CaseOutcome.GRANTED, ""), (CaseOutcome.REFUSED, _REASONS))
_ACCEPTED: Final = 1
# seconds; a relay that is at it at the same moment is given half a minute
_WAIT, _MOST_WAITS = 0.5, 60


def open_city(by: Actor, step: Step) -> None:
    """Provision the city's hall, staff it, and put it live with the one item that it decides for the county."""
    provision_halls(by=by, under=CITY_CODE, kinds=(HallKind.CITY,))
    city = hall_with_code(CITY_CODE)
    for person in CITY:
        give_hall(by, person, city)
    if not city.slogan:
        update_hall(by=by, hall=city, **_FACTS)
    introduce(by, city)
    adopt_in_city(by, city, step)
    with schemas.enter(city.schema_name), transaction.atomic():
        DemoDesk(city, **CITY_DESK)
        # nobody writes here
        for column in Column.objects.filter(name__in=empty_columns(city) or (), is_visible=True):
            hide_column(by=by, hall=city, code=column.code)
    if city.state == HallState.TRIAL:
        go_live(by=by, hall=city)


def hand_cases_up(step: Step) -> None:
    """Hand cases of the county up, and have the city answer some of them; killed, the next call does what is left."""
    county, city = hall_with_code(COUNTY_CODE), hall_with_code(CITY_CODE)
    sent = Referral.objects.filter(hall=county, to_hall=city)
    with schemas.enter(county.schema_name), transaction.atomic():
        if not sent.exists():
            _hand_up(county, city)
    # the relay brings them there, too
    for _ in range(_MOST_WAITS):
        drain_events(most=10)
        if not sent.filter(receipt=None).exists():
            break
        time.sleep(_WAIT)
    _answer(city)
    drain_events()
    step.note = f"{sent.count()} 件上报"


def _hand_up(county: Hall, city: Hall) -> None:
    setup = open_item(county, REPORTED_ITEM)
    if setup is None:
        # the county has not published it
        return
    for place in range(_HANDED_UP):
        case = apply_at_window(county, setup, place)
        accept(county, case)
        by = actor_called("chen")
        hand_up_case(by=by, hall=county, case_id=case.pk, to_hall_id=city.pk, opinion=_OPINION)


@transaction.atomic
def _answer(city: Hall) -> None:
    with schemas.enter(city.schema_name):
        desk = DemoDesk(city, **CITY_DESK)
        cases = list(Case.objects.order_by("pk"))
        if any(one.state != CaseState.RECEIVED for one in cases):
            return
        for case in cases[: len(_DECISIONS) + _ACCEPTED]:
            accept(city, case, by=desk.handler)
        for case, (outcome, reasons) in zip(cases, _DECISIONS, strict=False):
            decide_case(by=desk.leader, hall=city, case_id=case.pk, outcome=outcome, reasons=reasons)


_FACTS: Final[dict[str, object]] = {
    "slogan": "宜快办，宜心办",
    "organiser": "宜昌市政务服务和大数据管理局",
    "site_code": "4205000001",
    "icp_number": "鄂ICP备05000420号-2",
    "police_number": "鄂公网安备42050002000101号",
    "address": "宜昌市伍家岗区沿江大道189号市民之家",
    "phone": "0717-6756345",
    "opening_hours": OPENING_HOURS,
    "accent_colour": "#1257a8",
}
