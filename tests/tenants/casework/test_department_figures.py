"""办件统计: a department's figures are the cases of its lists, for who leads it or the hall, and for nobody else."""

import csv
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.errors import NotFound
from province.cases.models import CaseReport, UnitFigure
from province.cases.operations.feed import number_changes
from province.cases.operations.figures import recount_cases
from province.cases.queries.counting import halls_with_wrong_figures
from province.cases.states import CaseOutcome
from province.console.queries.months import months_back
from province.halls.models import Hall
from province.people.models import Account, Position, Unit
from province.rights.roles import Reach
from province.sign_in.operations.tokens import issue_token
from province.workdays.states import ClockKind
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import ask_for_correction, decline_case
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.examining import suspend_case
from tenants.casework.operations.rows import tell_province
from tenants.casework.queries.figures import area_of_hall, department_lines, listed_of_department
from tenants.casework.views.figures import _COLUMNS
from tenants.shell.slots import Desk
from tests.conftest import person
from tests.factories.casework import accepted, apply_at_window, let_pass
from tests.factories.people import client_of, make_unit
from tests.factories.sites import inside

NORTH = "north.yizhan.localhost"
PAGE = "/desk/cases/figures/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]


@pytest.fixture(scope="module")
def _lived(opened: None) -> tuple[UUID, ...]:
    """Cases of the window and of a department, in all kinds of states; one of the department is another month's."""
    north = Hall.objects.get(slug="north")
    with inside(north):
        return tuple(one.pk for one in make_lived(north, make_unit("审批科", hall=north)))


@pytest.fixture
def unit(_lived: tuple[UUID, ...]) -> Unit:
    return Unit.objects.get(name="审批科")


@pytest.fixture
def lived(_lived: tuple[UUID, ...], at_north: Hall) -> list[Case]:
    return [Case.objects.get(pk=pk) for pk in _lived]


def make_lived(at_north: Hall, unit: Unit) -> list[Case]:
    setup = CaseSetup.objects.get()
    received, late, asked, declined = (apply_at_window(at_north, setup) for _ in range(4))
    stands, granted, refused = (accepted(at_north, setup) for _ in range(3))
    of_unit = [late, asked, stands, granted, refused]
    Case.objects.filter(pk__in=[one.pk for one in of_unit]).update(unit_id=unit.pk)
    by = person("he")
    ask_for_correction(by=by, hall=at_north, case_id=asked.pk, asked=["请补交照片。"], workdays=5)
    decline_case(by=by, hall=at_north, case_id=declined.pk, said="不属于本厅职权。")
    suspend_case(by=by, hall=at_north, case_id=stands.pk, reason="等待鉴定。")
    for case, outcome in ((granted, CaseOutcome.GRANTED), (refused, CaseOutcome.REFUSED)):
        decide_case(by=by, hall=at_north, case_id=case.pk, outcome=outcome, reasons="依法决定。")
    let_pass(late, ClockKind.PROMISED)
    for case in Case.objects.all():
        tell_province(at_north, case)
    earlier = months_back(timezone.localdate(), 3) + timedelta(days=4)
    CaseReport.objects.filter(pk=late.pk).update(received_on=earlier)
    count_all()
    return [received, *of_unit, declined]


def count_all() -> None:
    while number_changes():
        pass


def at(desk: Desk, months: int = 11) -> object:
    today = timezone.localdate()
    return area_of_hall(desk, months_back(today, months), months_back(today, 0))


def led_by(unit: Unit, username: str = "tao") -> None:
    Position.objects.filter(account__username=username).update(unit=unit, reach=Reach.UNIT)


