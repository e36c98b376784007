"""Cases that are lived whole, from the application to the archive, by the operations: an item of each of four types
that a county takes, its people, and a life of each by turns."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from config.demo.applicants import applicant
from foundation import schemas
from foundation.events.operations import drain_events
from province.audit.operations import link_entries
from province.cases.models import CaseOffer
from province.cases.operations.feed import number_changes
from province.cases.states import CaseChannel, CaseOutcome, DeliveryWay
from province.catalogue.models import Item
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.people.models import Account
from province.people.operations.units import create_unit
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.rights.queries import system_actor
from province.rights.roles import Role
from standards.flows.reading import read_flow
from standards.items.codelists import CaseType, ItemType, MaterialNeed
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import accept_case, ask_for_correction, bring_the_rest, note_materials
from tenants.casework.operations.closing import archive_case, finish_at_once, serve_decision
from tenants.casework.operations.deciding import decide_case, settle_after_run
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.lacking import accept_lacking, confirm_lacking
from tenants.casework.operations.setups import SetupWish, change_setup, open_setup, set_up_cases
from tenants.casework.queries.corrections import later_materials
from tenants.casework.states import MaterialState
from tenants.ratings.models import Rating
from tenants.ratings.operations.giving import give_rating
from tenants.ratings.states import RatingChannel
from tenants.workflow.models import FilledForm, Flow, Form, WorkItem
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.operations.flows import create_flow, publish_flow, set_up_flow
from tenants.workflow.operations.forms import open_form, publish_form
from tenants.workflow.operations.items import claim_item, finish_item
from tenants.workflow.queries.filled import FormFiller
from tenants.workflow.states import OPEN_ITEMS
from tests.factories.adoptions import make_shown
from tests.factories.casework import send_whole
from tests.factories.catalogue import make_item, make_published
from tests.factories.citizens import make_proved
from tests.factories.forms import citizen_filler
from tests.factories.halls import make_person
from tests.factories.items import whole_item

COUNTY: Final = "640104000000"
UNITS: Final = 16
_MATERIALS: Final = ("申请书", "申请人身份证明", "经营场所使用证明", "从业人员健康证明")
_ITEMS: Final = (
    (ItemType.CONFIRMATION, CaseType.INSTANT, "居住证明开具"),
    (ItemType.CONFIRMATION, CaseType.PROMISED, "老年人优待证办理"),
    (ItemType.LICENCE, CaseType.PROMISED, "食品经营许可"),
    (ItemType.LICENCE, CaseType.COMPLETED, "公共场所卫生许可"),
)
_EXAMINE: Final[dict[str, Any]] = {
    "format": 1,
    "title": "许可审查",
    "owner": {"kind": "role", "role": "hall_administrator"},
    "nodes": [
        {"type": "start", "name": "start", "label": "受理"},
        {
            "type": "step",
            "name": "examine",
            "label": "承办人审查",
            "who": {"kind": "role", "role": "handler"},
            "limit": {"amount": 3, "unit": "working_days"},
        },
        {
            "type": "step",
            "name": "approve",
            "label": "分管领导审批",
            "who": {"kind": "role", "role": "approving_leader"},
            "outcomes": [
                {"code": "granted", "label": "准予"},
                {"code": "refused", "label": "不予", "is_favourable": False},
            ],
            "limit": {"amount": 2, "unit": "working_days"},
        },
        {"type": "end", "name": "finish", "label": "结束"},
    ],
    "edges": [
        {"name": "e1", "source": "start", "target": "examine"},
        {"name": "e2", "source": "examine", "target": "approve"},
        {"name": "e3", "source": "approve", "target": "finish"},
    ],
}


@dataclass(frozen=True, slots=True)
class CaseWorld:
    """``clerk``: of the window, who sees the whole hall; ``officers``: one for each department of the county;
    ``citizen``: who applies online."""

    hall: Hall
    clerk: Actor
    handler: Actor
    leader: Actor
    officers: list[Actor]
    citizen: Citizen
    # at once; promised, decided by the department; a licence, examined in a flow; a licence with 容缺
    instant: CaseSetup
    promised: CaseSetup
    examined: CaseSetup
    lacking: CaseSetup


def make_world() -> CaseWorld:
    hall = Hall.objects.select_related("division").get(division__code=COUNTY)
    make_person("zhao", "赵敏", Role.PROVINCE_OPERATOR)
    make_person("qian", "钱宁", Role.PROVINCE_OPERATOR)
    for name, shown, role in (
        ("sun", "孙北", Role.HALL_EDITOR),
        ("li", "李北", Role.HALL_EDITOR),
        ("he", "何静", Role.HALL_ADMINISTRATOR),
    ):
        make_person(name, shown, role, hall)
    # before the flow: somebody must be there for its steps
    people = {
        name: actor_of(make_person(name, shown, role, hall))
        for name, shown, role in (
            ("wu", "吴敏", Role.WINDOW_CLERK),
            ("chen", "陈华", Role.HANDLER),
            ("liu", "刘强", Role.APPROVING_LEADER),
        )
    }
    made = [_item(hall, place, *one) for place, one in enumerate(_ITEMS)]
    hall.refresh_from_db()
    with schemas.enter(hall.schema_name):
        setups = [_opened(hall, item, has_flow=place == 2) for place, item in enumerate(made)]
    return CaseWorld(
        hall,
        *people.values(),
        [_officer(hall, place) for place in range(UNITS)],
        make_proved(1),
        *setups,
    )


def found_world() -> CaseWorld:
    """The one that an earlier run has made."""
    people = {one.username: actor_of(one) for one in Account.objects.all()}
    hall = Hall.objects.select_related("division").get(division__code=COUNTY)
    names = dict(CaseOffer.objects.filter(hall=hall).values_list("pk", "item_name"))
    with schemas.enter(hall.schema_name):
        setups = {names[one.pk]: one for one in CaseSetup.objects.all()}
    return CaseWorld(
        hall,
        *(people[name] for name in ("wu", "chen", "liu")),
        [people[f"officer{place}"] for place in range(UNITS)],
        Citizen.objects.get(),
        *(setups[name] for *_, name in _ITEMS),
    )


def _item(hall: Hall, number: int, kind: ItemType, case_type: CaseType, name: str) -> Item:
    row = whole_item()["materials"][0]
    later = {"need": MaterialNeed.LATER.value, "later_days": 5} if case_type == CaseType.COMPLETED else {}
    materials = [row | {"name": one} | (later if place == 3 else {}) for place, one in enumerate(_MATERIALS)]
    values: dict[str, Any] = {"name": name, "case_type": case_type.value, "materials": materials}
    if case_type == CaseType.INSTANT:
        # 当场办结
        at_once = {"days": 0, "unit": "0"}
        values |= {"promised_days": 0, "promised_unit": "0"}
        values |= {"flow": [{"act": "办理", "position": "窗口"} | at_once]}
    item = make_item(number, item_type=kind, **values)
    make_shown(hall, make_published(item))
    return item


def _opened(hall: Hall, item: Item, *, has_flow: bool) -> CaseSetup:
    by = system_actor("评测")
    setup = set_up_cases(by=by, hall=hall, item_id=item.pk)
    form = Form.objects.get(pk=setup.form_id)
    publish_form(by=by, hall=hall, form_id=form.pk, revision=form.revision)
    open_form(by=by, hall=hall, form_id=form.pk, is_open=True)
    flow = _flow(hall, form) if has_flow else None
    wish = SetupWish(
        flow_id=flow.pk if flow else None, is_online=True, review_body="兴庆区人民政府", court="兴庆区人民法院"
    )
    setup = change_setup(by=by, hall=hall, setup_id=setup.pk, revision=setup.revision, wish=wish)
    return open_setup(by=by, hall=hall, setup_id=setup.pk, revision=setup.revision)


def _flow(hall: Hall, form: Form) -> Flow:
    by = system_actor("评测")
    flow = create_flow(by=by, hall=hall, code="examine", title="许可审查", definition=read_flow(_EXAMINE))
    flow = set_up_flow(by=by, hall=hall, flow_id=flow.pk, form_id=form.pk, promise=None, revision=flow.revision)
    publish_flow(by=by, hall=hall, flow_id=flow.pk, revision=flow.revision)
    return flow


def _officer(hall: Hall, place: int) -> Actor:
    unit = create_unit(by=system_actor("评测"), hall_id=hall.pk, name=f"第{place}科", prefix=hall.prefixes[-1])
    account = make_person(f"officer{place}", f"办件员{place}", Role.HANDLER, hall)
    account.positions.update(unit_id=unit.pk, reach="unit")
    return actor_of(account)


def clerk(hall: Hall, name: str) -> Actor:
    """Of the hall's window; made where an earlier run has not."""
    known = Account.objects.filter(username=name).first()
    return actor_of(known or make_person(name, name, Role.WINDOW_CLERK, hall))


