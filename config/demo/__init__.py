"""The demo: 当阳市 (420582) with its townships and villages, their sites, articles and pushes.

Everything is done through the public operations. Killed, it is carried on by the next call.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from config.demo.accounts import file_accounts
from config.demo.articles import write_county_articles, write_township_articles
from config.demo.assistance import help_villagers
from config.demo.cases import take_applications
from config.demo.citizens import demo_citizens, give_mandate, make_citizens
from config.demo.city import hand_cases_up, open_city
from config.demo.clock import living_at
from config.demo.duty import keep_roster
from config.demo.flows import run_flows
from config.demo.halls import equip_halls, load_dangyang, make_halls, open_halls
from config.demo.items import adopt_items, change_item, hand_items_down
from config.demo.packages import apply_for_package
from config.demo.people import PASSWORD, citizens_address, make_province_people, places, staff
from config.demo.progress import DAYS
from config.demo.pushes import decide_offers, write_manuscripts
from config.demo.questions import ask_questions
from config.demo.reviewers import make_reviewers
from config.environment import is_for_this_machine
from config.machine.progress import Progress
from foundation.errors import Conflict
from province.audit.models import AuditEntry
from province.audit.operations import record_act
from province.catalogue.operations import load_base_list
from province.halls.models import Division
from province.rights.queries import system_actor

__all__ = ["DEMO_STEPS", "PROVINCE_FACTS", "has_demo", "load_demo", "people", "places", "wants_demo"]

DEMO_STEPS = 15
# what stands at the foot of the province's portal
PROVINCE_FACTS = {
    "PROVINCE_ORGANISER": "湖北省人民政府办公厅",
    "PROVINCE_SITE_CODE": "4200000001",
    "PROVINCE_ICP_NUMBER": "鄂ICP备05000420号",
}
_BEGUN, _LOADED = "demo.begin", "demo.load"
_SUBJECT = UUID(int=420582)


def people() -> list[dict[str, str]]:
    """List who can sign in where, staff and citizens, for the table at the end of `yizhan up`: ``position``,
    ``username``, ``password``, ``address``."""
    citizens = [
        {"position": one.role, "username": one.phone, "password": PASSWORD, "address": citizens_address()}
        for one, _ in demo_citizens()
    ]
    return [*staff(), *citizens]


def has_demo() -> bool:
    """Say whether the demo was loaded to its end."""
    return _has(_LOADED)


def wants_demo() -> bool:
    """Say whether `yizhan up` is to load the demo: the database is empty, or a demo was begun and not ended."""
    return not has_demo() and (_has(_BEGUN) or not Division.objects.exists())


def load_demo(progress: Progress) -> None:
    """Load the demo, from divisions to withdrawn pushes, or carry on one that was killed. The sites must answer by now,
    since halls go live on what a reader sees.

    Raises Conflict on any but a private domain (.localhost, .test) and a loopback address: everybody knows the demo's
    passwords.
    """
    if not is_for_this_machine(domain=settings.BASE_DOMAIN, listening=settings.WEB_HOST):
        raise Conflict(
            "演示账号的密码人人都知道，演示数据只能载入域名以 .localhost 或 .test 结尾、并且只在本机监听的系统。"
        )
    by = system_actor("演示数据")
    if not _has(_BEGUN):
        record_act(by=by, act=_BEGUN, object_type="demo", object_id=_SUBJECT)
    with progress.step("演示：载入当阳市区划，建立账号"):
        load_dangyang(by)
        make_province_people(by)
        make_reviewers(by)
    with progress.step("演示：开通各级服务厅") as step:
        make_halls(by, step)
    with progress.step("演示：填写服务厅资料") as step:
        equip_halls(by, step)
    with progress.step("演示：群众、企业和代办委托"):
        make_citizens()
        give_mandate()
    # in force before the month whose cases are lived through
    before = timezone.now() - timedelta(days=DAYS + 10)
    with progress.step("演示：基础事项清单（样例）"), living_at(before):
        load_base_list(by=by, publishes=True)
    with progress.step("演示：认领事项，下发到镇和村") as step:
        adopt_items(by, step)
        hand_items_down(by, step)
        change_item()
    with progress.step("演示：群众咨询和答复"):
        ask_questions(by)
    with progress.step("演示：请假的表单和流程，值班表"):
        run_flows()
        keep_roster()
    with progress.step("演示：事项开通申请，各种状态的办件") as step:
        take_applications(step)
        apply_for_package()
    with progress.step("演示：市政务服务中心的文章") as step:
        write_county_articles(by, step)
    with progress.step("演示：各镇（街道）的文章") as step:
        write_township_articles(by, step)
    with progress.step("演示：稿件、审核、推稿与撤稿") as step:
        write_manuscripts(step)
        decide_offers()
    with progress.step("演示：新媒体账号备案"):
        file_accounts(by)
    with progress.step("演示：服务厅转为正式运行") as step:
        open_halls(by, step)
        # only what is open takes anything from below
        help_villagers()
    with progress.step("演示：上级服务厅，上报的办件") as step:
        open_city(by, step)
        hand_cases_up(step)
    record_act(by=by, act=_LOADED, object_type="demo", object_id=_SUBJECT)


def _has(act: str) -> bool:
    return AuditEntry.objects.filter(act=act, object_id=_SUBJECT).exists()
