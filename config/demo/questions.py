"""The demo's questions: answered and published, waiting, past their limit, handed to a department, not this hall's."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.demo.citizens import VILLAGER
from config.demo.people import COUNTY_CODE, VILLAGE, VILLAGE_CODE, actor_called
from foundation import schemas
from province.catalogue.models import Item
from province.citizens.queries.citizens import citizen_with_phone
from province.halls.models import Hall
from province.halls.queries import hall_with_code
from province.people.models import Unit
from province.people.operations.units import create_unit
from province.rights.actors import Actor
from tenants.engagement.models import Question
from tenants.engagement.operations.answering import refuse_question, reply_to_question
from tenants.engagement.operations.asking import Guest, Inquiry, ask_as_citizen, ask_further, enter_question
from tenants.engagement.operations.publication import publish_answer
from tenants.engagement.states import QuestionChannel
from tenants.services.queries.shown import shown_items

_UNITS: Final = ("民政局", "医疗保障局", "市场监督管理局", "自然资源和规划局")


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """``asked`` so many days ago; ``said``: answers and further questions in turn; ``published``: in these words."""

    days: int
    name: str
    asked: str
    item: str = ""
    said: tuple[str, ...] = ()
    published: tuple[str, str] = ("", "")
    refused: str = ""


_COUNTY: Final = (
    DemoQuestion(
        9,
        "张桂兰",
        "母亲今年八十二岁，卧病在床来不了，高龄津贴能由我来办吗？要带什么？",
        item="高龄津贴给付",
        said=(
            (
                "可以由子女代办。请带老人和您本人的身份证、户口簿，到市政务服务中心民政窗口，或者老人户籍所在的镇（街道）"
                "便民服务中心办理，不收费。老人行动不便的，也可以请村（社区）代办员上门收材料。"
            ),
        ),
        published=(
            "母亲八十多岁，卧病在床来不了，高龄津贴能由子女来办吗？要带什么？",
            (
                "可以由子女代办。请带老人和办理人的身份证、户口簿，到市政务服务中心民政窗口，或者老人户籍所在的镇（街道）"
                "便民服务中心办理，不收费。老人行动不便的，也可以请村（社区）代办员上门收材料。"
            ),
        ),
    ),
    DemoQuestion(
        7,
        "李先生",
        "租的门面开早餐店，房东的房产证还没办下来，食品经营许可能办吗？",
        item="食品经营许可",
        said=(
            (
                "可以办。经营场所的证明不限于房产证，租赁合同加上村（社区）出具的场所证明也行。申请前请先确认门面通了水、"
                "有上下水和排烟条件，现场核查时要看。"
            ),
            "村里开证明有固定的样式吗？",
            "没有固定样式，写明地址、面积、房屋归谁、同意用于经营，加盖村（居）委会公章就可以。",
        ),
        published=(
            "租的门面开早餐店，房东的房产证还没办下来，食品经营许可能办吗？",
            (
                "可以办。经营场所的证明不限于房产证，租赁合同加上村（社区）出具的场所证明也行，写明地址、面积、房屋归谁、"
                "同意用于经营，加盖公章即可。"
            ),
        ),
    ),
    DemoQuestion(
        6,
        "陈女士",
        "孩子在武汉上大学，生病在那边住院，回来能报销吗？",
        item="异地就医备案",
        said=(
            (
                "能报。住院前在“国家医保服务平台”手机应用里备案，出院时直接结算；没来得及备案的，带发票、费用清单和"
                "出院小结，到市政务服务中心医保窗口手工报销，报销比例会低一些。"
            ),
        ),
        published=(
            "孩子在外地上大学，在那边住院，回来能报销吗？",
            (
                "能报。住院前在“国家医保服务平台”手机应用里备案，出院时直接结算；没来得及备案的，带发票、费用清单和"
                "出院小结，到市政务服务中心医保窗口手工报销，报销比例会低一些。"
            ),
        ),
    ),
    DemoQuestion(16, "王师傅", "在农村老宅基地上翻建房子，要先办哪个手续？", item="乡村建设规划许可"),
    DemoQuestion(1, "周先生", "周六下午不动产窗口上班吗？过户要夫妻两个人都到场吗？"),
    DemoQuestion(0, "", "困难残疾人生活补贴是按月发还是按季度发？", item="困难残疾人生活补贴"),
    DemoQuestion(
        4,
        "赵女士",
        "驾驶证到期了，你们这里能换吗？",
        refused="换驾驶证由公安交管部门办理，请到当阳市车辆管理所，或者用交管 12123 手机应用，电话 0717-3222122。",
    ),
)


def ask_questions(by: Actor) -> None:
    """Ask and answer at the county and in a village; a second call changes nothing."""
    county, village = hall_with_code(COUNTY_CODE), hall_with_code(VILLAGE_CODE)
    with transaction.atomic(), schemas.enter(county.schema_name):
        if not Question.objects.exists():
            _make_units(by, county)
            for number, one in enumerate(_COUNTY):
                _ask(county, number, one)
            _ask_as_villager(county, "我在村里交的医保，换到城里住以后要重新参保吗？")
    with transaction.atomic(), schemas.enter(village.schema_name):
        if not Question.objects.exists():
            asked = _ask_as_villager(village, "下个星期三代办员在村里吗？想请他带我老伴的材料去镇上。")
            if asked:
                _reply(village, asked, VILLAGE.username, "在的，上午八点半到十一点半在便民服务室，材料先放我这里也行。")


def _make_units(by: Actor, hall: Hall) -> None:
    known = set(Unit.objects.filter(hall_id=hall.pk, retired_at=None).values_list("name", flat=True))
    for name in _UNITS:
        if name not in known:
            create_unit(by=by, name=name, hall_id=hall.pk, prefix=hall.division.prefix)


def _ask(hall: Hall, number: int, one: DemoQuestion) -> None:
    item = Item.objects.filter(name=one.item).first() if one.item else None
    item_id = item.pk if item and item.pk in shown_items().item_ids else None
    question = enter_question(
        by=actor_called("wu"),
        hall=hall,
        inquiry=Inquiry(
            text=one.asked, item_id=item_id, channel=QuestionChannel.PHONE, consents=bool(one.published[0])
        ),
        guest=Guest(name=one.name, phone=f"1390000{number:04d}"),
        received_on=timezone.localdate() - timedelta(days=one.days),
    )
    for place, text in enumerate(one.said):
        if place % 2:
            ask_further(hall=hall, question_id=question.pk, text=text, after=_last(question))
        else:
            _reply(hall, question, "he", text)
    if one.refused:
        by, after = actor_called("wu"), _last(question)
        refuse_question(by=by, hall=hall, question_id=question.pk, reason=one.refused, after=after)
    if one.published[0]:
        asked, answered = one.published
        publish_answer(by=actor_called("he"), hall=hall, question_id=question.pk, asked=asked, answered=answered)


def _ask_as_villager(hall: Hall, text: str) -> Question | None:
    villager = citizen_with_phone(VILLAGER.phone)
    return ask_as_citizen(hall=hall, inquiry=Inquiry(text=text), citizen=villager) if villager else None


def _reply(hall: Hall, question: Question, username: str, text: str) -> None:
    by = actor_called(username)
    reply_to_question(by=by, hall=hall, question_id=question.pk, text=text, after=_last(question))


def _last(question: Question) -> UUID:
    return question.messages.latest("pk").pk
