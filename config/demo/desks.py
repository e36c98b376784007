"""Where the demo's month is lived: the county and its townships, who works there, and what can be applied for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from stdnum.cn import uscc

from config.demo.halls import editor_of
from config.demo.people import Person, actor_called, give_hall
from province.halls.models import Hall, HallKind
from province.people.models import Account
from province.rights.queries import system_actor
from province.rights.roles import Role
from standards.items.codelists import CaseType, Channel, OnlineDepth
from tenants.casework.models import CaseSetup
from tenants.casework.operations.setups import SetupWish, change_setup, open_setup, set_up_cases
from tenants.casework.queries.guides import CaseGuide, guide_to_apply_by
from tenants.casework.queries.joint import JointPartner
from tenants.casework.queries.setups import addable_items
from tenants.casework.states import SetupState
from tenants.fees.queries.rates import fee_list_of
from tenants.services.models import Adoption
from tenants.services.operations.hall_guides import pass_hall_guide, save_hall_guide, submit_hall_guide
from tenants.workflow.models import Form
from tenants.workflow.operations.forms import open_form, publish_form

# which the county examines and the city decides (上报件)
REPORTED_ITEM: Final = "采矿权新立、延续、变更登记"
_COUNTY: Final = (
    *("结婚登记", "国有建设用地使用权及房屋所有权转移登记", "个体工商户设立登记", "高龄津贴给付", "食品经营许可"),
    *("老年人优待证办理", "户口迁移", "城乡居民基本医疗保险参保登记", "民办非企业单位登记", "居住证申领"),
    *("补领户口簿", "机动车驾驶证核发", "企业投资项目备案", "临时救助", "失业登记", "乡村建设规划许可"),
    *("诊所备案", "临时占用、挖掘城市道路审批", "困难残疾人生活补贴", REPORTED_ITEM),
)
_TOWNSHIP: Final = (
    *("城乡居民基本医疗保险参保登记", "最低生活保障金给付", "生育登记", "临时救助", "老年人优待证办理"),
    *("农村村民宅基地审批", "高龄津贴给付", "特困人员救助供养"),
)
# user names of those who do the county's work in the month
COUNTY_DESK: Final[Mapping[str, str]] = {"clerk": "wu", "handler": "chen", "leader": "liu"}
# whose applicants are businesses
_OF_BODIES: Final = frozenset(
    {"食品经营许可", "企业投资项目备案", "诊所备案", "临时占用、挖掘城市道路审批", REPORTED_ITEM}
)
# of a guide: what is applied for online, in the standard's words
_APPLIED_ONLINE: Final[Mapping[str, Any]] = {
    "channels": [one.value for one in (Channel.WINDOW, Channel.COMPUTER, Channel.PHONE, Channel.POST)],
    "is_online": True,
    "online_depth": OnlineDepth.ACCEPT.value,
}
# who says in guides what is the hall's own
_EDITORS: Final[Mapping[HallKind, str]] = {HallKind.COUNTY: "sun", HallKind.CITY: "meng"}
_WANTED: Final[Mapping[HallKind, tuple[str, ...]]] = {HallKind.COUNTY: _COUNTY, HallKind.CITY: (REPORTED_ITEM,)}
# examined in some days, and for anybody to apply for
OF_ANYBODY: Final = frozenset({"户口迁移", "国有建设用地使用权及房屋所有权转移登记", "临时救助"})


@dataclass(frozen=True, slots=True)
class Counter:
    """One item for which applications are taken, as its guide has it."""

    setup: CaseSetup
    name: str
    case_type: CaseType
    # working days that were promised; 0: at once
    promised: int
    can_lack: bool
    has_fees: bool
    is_of_bodies: bool


class DemoDesk:
    """A hall's people and the items that they take, opened where they are not open yet. In the hall's schema."""

    def __init__(self, hall: Hall, *, clerk: str, handler: str, leader: str) -> None:
        self.hall = hall
        self.clerk, self.handler, self.leader = (actor_called(one) for one in (clerk, handler, leader))
        self.counters = self._opened_counters()

    def _opened_counters(self) -> list[Counter]:
        """What the hall has not published is left out."""
        wanted = _WANTED.get(HallKind(self.hall.kind), _TOWNSHIP)
        known = {guide.name: (setup, guide) for setup, guide in self._open_ones()}
        published = {name: UUID(pk) for pk, name in addable_items()}
        for name in wanted:
            if name not in known and name in published:
                known[name] = self._opened(published[name])
        return [_counter(*known[name]) for name in wanted if name in known]

    def _open_ones(self) -> list[tuple[CaseSetup, CaseGuide]]:
        found = CaseSetup.objects.filter(state=SetupState.OPEN)
        return [(one, guide_to_apply_by(one.item_id, one.handling_code)) for one in found]

    def _own_body(self, item_id: UUID) -> dict[str, Any]:
        """The guide came down with the county's body (实施主体): under it two halls would give the same numbers to
        their cases."""
        head = f"11420582{self.hall.division.code[6:9]}000000"
        body_code = head + uscc.calc_check_digit(f"{head}0")
        task_code = Adoption.objects.get(item_id=item_id).values.get("task_code", "")
        own = {"body_code": body_code, "body_name": f"当阳市{self.hall.short_name}人民政府"}
        if task_code:
            own["task_code"] = body_code + task_code[len(body_code) :]
        return own

    def _opened(self, item_id: UUID) -> tuple[CaseSetup, CaseGuide]:
        by = system_actor("演示数据")
        own = self._own_body(item_id) if self.hall.kind == HallKind.TOWNSHIP else {}
        say_applied_online(self.hall, item_id, own)
        guide = guide_to_apply_by(item_id, "")
        setup = set_up_cases(by=by, hall=self.hall, item_id=item_id)
        form = Form.objects.get(pk=setup.form_id)
        if form.newest_id is None:
            publish_form(by=by, hall=self.hall, form_id=form.pk, revision=form.revision)
            open_form(by=by, hall=self.hall, form_id=form.pk, is_open=True)
        wish = SetupWish(
            unit_id=setup.unit_id,
            partners=[JointPartner(body, None, 2) for body in guide.joint_bodies],
            is_online=True,
            review_body="湖北省人民政府" if self.hall.kind == HallKind.CITY else "当阳市人民政府",
            court="宜昌市伍家岗区人民法院" if self.hall.kind == HallKind.CITY else "当阳市人民法院",
        )
        setup = change_setup(by=by, hall=self.hall, setup_id=setup.pk, revision=setup.revision, wish=wish)
        return open_setup(by=by, hall=self.hall, setup_id=setup.pk, revision=setup.revision), guide


def say_applied_online(hall: Hall, item_id: UUID, own: Mapping[str, Any] | None = None) -> None:
    """Publish a version of the hall's guide by which the item is applied for online, where it does not say so yet, and
    with what is the hall's ``own``. In the hall's schema."""
    adoption = Adoption.objects.get(item_id=item_id)
    said = {**(own or {}), **({} if adoption.values.get("is_online") else _APPLIED_ONLINE)}
    if said.items() <= adoption.values.items():
        return
    by = actor_called(_EDITORS.get(HallKind(hall.kind)) or editor_of(hall).username)
    adoption = save_hall_guide(
        by=by, hall=hall, adoption_id=adoption.pk, values=adoption.values | said, revision=adoption.revision
    )
    made = submit_hall_guide(by=by, hall=hall, adoption_id=adoption.pk)
    pass_hall_guide(by=system_actor("演示数据"), hall=hall, adoption_id=adoption.pk, number=made.number)


def _counter(setup: CaseSetup, guide: CaseGuide) -> Counter:
    return Counter(
        setup=setup,
        name=guide.name,
        case_type=guide.case_type,
        promised=guide.promised.number if guide.promised else 0,
        can_lack=any(one.can_come_later for one in guide.materials),
        has_fees=bool(fee_list_of(guide.values).rates),
        is_of_bodies=guide.name in _OF_BODIES,
    )


def staff_township(hall: Hall, place: int) -> Mapping[str, str]:
    """Give a township's hall a clerk and a head, where it has none yet; returns their user names as ``DemoDesk`` takes
    them."""
    prefix = hall.division.code[:9]
    names = ("易成", "骆敏", "龙斌", "毛兰", "段辉", "雷霞", "钱江", "汤怡", "黎明", "武静")
    heads = ("向东", "柳青", "熊杰", "白雪", "江涛", "阎红", "孔亮", "石磊", "万芳", "管平")
    clerk = Person(f"clerk-{prefix}", names[place % len(names)], f"{hall.short_name}窗口", Role.WINDOW_CLERK)
    head = Person(f"head-{prefix}", heads[place % len(heads)], f"{hall.short_name}审批", Role.APPROVING_LEADER)
    for one in (clerk, head):
        if not Account.objects.filter(username=one.username).exists():
            give_hall(system_actor("演示数据"), one, hall)
    return {"clerk": clerk.username, "handler": clerk.username, "leader": head.username}
