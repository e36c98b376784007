"""Companies, their legal representatives and agents."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone
from stdnum.cn import uscc

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.citizens.models import Citizen, Company, CompanyAgent
from province.citizens.operations.citizens import end_citizen
from province.citizens.operations.companies import (
    ask_for_agency,
    confirm_agency,
    end_agency,
    register_company,
)
from province.citizens.queries.citizens import actor_of_citizen
from province.citizens.queries.mandates import (
    agencies_of,
    agency_with_id,
    agents_of_representative,
    companies_to_act_for,
)
from tests.factories.citizens import company_code, make_citizen, make_proved, number_of
from tests.races import at_once

NAME = "当阳市河溶镇某某果蔬专业合作社"


def register(citizen: Citizen, serial: int = 1, name: str = NAME) -> Company:
    return register_company(by=actor_of_citizen(citizen), citizen=citizen, code=company_code(serial), name=name)


def ask(citizen: Citizen, *acts: str, days: int = 30, begins: int = 0) -> CompanyAgent:
    from_on = timezone.localdate() + timedelta(days=begins)
    return ask_for_agency(
        by=actor_of_citizen(citizen),
        citizen=citizen,
        code=company_code(),
        acts=acts or ("items.licence",),
        from_on=from_on,
        to_on=from_on + timedelta(days=days),
    )


class TestCompanyCode:
    def test_of_the_tests_is_right(self) -> None:
        assert uscc.is_valid(company_code())


@pytest.mark.django_db
class TestRegisterCompany:
    def test_is_the_representatives_own(self) -> None:
        citizen = make_proved()
        company = register(citizen)
        assert (company.name, company.representative) == (NAME, citizen)
        assert register(citizen) == company
        assert AuditEntry.objects.filter(act="citizens.register_company").count() == 1

    def test_passes_to_whom_the_register_names_now(self) -> None:
        register(make_proved(1))
        heir = make_proved(2)
        assert register(heir).representative == heir
        assert Company.objects.count() == 1

    def test_needs_a_proved_and_grown_person(self) -> None:
        child = make_proved(3, born_on=timezone.localdate() - timedelta(days=365 * 10))
        for citizen in (make_citizen(1), child):
            with pytest.raises(NotAllowed):
                register(citizen)

    def test_refuses_a_wrong_code_and_what_does_not_belong_together(self) -> None:
        citizen = make_proved()
        with pytest.raises(Invalid, match="18 位"):
            register_company(by=actor_of_citizen(citizen), citizen=citizen, code="91420582MA4F0B8X00", name=NAME)
        with pytest.raises(Invalid, match="核对不上"):
            register(citizen, name="不符公司")

    def test_keeps_its_representative_from_ending_the_account(self) -> None:
        citizen = make_proved()
        register(citizen)
        with pytest.raises(Conflict, match="法定代表人"):
            end_citizen(by=actor_of_citizen(citizen), citizen=citizen)


def acts_for(citizen: Citizen, company: Company, act: str) -> bool:
    return company in companies_to_act_for(citizen, [act])


@pytest.mark.django_db
class TestAgency:
    @pytest.fixture
    def people(self) -> tuple[Citizen, Citizen, Company]:
        boss, agent = make_proved(1), make_proved(2, name="李会计")
        return boss, agent, register(boss)

    def test_begins_with_the_representatives_word(self, people: tuple[Citizen, Citizen, Company]) -> None:
        boss, agent, company = people
        agency = ask(agent)
        assert [one.pk for one in agents_of_representative(boss)] == [agency.pk]
        assert not acts_for(agent, company, "items.licence")
        with pytest.raises(NotAllowed):
            confirm_agency(by=actor_of_citizen(agent), agency=agency)
        for _ in range(2):
            confirm_agency(by=actor_of_citizen(boss), agency=agency)
        assert acts_for(agent, company, "items.licence")
        assert AuditEntry.objects.filter(act="citizens.confirm_agency").count() == 1

    def test_covers_what_it_names(self, people: tuple[Citizen, Citizen, Company]) -> None:
        boss, agent, company = people
        confirm_agency(by=actor_of_citizen(boss), agency=ask(agent, "items.licence", "items.tax"))
        assert acts_for(agent, company, "items.tax")
        for act in ("items.land", "*"):
            assert not acts_for(agent, company, act)
        assert acts_for(boss, company, "items.land")

    def test_holds_from_its_first_to_its_last_day(self, people: tuple[Citizen, Citizen, Company]) -> None:
        boss, agent, company = people
        agency = ask(agent, begins=1)
        confirm_agency(by=actor_of_citizen(boss), agency=agency)
        assert not acts_for(agent, company, "items.licence")
        today = timezone.localdate()
        CompanyAgent.objects.update(from_on=today, to_on=today)
        assert acts_for(agent, company, "items.licence")
        CompanyAgent.objects.update(from_on=date(2020, 1, 1), to_on=today - timedelta(days=1))
        assert not acts_for(agent, company, "items.licence")
        assert ask(agent)

    def test_ends_by_either_and_twice_is_as_once(self, people: tuple[Citizen, Citizen, Company]) -> None:
        boss, agent, company = people
        refused = end_agency(by=actor_of_citizen(boss), agency=ask(agent))
        assert refused.state == CompanyAgent.State.REFUSED
        agency = ask(agent)
        confirm_agency(by=actor_of_citizen(boss), agency=agency)
        for _ in range(2):
            assert end_agency(by=actor_of_citizen(agent), agency=agency).state == CompanyAgent.State.REVOKED
        assert not acts_for(agent, company, "items.licence")
        with pytest.raises(Conflict):
            confirm_agency(by=actor_of_citizen(boss), agency=agency)
        assert AuditEntry.objects.filter(act="citizens.end_agency").count() == 2

    def test_is_nobody_elses_to_see_or_end(self, people: tuple[Citizen, Citizen, Company]) -> None:
        agency, stranger = ask(people[1]), make_proved(3)
        with pytest.raises(NotFound):
            agency_with_id(agency.pk, stranger)
        with pytest.raises(NotAllowed):
            end_agency(by=actor_of_citizen(stranger), agency=agency)

    @pytest.mark.parametrize("days", [-1, 400])
    def test_lasts_a_year_at_most(self, people: tuple[Citizen, Citizen, Company], days: int) -> None:
        with pytest.raises(Invalid):
            ask(people[1], days=days)

    def test_needs_acts_a_company_and_a_proved_person(self, people: tuple[Citizen, Citizen, Company]) -> None:
        with pytest.raises(Invalid):
            ask(people[1], "  ")
        with pytest.raises(NotAllowed):
            ask(make_citizen(5))
        Company.objects.update(representative=None)
        with pytest.raises(NotFound):
            ask(people[1])

    def test_is_one_at_a_time(self, people: tuple[Citizen, Citizen, Company]) -> None:
        ask(people[1])
        with pytest.raises(Conflict):
            ask(people[1])
        assert agencies_of(people[1]).count() == 1


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_register_one_company_once(self) -> None:
        citizen = make_proved()
        at_once(*[partial(register, citizen)] * 3)
        assert Company.objects.count() == 1
        assert AuditEntry.objects.filter(act="citizens.register_company").count() == 1

    def test_ask_once(self) -> None:
        register(make_proved(1))
        agent = make_proved(2)
        outcomes = at_once(*[partial(ask, agent)] * 3)
        assert [isinstance(one, Conflict) for one in outcomes].count(True) == 2

    def test_of_whom_one_confirms_and_one_gives_back_leave_it_ended_or_in_force(self) -> None:
        boss, agent = make_proved(1), make_proved(2)
        company = register(boss)
        agency = ask(agent)
        outcomes = at_once(
            partial(confirm_agency, by=actor_of_citizen(boss), agency=agency),
            partial(end_agency, by=actor_of_citizen(agent), agency=agency),
        )
        agency.refresh_from_db()
        assert agency.state == CompanyAgent.State.REVOKED
        assert isinstance(outcomes[1], CompanyAgent)
        assert not acts_for(agent, company, "items.licence")
        assert number_of() not in str(list(AuditEntry.objects.values_list("changes", flat=True)))