class TestDepartmentFigures:
    def test_count_what_their_lists_have(self, at_north: Hall, unit: Unit, lived: list[Case]) -> None:
        desk = Desk(person("he"), at_north)
        for months in (11, 0):
            area = at(desk, months)
            for line in department_lines(desk, area):
                listed = {
                    name: listed_of_department(desk, area, unit=line.key, shown=name).count() for name in _COLUMNS
                }
                assert listed == {name: line.sums.of(name) for name in _COLUMNS}
        window, department = department_lines(desk, at(desk))
        assert (window.key, department.key, department.name) == ("window", str(unit.pk), "审批科")
        some = ("received", "accepted", "decided", "granted", "refused", "correcting", "suspended", "in_hand")
        assert [department.sums.of(name) for name in some] == [5, 3, 2, 1, 1, 1, 1, 5]
        assert [window.sums.of(name) for name in some] == [2, 0, 0, 0, 0, 0, 0, 1]
        assert window.sums.of("declined") == 1
        assert [one.sums.of("received") for one in department_lines(desk, at(desk, 0))] == [2, 4]

    def test_are_the_same_on_the_page_in_excel_and_over_the_api(
        self, at_north: Hall, unit: Unit, lived: list[Case]
    ) -> None:
        he = client_of("he", NORTH)
        page = he.get(PAGE).text
        place = f"{PAGE}{unit.pk}/refused/"
        assert place in page
        listed = he.get(place).text
        refused = next(one for one in lived if one.pk and Case.objects.get(pk=one.pk).outcome == "refused")
        assert f"/desk/cases/{refused.pk}/" in listed
        assert "共 1 件" in listed
        assert "审批科：不予" in listed
        assert he.get(PAGE, {"export": "xlsx"}).getvalue().startswith(b"PK")
        sheet = list(csv.reader(he.get(PAGE, {"export": "csv"}).getvalue().decode("utf-8-sig").splitlines()))
        by_name = {row[0]: [int(cell) for cell in row[1 : 1 + len(_COLUMNS)]] for row in sheet[1:]}
        desk = Desk(person("he"), at_north)
        for line in department_lines(desk, at(desk)):
            assert by_name[line.name] == [line.sums.of(name) for name in _COLUMNS]
        assert by_name["合计"][0] == len(lived)
        api = program("he")
        told = {one["unit"]: one["sums"] for one in api.get("/api/hall/v1/casework/figures").json()}
        assert told[str(unit.pk)]["refused"] == 1
        cases = api.get(f"/api/hall/v1/casework/figures/{unit.pk}/refused").json()
        assert [one["id"] for one in cases["items"]] == [str(refused.pk)]

    def test_are_of_ones_own_department_alone(self, at_north: Hall, south: Hall, unit: Unit, lived: list[Case]) -> None:
        led_by(unit)
        desk = Desk(person("tao"), at_north)
        assert [one.key for one in department_lines(desk, at(desk))] == [str(unit.pk)]
        with pytest.raises(NotFound):
            listed_of_department(desk, at(desk), unit="window", shown="received")
        tao = client_of("tao", NORTH)
        assert tao.get(f"{PAGE}window/received/").status_code == 404
        assert tao.get(f"{PAGE}{unit.pk}/received/").status_code == 200
        assert tao.get(f"{PAGE}{unit.pk}/nonsense/").status_code == 404
        assert tao.get(f"{PAGE}nonsense/received/").status_code == 404
        # who handles cases leads nobody; another hall has figures of its own
        assert client_of("cao", NORTH).get(PAGE).status_code == 403
        with inside(south):
            assert department_lines(Desk(person("zhou"), south), at(Desk(person("zhou"), south))) == []

    def test_ask_a_few_rows_however_many_cases_there_are(self, at_north: Hall, lived: list[Case]) -> None:
        desk = Desk(person("he"), at_north)
        numbers = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as asked:
                department_lines(desk, at(desk))
            numbers.append(len(asked))
            UnitFigure.objects.filter(hall=at_north).update(received=1_000_000)
        assert numbers[0] == numbers[1] <= 6
        # figures that somebody bent are seen, and made right again
        assert halls_with_wrong_figures([at_north.pk]) == 1
        assert recount_cases(hall_id=at_north.pk) == 1
        assert halls_with_wrong_figures([at_north.pk]) == 0


def program(username: str) -> Client:
    account = Account.objects.get(username=username)
    key = issue_token(by=person(username), account=account, name="测试", scopes=("casework.read_figures",))
    return Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})