def live(world: CaseWorld, place: int) -> Case:
    """One whole life, of each type by turns, with what the relay makes of it. In the hall's schema."""
    act = _LIVES[place % len(_LIVES)]
    case = act(world, place)
    rating = Rating.objects.filter(case_id=case.pk).first()
    if rating and place % 2:
        give_rating(
            hall=world.hall, rating_id=rating.pk, grade=1, reasons=("wg1",), opinion="", channel=RatingChannel.LINK
        )
    archive_case(by=world.clerk, hall=world.hall, case_id=case.pk)
    settle()
    return case


def settle() -> None:
    """Whatever the relay and the scheduler do at once."""
    drain_events()
    while link_entries():
        pass
    while number_changes():
        pass


def type_in(who: FormFiller, hall: Hall, setup_id: UUID, place: int) -> FilledForm:
    """Somebody's application, typed and not sent."""
    filled = begin_application(who=who, hall=hall, setup_id=setup_id, channel=CaseChannel.WINDOW, is_another=True)
    posted = applicant(place)
    return save_filling(who=who, hall=hall, filled_id=filled.pk, posted=posted, revision=filled.revision).filled


def apply(world: CaseWorld, setup: CaseSetup, place: int) -> Case:
    """Somebody comes to the window."""
    who = FormFiller(world.clerk)
    filled = type_in(who, world.hall, setup.pk, place)
    send_filling(who=who, hall=world.hall, filled_id=filled.pk, revision=filled.revision)
    return Case.objects.get(filled=filled)


