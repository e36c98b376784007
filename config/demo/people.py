"""The demo's accounts."""

from dataclasses import dataclass

from django.conf import settings

from config.machine.status import site_address
from province.halls.models import Hall
from province.people.models import Account
from province.people.operations.accounts import create_account
from province.people.operations.positions import give_position
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.rights.roles import Role

# everybody knows it: a demo is no place for real data
PASSWORD = "dangyang-2026"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Person:
    """One of the demo's staff: user name, name, what the position is called, and its role."""

    username: str
    name: str
    position: str
    role: Role = Role.HALL_EDITOR


PROVINCE = (
    Person("zhao", "赵敏", "省级运营", Role.PROVINCE_OPERATOR),
    Person("qian", "钱宁", "省级运营（审核）", Role.PROVINCE_OPERATOR),
    Person("gao", "高远", "省级初审", Role.FIRST_REVIEWER),
    Person("tang", "唐宁", "省级复审", Role.SECOND_REVIEWER),
    Person("fan", "范敏", "省级终审", Role.FINAL_REVIEWER),
    Person("feng", "冯莉", "省级监察", Role.SUPERVISOR),
    Person("shen", "沈帆", "省级审计", Role.AUDITOR),
)
COUNTY = (
    Person("sun", "孙晓", "当阳市编辑"),
    Person("li", "李静", "当阳市编辑（初审）"),
    Person("wang", "王岚", "当阳市编辑（复审）"),
    Person("zheng", "郑文", "当阳市编辑（终审）"),
    Person("he", "何伟", "当阳市服务厅管理员", Role.HALL_ADMINISTRATOR),
    Person("wu", "吴华", "当阳市窗口", Role.WINDOW_CLERK),
    Person("chen", "陈勇", "当阳市承办", Role.HANDLER),
    Person("liu", "刘洋", "当阳市审批领导", Role.APPROVING_LEADER),
)
CITY = (
    Person("xiong", "熊帆", "宜昌市服务厅管理员", Role.HALL_ADMINISTRATOR),
    Person("meng", "孟瑶", "宜昌市编辑"),
    Person("tian", "田甜", "宜昌市编辑（审核）"),
    Person("jin", "金燕", "宜昌市窗口", Role.WINDOW_CLERK),
    Person("deng", "邓峰", "宜昌市承办", Role.HANDLER),
    Person("pan", "潘虹", "宜昌市审批领导", Role.APPROVING_LEADER),
)
# user names of those who do the city's work, as ``DemoDesk`` takes them
CITY_DESK = {"clerk": "jin", "handler": "deng", "leader": "pan"}
# the editor of 河溶镇 and of the service rooms in its villages
TOWNSHIP = Person("zhou", "周颖", "河溶镇编辑")
VILLAGE = Person("xu", "徐梅", "星火村村级代办", Role.VILLAGE_CLERK)
CITY_CODE = "420500000000"
COUNTY_CODE = "420582000000"
TOWNSHIP_CODE = "420582102000"
VILLAGE_CODE = "420582102201"


def actor_called(username: str) -> Actor:
    """Return the person of this user name, as operations see them (``by=``)."""
    return actor_of(Account.objects.get(username=username))


def make_person(by: Actor, person: Person) -> Account:
    """Return this person's account; one that is not there yet is made, with the demo's password."""
    found = Account.objects.filter(username=person.username).first()
    return found or create_account(by=by, username=person.username, name=person.name, password=PASSWORD)


def make_province_people(by: Actor) -> None:
    """Make the province's staff, with their positions."""
    for person in PROVINCE:
        give_position(by=by, account=make_person(by, person), role=person.role)


def give_hall(by: Actor, person: Person, hall: Hall) -> None:
    """Give this person their position in a hall, and an account first where they have none."""
    give_position(
        by=by,
        account=make_person(by, person),
        role=person.role,
        hall_id=hall.id,
        reach_prefix=hall.division.prefix,
    )


def staff() -> list[dict[str, str]]:
    """List who of the staff can sign in where: ``position``, ``username``, ``password``, ``address``."""
    county = _desk_of(COUNTY_CODE)
    province = f"{site_address(settings.BASE_DOMAIN)}sign-in/"
    rows = [(one, province) for one in PROVINCE]
    rows += [(one, county) for one in COUNTY]
    # a demo of an earlier release has no hall above the county
    if Hall.objects.filter(division__code=CITY_CODE).exists():
        rows += [(one, _desk_of(CITY_CODE)) for one in CITY]
    rows += [(TOWNSHIP, _desk_of(TOWNSHIP_CODE)), (VILLAGE, _desk_of(VILLAGE_CODE))]
    return [
        {"position": one.position, "username": one.username, "password": PASSWORD, "address": address}
        for one, address in rows
    ]


def citizens_address() -> str:
    """Return where citizens sign in: they can at every hall, and the county's is the first to look at."""
    return f"{_site_of(COUNTY_CODE)}me/"


def places() -> dict[str, str]:
    """Return the sites to look at first, one of each kind, by name."""
    return {
        "市政务服务中心": _site_of(COUNTY_CODE),
        "河溶镇便民服务中心": _site_of(TOWNSHIP_CODE),
        "河溶镇星火村便民服务室": _site_of(VILLAGE_CODE),
    }


def _desk_of(code: str) -> str:
    return f"{_site_of(code)}desk/"


def _site_of(code: str) -> str:
    hall = Hall.objects.get(division__code=code)
    return site_address(f"{hall.slug}.{settings.BASE_DOMAIN}")
