"""The demo's halls: divisions, halls, branding, and what their go-live checklist asks for."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from config.demo.people import (
    COUNTY,
    COUNTY_CODE,
    TOWNSHIP,
    TOWNSHIP_CODE,
    VILLAGE,
    VILLAGE_CODE,
    Person,
    give_hall,
)
from config.machine.progress import Step
from foundation import schemas
from foundation.errors import Conflict
from province.halls.models import Division, Hall, HallKind
from province.halls.operations import go_live, load_divisions, suspend_hall, update_hall
from province.halls.queries import hall_with_code
from province.halls.states import HallState
from province.rights.actors import Actor
from provisioning.create import provision_halls
from tenants.portal.models import Column
from tenants.portal.operations.columns import change_column

_FILE = Path(__file__).parent / "dangyang.csv"
# villages of these townships go live, too; the others stay on trial with their checklists open
_LIVE_TOWNSHIPS = ("420582102", "420582107")
_SUSPENDED = "420582107201"
_COLOURS = ("#1257a8", "#9c2b23", "#1c6b4a", "#6b4a8a", "#8a5a12")
OPENING_HOURS = [
    {"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "12:00"},
    {"days": [1, 2, 3, 4, 5], "from": "14:00", "to": "17:30"},
]


def load_dangyang(by: Actor) -> None:
    """Load the county's divisions with their ancestors from the demo's file; a second load changes nothing."""
    if not Division.objects.filter(code=COUNTY_CODE).exists():
        load_divisions(by=by, source=_FILE.name, lines_or_bytes=_FILE.read_bytes(), effective_on=date(2023, 6, 30))


def make_halls(by: Actor, step: Step) -> None:
    """Provision a hall for every division of the demo, the county's first: the others inherit its branding."""
    provision_halls(by=by, under=COUNTY_CODE, kinds=(HallKind.COUNTY,))
    _brand_county(by)
    provision_halls(by=by, under=COUNTY_CODE, report=lambda done: step.say(f"已开通 {done.done} 个"))


def halls_of_kind(kind: HallKind) -> list[Hall]:
    """Return the halls of this kind in the order of their codes."""
    return list(Hall.objects.filter(kind=kind).select_related("division").order_by("division__code"))


def equip_halls(by: Actor, step: Step) -> None:
    """Fill in facts, administrators and introductions of the county, its townships, and the villages that go live."""
    for position, hall in enumerate(_halls_to_open()):
        step.say(hall.short_name)
        if hall.kind == HallKind.COUNTY:
            for person in COUNTY:
                give_hall(by, person, hall)
        else:
            give_hall(by, editor_of(hall), hall)
            if hall.division.code == VILLAGE_CODE:
                give_hall(by, VILLAGE, hall)
            update_hall(by=by, hall=hall, **_facts(hall, position))
        introduce(by, hall)


def open_halls(by: Actor, step: Step) -> None:
    """Put halls live where the checklist is green, and suspend one of them afterwards."""
    live = 0
    for hall in _halls_to_open():
        if hall.state == HallState.TRIAL:
            step.say(f"{hall.short_name}，已有 {live} 个正式运行")
            try:
                go_live(by=by, hall=hall)
            except Conflict:
                continue
        live += 1
    step.note = f"{live} 个正式运行"
    suspended = hall_with_code(_SUSPENDED)
    if suspended.state != HallState.SUSPENDED:
        suspend_hall(
            by=by,
            hall=suspended,
            reason="服务室正在进行屋面防水维修，期间请到草埠湖镇便民服务中心办理。",
            until=timezone.now() + timedelta(days=12),
        )


def _halls_to_open() -> Iterator[Hall]:
    yield from halls_of_kind(HallKind.COUNTY)
    yield from halls_of_kind(HallKind.TOWNSHIP)
    yield from (hall for hall in halls_of_kind(HallKind.VILLAGE) if hall.division.code.startswith(_LIVE_TOWNSHIPS))


def _brand_county(by: Actor) -> None:
    hall = hall_with_code(COUNTY_CODE)
    if hall.slogan:
        return
    # no emblem of its own: all show the usual one, each in its colour
    update_hall(
        by=by,
        hall=hall,
        slogan="进一扇门，办所有事",
        organiser="当阳市政务服务和大数据管理局",
        site_code="4205820001",
        icp_number="鄂ICP备05000420号-1",
        police_number="鄂公网安备42058202000101号",
        address="当阳市玉阳街道长坂路88号市政务服务中心",
        phone="0717-3222345",
        opening_hours=OPENING_HOURS,
        accent_colour=_COLOURS[0],
    )


def _facts(hall: Hall, position: int) -> dict[str, object]:
    if hall.kind == HallKind.TOWNSHIP:
        slogan, place = "小窗口，大民生", f"{hall.short_name}集镇便民路1号"
    else:
        township = hall_with_code(f"{hall.division.code[:9]}000")
        slogan, place = "有事找村里，代办跑到底", f"{township.short_name}{hall.short_name}党群服务中心一楼"
    return {
        "slogan": slogan,
        "address": place if place.startswith("当阳市") else f"当阳市{place}",
        "phone": f"0717-32{20000 + 37 * position}",
        "opening_hours": OPENING_HOURS,
        "accent_colour": _COLOURS[position % len(_COLOURS)],
    }


def editor_of(hall: Hall) -> Person:
    """Return who edits a township's hall: for 河溶镇 and its villages somebody of the cast, elsewhere an account made
    up for it."""
    prefix = hall.division.code[:9]
    if TOWNSHIP_CODE.startswith(prefix):
        return TOWNSHIP
    return Person(f"editor-{prefix}", f"{hall.short_name}编辑"[:40], "")


def introduce(by: Actor, hall: Hall) -> None:
    """The single page that every hall begins with and that nobody has written yet."""
    with schemas.enter(hall.schema_name):
        if Column.objects.filter(code="about", body="").exists():
            change_column(by=by, hall=hall, code="about", body=_introduction(hall))


def _introduction(hall: Hall) -> str:
    if hall.kind == HallKind.CITY:
        return (
            "<p>宜昌市位于长江上中游交界处，辖五区三市五县。市民之家集中办理市级权限的事项，"
            "并审批各县市区政务服务中心初审后上报的办件。</p>"
        )
    if hall.kind == HallKind.COUNTY:
        return (
            "<p>当阳市位于湖北省中部、沮漳河畔，是三国古战场长坂坡所在地，辖七镇三街道。玉泉寺、关陵、"
            "季家湖楚城遗址等古迹散布境内，柑橘、优质稻和食用菌是当地的主要农产品。</p>"
            "<p>市政务服务中心设一窗通办、一件事、不动产登记等六个专区，三十二个部门进驻，工作日错时延时服务，"
            "周六开放不动产、社保和医保窗口。</p>"
        )
    if hall.kind == HallKind.TOWNSHIP:
        return (
            f"<p>{hall.short_name}便民服务中心承接社会保障、医疗保障、民政、农业农村、户籍等事项，"
            "设综合窗口、自助服务区和帮代办专席，所有窗口无差别受理。</p>"
            "<p>行动不便的居民可以电话预约上门服务，外出务工人员可以委托本村代办员提交材料。</p>"
        )
    return (
        f"<p>{hall.short_name}便民服务室设在党群服务中心一楼，两名代办员轮流值守，"
        "可代办参保缴费、高龄津贴、残疾人两项补贴、老年证等三十余项业务。</p>"
        "<p>每周三下午是集中代办日，代办员统一到镇里递交材料，当晚通过电话告知办理进度。</p>"
    )
