"""联办: an item that the police and the builders are asked about, with somebody at each; Cao decides."""

from typing import Any, Final

from province.halls.models import Hall
from province.people.models import Position, Unit
from province.rights.roles import Reach, Role
from province.workdays.models import Clock
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseSetup, JointOpinion
from tenants.casework.operations.joint import give_opinion
from tenants.casework.operations.opinion_offers import offer_opinions
from tenants.casework.operations.setup_partners import clean_partners
from tenants.casework.queries.joint import JointPartner
from tenants.workflow.models import Flow
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import make_setup
from tests.factories.catalogue import make_item, make_published
from tests.factories.halls import make_person
from tests.factories.people import make_unit
from tests.factories.sites import inside

POLICE: Final = "公安局交通管理部门"
BUILDERS: Final = "住房和城乡建设局"


def partners_at(hall: Hall, *, days: int = 5) -> list[JointPartner]:
    """A department for each body, and who handles its cases: Jing of the police, Jian of the builders."""
    made = []
    for body, username, name in ((POLICE, "jing", "景警"), (BUILDERS, "jian", "简建")):
        unit = make_unit(f"{hall.short_name}{body}", hall=hall)
        made.append(JointPartner(body, unit.pk, days))
        seat_at(hall, unit, username, name)
    return made


def kept_partners(hall: Hall, south: Hall) -> list[dict[str, Any]]:
    """As a setup keeps them: the police of the south, which lies above from now on, and the hall's own builders."""
    asked = JointPartner(POLICE, offer_police_of(south).pk, 5, south.pk)
    return clean_partners(hall, [asked, partners_at(hall)[1]], lead_id=None)


def seat_at(hall: Hall, unit: Unit, username: str, name: str) -> None:
    """Somebody who handles what is that department's, and nothing else of the hall."""
    make_person(username, name, Role.HANDLER, hall)
    Position.objects.filter(account__username=username).update(unit=unit, reach=Reach.UNIT)


def make_joint_setup(hall: Hall, *, flow: Flow | None = None, days: int = 5, **values: Any) -> CaseSetup:
    """Open, with a department for each body."""
    given = {"case_type": CaseType.JOINT.value, "joint_bodies": [POLICE, BUILDERS]} | values
    adoption = make_shown(hall, make_published(make_item(8, **given)))
    hall.refresh_from_db()
    partners = partners_at(hall, days=days)
    with inside(hall):
        return make_setup(hall, adoption, flow=flow, partners=partners)


def make_joint_halls(north: Hall, south: Hall) -> CaseSetup:
    """As ``make_joint_setup``, where the south, a city's hall above the north, gives the opinion of the police: Qi
    there, for a department that Nan, who runs the south, has offered."""
    unit = offer_police_of(south)
    adoption = make_shown(
        north, make_published(make_item(8, case_type=CaseType.JOINT.value, joint_bodies=[POLICE, BUILDERS]))
    )
    north.refresh_from_db()
    own = partners_at(north)[1]
    with inside(north):
        return make_setup(north, adoption, partners=[JointPartner(POLICE, unit.pk, 5, south.pk), own])


def offer_police_of(south: Hall) -> Unit:
    """The south lies above the north from now on, and lets others ask one of its departments."""
    make_person("nan", "南厅", Role.HALL_ADMINISTRATOR, south)
    south.prefixes = [one for one in south.prefixes if len(one) <= 4]
    south.save(update_fields=["prefixes"])
    unit = make_unit("市交警支队", hall=south)
    seat_at(south, unit, "qi", "齐警")
    with inside(south):
        offer_opinions(by=person("nan"), hall=south, unit_ids=[unit.pk])
    return unit


def opinion_of(case: Case, body: str) -> JointOpinion:
    return JointOpinion.objects.get(case=case, body=body)


def answer(
    hall: Hall, case: Case, body: str, result: str = "agreed", *, by: str = "", reasons: str = ""
) -> JointOpinion:
    """What the department of this body says, by its own handler where nobody else is named."""
    who = by or {POLICE: "jing", BUILDERS: "jian"}[body]
    opinion = opinion_of(case, body)
    return give_opinion(by=person(who), hall=hall, opinion_id=opinion.pk, result=result, reasons=reasons)


def clock_of(opinion: JointOpinion) -> Clock:
    return Clock.objects.filter(owner_id=opinion.pk).latest("pk")
