"""In whose name somebody applies: their own, or a company's whose representative or confirmed agent they are. What a
form says of a company proves nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from foundation.errors import NotAllowed
from province.audit.models import AuditEntry
from province.cases.models import CaseApplicant
from province.citizens.models import Citizen, Company
from province.citizens.operations.companies import ask_for_agency, confirm_agency, end_agency, register_company
from province.citizens.queries.citizens import actor_of_citizen
from province.halls.models import Hall
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.intake import begin_application
from tenants.casework.queries.guides import guide_to_apply_by
from tenants.workflow.models import FilledForm
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.queries.filled import values_of
from tests.factories.casework import apply_at_window, whole_values
from tests.factories.citizens import company_code, make_proved
from tests.factories.forms import citizen_filler
from tests.tenants.citizen_pages.test_pages import browser, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

NAME = "当阳市某某合作社"
BODY = {"applicant_nature": "body", "applicant_body": NAME, "applicant_credit_code": company_code()}


@pytest.fixture
def setup(at_north: Hall) -> CaseSetup:
    return CaseSetup.objects.get()


@pytest.fixture
def boss(at_north: Hall) -> Citizen:
    return make_proved(1)


@pytest.fixture
def company(boss: Citizen) -> Company:
    return register_company(by=actor_of_citizen(boss), citizen=boss, code=company_code(), name=NAME)


def begin(hall: Hall, setup: CaseSetup, citizen: Citizen, **given: Any) -> FilledForm:
    return begin_application(who=citizen_filler(citizen), hall=hall, setup_id=setup.pk, **given)


def send(hall: Hall, filled: FilledForm, citizen: Citizen, **values: Any) -> Case:
    who = citizen_filler(citizen)
    posted = whole_values(filled, citizen) | values
    saved = save_filling(who=who, hall=hall, filled_id=filled.pk, posted=posted, revision=filled.revision)
    send_filling(who=who, hall=hall, filled_id=filled.pk, revision=saved.filled.revision)
    return Case.objects.get(filled=filled)


def agent_of(company: Company, boss: Citizen, *acts: str) -> Citizen:
    agent, today = make_proved(2, name="李会计"), timezone.localdate()
    asked = ask_for_agency(
        by=actor_of_citizen(agent),
        citizen=agent,
        code=company.uscc,
        acts=acts,
        from_on=today,
        to_on=today + timedelta(days=30),
    )
    confirm_agency(by=actor_of_citizen(boss), agency=asked)
    return agent


def note_of(case: Case) -> str:
    return case.acts.get(act="receive").note


class TestCompany:
    def test_applies_by_its_representative(
        self, at_north: Hall, setup: CaseSetup, boss: Citizen, company: Company
    ) -> None:
        client, apply = signed_in(boss), f"/cases/apply/{setup.item_id}/"
        page = client.get(apply).content.decode()
        assert "以谁的名义申请" in page
        assert f"{NAME}<span" in page
        answer = client.post(apply, {"setup": str(setup.pk), "company": str(company.pk)})
        filled = FilledForm.objects.get()
        assert str(filled.pk) in answer["Location"]
        known = values_of(at_north, filled)
        assert {name: known[name] for name in BODY} == BODY
        assert {filled.origins[name] for name in BODY} == {"您的单位登记"}
        case = send(at_north, filled, boss, **{name: known[name] for name in BODY})
        applicant = CaseApplicant.objects.get(pk=case.applicant_id)
        assert (applicant.body_name, case.citizen_id) == (NAME, boss.pk)
        assert "法定代表人" in note_of(case)
        entry = AuditEntry.objects.get(act="casework.receive", object_id=case.pk)
        assert (entry.acting_for_id, entry.acting_for_name) == (company.pk, NAME)

    def test_applies_by_an_agent_for_what_was_confirmed(
        self, at_north: Hall, setup: CaseSetup, boss: Citizen, company: Company
    ) -> None:
        agent = agent_of(company, boss, "别的事项")
        with pytest.raises(NotAllowed, match="没有代这个单位"):
            begin(at_north, setup, agent, company_id=company.pk)
        assert "以谁的名义申请" not in signed_in(agent).get(f"/cases/apply/{setup.item_id}/").content.decode()

    @pytest.mark.parametrize("acts", [(), ("*",)])
    def test_lets_an_agent_apply(
        self, at_north: Hall, setup: CaseSetup, boss: Citizen, company: Company, acts: tuple[str, ...]
    ) -> None:
        agent = agent_of(company, boss, *(acts or (guide_to_apply_by(setup.item_id, "").name,)))
        case = send(at_north, begin(at_north, setup, agent, company_id=company.pk), agent, **BODY)
        assert "经办人" in note_of(case)

    def test_is_proved_when_the_case_is_made_not_when_the_form_is_begun(
        self, at_north: Hall, setup: CaseSetup, boss: Citizen, company: Company
    ) -> None:
        agent = agent_of(company, boss, "*")
        filled = begin(at_north, setup, agent, company_id=company.pk)
        end_agency(by=actor_of_citizen(boss), agency=company.agents.get())
        case = send(at_north, filled, agent, **BODY)
        assert "没有经平台核验" in note_of(case)
        assert AuditEntry.objects.get(act="casework.receive", object_id=case.pk).acting_for_id is None

    def test_is_not_proved_by_what_a_form_says(
        self, at_north: Hall, setup: CaseSetup, boss: Citizen, company: Company
    ) -> None:
        for citizen, said in ((make_proved(3), BODY), (boss, BODY | {"applicant_body": "当阳市别的合作社"})):
            case = send(at_north, begin(at_north, setup, citizen), citizen, **said)
            assert "没有经平台核验" in note_of(case)

    def test_says_nothing_of_bodies_where_nobody_applies_for_one(
        self, at_north: Hall, setup: CaseSetup, boss: Citizen, company: Company
    ) -> None:
        assert note_of(send(at_north, begin(at_north, setup, boss), boss)) == ""
        assert note_of(apply_at_window(at_north, setup)) == ""

    def test_is_offered_to_nobody_else(self, at_north: Hall, setup: CaseSetup, boss: Citizen, company: Company) -> None:
        apply = f"/cases/apply/{setup.item_id}/"
        stranger = signed_in(make_proved(3))
        page = stranger.get(apply).content.decode()
        assert "以谁的名义申请" not in page
        assert "请法定代表人同意您代办" in page
        assert NAME not in browser().get(apply).content.decode()
        answer = stranger.post(apply, {"setup": str(setup.pk), "company": str(company.pk)}, follow=True)
        assert "没有代这个单位办理这个事项的授权" in answer.content.decode()
        assert not FilledForm.objects.exists()
        assert stranger.post(apply, {"setup": str(setup.pk), "company": "x"}).status_code == 404
