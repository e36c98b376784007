"""Two halls, north and south, with their county and province; and the people who work there.

The people: Zhao (province operator), Qian (province operator, another one), Sun (editor in the north), Li (editor in
the north, another one), Zhou (editor in the south), Wu (an account with no position). At the province: Lu, Ma and Fang
(first, second and final review), Wei (supervisor), Shen (auditor); Xu, An and Ji (system, security and audit
administrator). In the north: He (administrator), Hua (window clerk), Cao (handler), Tao (approving leader); in its
village: Jiang (clerk).
"""

from datetime import date

from django.utils import timezone

from province.halls.models import (
    Division,
    DivisionCode,
    Hall,
    HallDomain,
    HallFigures,
    HallGeneration,
    HallKind,
)
from province.halls.states import HallState
from province.people.models import Account, Position
from province.people.queries.roles import default_reach
from province.rights.roles import Role
from province.workdays.models import CalendarDay, YearCalendar
from province.workdays.states import CalendarState
from provisioning.create import create_hall_schema
from standards.numbers.divisions import DivisionLevel
from tests.roles import as_owner

PASSWORD = "correct-horse-42"
FOUNDED = date(2023, 6, 30)
NUMBERED = {"north": 1, "south": 2}


def make_division(code: str, name: str, level: DivisionLevel, parent: Division | None = None) -> Division:
    division = Division.objects.create(code=code, name=name, level=level, parent=parent, valid_from=FOUNDED)
    DivisionCode.objects.create(division=division, code=code, name=name, valid_from=FOUNDED)
    return division


def prefixes_of(division: Division) -> list[str]:
    found = []
    above: Division | None = division
    while above:
        found.append(above.prefix)
        above = above.parent
    return found[::-1]


def make_hall(slug: str, division: Division, kind: HallKind, number: int) -> Hall:
    """A live hall with a schema and a domain ``<slug>.yizhan.localhost``."""
    hall = Hall.objects.create(
        number=number,
        schema_name=f"hall_{number:06d}",
        name=f"{division.name}{kind.label}",
        short_name=division.name,
        kind=kind,
        division=division,
        prefixes=prefixes_of(division),
        slug=slug,
        state=HallState.LIVE,
    )
    HallDomain.objects.create(tenant=hall, domain=f"{slug}.yizhan.localhost", is_primary=True)
    HallGeneration.objects.create(hall=hall)
    HallFigures.objects.create(hall=hall)
    with as_owner():
        create_hall_schema(hall)
    return hall


def make_person(username: str, name: str, role: Role | None = None, hall: Hall | None = None) -> Account:
    account = Account(username=username, name=name)
    account.set_password(PASSWORD)
    account.save()
    if role:
        Position.objects.create(
            account=account,
            role=role,
            hall_id=hall.id if hall else None,
            reach_prefix=hall.prefixes[-1] if hall else "",
            reach=default_reach(role, hall.id if hall else None),
        )
    return account


def make_cast() -> None:
    """Two county halls and the village hall of each, below one city; see the module's own words for the people."""
    province = make_division("420000000000", "湖北省", DivisionLevel.PROVINCE)
    city = make_division("420500000000", "宜昌市", DivisionLevel.CITY, province)
    north_county = make_division("420582000000", "当阳市", DivisionLevel.COUNTY, city)
    south_county = make_division("420583000000", "枝江市", DivisionLevel.COUNTY, city)
    township = make_division("420582103000", "河溶镇", DivisionLevel.TOWNSHIP, north_county)
    village = make_division("420582103200", "红联村", DivisionLevel.VILLAGE, township)
    north = make_hall("north", north_county, HallKind.COUNTY, NUMBERED["north"])
    south = make_hall("south", south_county, HallKind.COUNTY, NUMBERED["south"])
    village_hall = make_hall("village", village, HallKind.VILLAGE, 3)
    make_person("zhao", "赵敏", Role.PROVINCE_OPERATOR)
    make_person("qian", "钱宁", Role.PROVINCE_OPERATOR)
    make_person("sun", "孙北", Role.HALL_EDITOR, north)
    make_person("li", "李北", Role.HALL_EDITOR, north)
    make_person("zhou", "周南", Role.HALL_EDITOR, south)
    make_person("wu", "吴名")
    for username, name, role in (
        ("lu", "陆初", Role.FIRST_REVIEWER),
        ("ma", "马复", Role.SECOND_REVIEWER),
        ("fang", "方终", Role.FINAL_REVIEWER),
        ("wei", "魏察", Role.SUPERVISOR),
        ("shen", "沈计", Role.AUDITOR),
        ("xu", "许系", Role.SYSTEM_ADMINISTRATOR),
        ("an", "安全", Role.SECURITY_ADMINISTRATOR),
        ("ji", "计志", Role.AUDIT_ADMINISTRATOR),
    ):
        make_person(username, name, role)
    for username, name, role in (
        ("he", "何北", Role.HALL_ADMINISTRATOR),
        ("hua", "华窗", Role.WINDOW_CLERK),
        ("cao", "曹办", Role.HANDLER),
        ("tao", "陶批", Role.APPROVING_LEADER),
    ):
        make_person(username, name, role, north)
    make_person("jiang", "江代", Role.VILLAGE_CLERK, village_hall)
    # on every day of a year lights and doctor find nothing wrong with the calendars
    today = timezone.localdate()
    for year in (today.year, today.year + 1):
        make_published_year(year)


def make_published_year(year: int) -> None:
    """A year's notice with New Year's Day alone, where there is none yet."""
    state = CalendarState.PUBLISHED
    calendar, is_new = YearCalendar.objects.get_or_create(
        prefix="", year=year, state=state, defaults={"version": 1, "authority": "国务院办公厅"}
    )
    if is_new:
        CalendarDay.objects.create(calendar=calendar, day=date(year, 1, 1), is_off=True, name="元旦")