def _apply_online(world: CaseWorld, setup: CaseSetup) -> Case:
    """A citizen applies on the site, with a file for each material, none of which is in the store."""
    filled = begin_application(who=citizen_filler(world.citizen), hall=world.hall, setup_id=setup.pk)
    send_whole(world.hall, filled, world.citizen)
    return Case.objects.get(filled=filled)


def _give_all(world: CaseWorld, case: Case) -> None:
    states = {one.pk: MaterialState.GIVEN for one in case.materials.all()}
    note_materials(by=world.handler, hall=world.hall, case_id=case.pk, states=states)


def accept(world: CaseWorld, case: Case) -> Case:
    """With all that is needed."""
    _give_all(world, case)
    return accept_case(by=world.handler, hall=world.hall, case_id=case.pk)


def _serve(world: CaseWorld, case: Case) -> None:
    serve_decision(by=world.clerk, hall=world.hall, case_id=case.pk, way=DeliveryWay.WINDOW, proof="本人到窗口签收")


def _at_once(world: CaseWorld, place: int) -> Case:
    case = apply(world, world.instant, place)
    _give_all(world, case)
    return finish_at_once(
        by=world.clerk,
        hall=world.hall,
        case_id=case.pk,
        outcome=CaseOutcome.GRANTED,
        reasons="",
        proof="申请人当场领取并签收",
    )


def _promised(world: CaseWorld, place: int) -> Case:
    case = accept(world, apply(world, world.promised, place))
    decide_case(by=world.leader, hall=world.hall, case_id=case.pk, outcome=CaseOutcome.GRANTED, reasons="")
    _serve(world, case)
    return case


def _online(world: CaseWorld, _: int) -> Case:
    case = _apply_online(world, world.promised)
    accept_case(by=world.handler, hall=world.hall, case_id=case.pk)
    decide_case(by=world.leader, hall=world.hall, case_id=case.pk, outcome=CaseOutcome.GRANTED, reasons="")
    _serve(world, case)
    return case


def _examined(world: CaseWorld, place: int) -> Case:
    """补正, then a flow of two steps."""
    case = apply(world, world.examined, place)
    asked = ["身份证复印件看不清，请重新复印。", "申请表缺少签名。"]
    ask_for_correction(by=world.clerk, hall=world.hall, case_id=case.pk, asked=asked, workdays=20)
    bring_the_rest(by=world.clerk, hall=world.hall, case_id=case.pk, said="申请人已把材料补齐。")
    accept(world, case)
    settle()
    case.refresh_from_db()
    for by, said in ((world.handler, ""), (world.leader, CaseOutcome.GRANTED.value)):
        item = WorkItem.objects.get(run=case.run_id, state__in=OPEN_ITEMS)
        if item.owner_id is None:
            claim_item(by=by, hall=world.hall, item_id=item.pk)
        finish_item(by=by, hall=world.hall, item_id=item.pk, outcome=said, opinion="材料齐全，现场符合要求。")
    settle_after_run(hall=world.hall, run_id=case.run_id)
    _serve(world, case)
    return case


def _lacking(world: CaseWorld, place: int) -> Case:
    """容缺, kept."""
    case = apply(world, world.lacking, place)
    later = [one.material.pk for one in later_materials(case)]
    states = {one.pk: MaterialState.GIVEN for one in case.materials.exclude(pk__in=later)}
    note_materials(by=world.handler, hall=world.hall, case_id=case.pk, states=states)
    promise = "申请人在窗口签了容缺承诺书。"
    accept_lacking(by=world.handler, hall=world.hall, case_id=case.pk, materials=later, workdays=3, promise=promise)
    confirm_lacking(by=world.handler, hall=world.hall, case_id=case.pk)
    decide_case(by=world.leader, hall=world.hall, case_id=case.pk, outcome=CaseOutcome.GRANTED, reasons="")
    _serve(world, case)
    return case


# of ten cases so many of each: 即办件 are the most
_LIVES: Final = (
    *(_at_once, _promised, _at_once, _examined, _at_once),
    *(_online, _at_once, _promised, _lacking, _online),
)
