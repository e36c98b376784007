"""The demo's citizens: a villager for whom the village clerk acts, a company's legal representative, and its agent.

They are people of nobody: the serial number 000 of a resident number is never issued.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from stdnum.cn import ric, uscc

from config.demo import pictures
from config.demo.people import PASSWORD, VILLAGE, VILLAGE_CODE, actor_called
from province.citizens.models import Citizen, Company, Mandate, PhoneCode
from province.citizens.operations.citizen_sign_in import sign_in_citizen
from province.citizens.operations.citizens import prove_identity, set_citizen_password
from province.citizens.operations.companies import ask_for_agency, confirm_agency, register_company
from province.citizens.operations.mandates import Paper, grant_mandate
from province.citizens.operations.phone_codes import send_code
from province.citizens.queries.citizens import actor_of_citizen, citizen_with_phone, local_messages
from province.citizens.queries.mandates import agencies_of, mandates_of
from province.halls.queries import hall_with_code


@dataclass(frozen=True, slots=True)
class DemoCitizen:
    """One of the demo's citizens, made up. ``head`` is the resident number without its last four digits; ``number`` is
    whole, with a right check digit (GB 11643)."""

    phone: str
    name: str
    role: str
    # of the number, up to the serial number
    head: str

    @property
    def number(self) -> str:
        """The whole resident number, with the serial number 000."""
        return f"{self.head}000{ric.calc_check_digit(f'{self.head}0000')}"


VILLAGER = DemoCitizen("13800000001", "刘桂英", "群众", "42058219530417")
REPRESENTATIVE = DemoCitizen("13800000002", "黄建国", "企业（法定代表人）", "42058219780912")
AGENT = DemoCitizen("13800000003", "周晓芬", "企业（经办人）", "42058219910326")
CITIZENS = (VILLAGER, REPRESENTATIVE, AGENT)
COMPANY = "当阳市沮漳河果蔬专业合作社（演示）"
_CODE_HEAD = "91420582000000000"
COMPANY_CODE = _CODE_HEAD[:17] + uscc.calc_check_digit(f"{_CODE_HEAD}0")


def make_citizens() -> None:
    """Make the demo's citizens and the company with its agent, where they are not there yet."""
    if {settings.MESSAGE_GATEWAY, settings.IDENTITY_VERIFIER} != {"local"}:
        return
    for one in CITIZENS:
        _make(one)
    boss, agent = (citizen_with_phone(one.phone) for one in (REPRESENTATIVE, AGENT))
    if boss is None or agent is None:
        return
    with transaction.atomic():
        if not Company.objects.filter(uscc=COMPANY_CODE).exists():
            register_company(by=actor_of_citizen(boss), citizen=boss, code=COMPANY_CODE, name=COMPANY)
        if not agencies_of(agent).exists():
            today = timezone.localdate()
            asked = ask_for_agency(
                by=actor_of_citizen(agent),
                citizen=agent,
                code=COMPANY_CODE,
                acts=["营业执照变更", "食品经营许可"],
                from_on=today,
                to_on=today + timedelta(days=365),
            )
            confirm_agency(by=actor_of_citizen(boss), agency=asked)


def _make(one: DemoCitizen) -> None:
    if citizen_with_phone(one.phone):
        return
    # all or nothing: code and account in one transaction, so that a kill leaves no code used up for nothing
    with transaction.atomic():
        send_code(phone=one.phone, purpose=PhoneCode.Purpose.SIGN_IN)
        sent = next(message.text.plain for message in local_messages() if message.phone.plain == one.phone)
        citizen = sign_in_citizen(phone=one.phone, code="".join(filter(str.isdigit, sent))[:6])
        by = actor_of_citizen(citizen)
        citizen = prove_identity(by=by, citizen=citizen, name=one.name, number=one.number)
        set_citizen_password(by=by, citizen=citizen, new=PASSWORD)


def give_mandate() -> None:
    """Let the village clerk act for the villager, by a paper that she has signed. A second call changes nothing."""
    villager = citizen_with_phone(VILLAGER.phone)
    if villager is None or mandates_of(villager).exists():
        return
    hall = hall_with_code(VILLAGE_CODE)
    grant_mandate(
        by=actor_called(VILLAGE.username),
        hall_id=hall.pk,
        citizen=villager,
        kind=Mandate.Kind.STANDING,
        paper=Paper(hall.folder, "委托书.png", pictures.signed_paper()),
    )


def demo_citizens() -> list[tuple[DemoCitizen, Citizen]]:
    """Return the demo's citizens that are in the database, each with its row."""
    found = [(one, citizen_with_phone(one.phone)) for one in CITIZENS]
    return [(one, citizen) for one, citizen in found if citizen]
