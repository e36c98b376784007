"""A month of life in the demo's county: cases of all types at the county and its townships, questions in its villages,
lived through the operations by a program in the background (config.demo_month).

Each life is one transaction that ends with an entry in the audit: what was lived is there whole and once.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import JSONField
from django.db.models.functions import Cast
from django.utils import timezone

from config.demo.applicants import applicant
from config.demo.assistance import take_in_and_hand_over
from config.demo.citizens import demo_citizens
from config.demo.clock import living_at
from config.demo.desks import COUNTY_DESK, OF_ANYBODY, Counter, DemoDesk, staff_township
from config.demo.halls import halls_of_kind
from config.demo.lives import LATE, Turn, begin, online_turns, receive, turns_for
from config.demo.online import apply_online
from config.demo.people import COUNTY_CODE
from config.demo.progress import DAYS, LIVED, MONTH, lives
from foundation import schemas
from foundation.advisory_lock import hold_name
from foundation.errors import DomainError
from foundation.events.operations import settle_deliveries
from foundation.events.queries import waiting_deliveries
from foundation.schemas import close_worn_connection
from province.audit.operations import record_act
from province.cases.queries.referrals import offers_above
from province.cases.states import Consent
from province.halls.models import Hall, HallKind
from province.halls.queries import hall_with_code
from province.rights.queries import system_actor
from province.workdays.queries.hall_days import calendar_of_hall
from standards.workdays import WorkCalendar
from tenants.casework.models import Case
from tenants.engagement.operations.answering import reply_to_question
from tenants.engagement.operations.asking import Guest, Inquiry, enter_question
from tenants.engagement.states import QuestionChannel
from tenants.workflow.queries.filled import filler_of

# of a hundred lives so many in the townships
_IN_TOWNSHIPS: Final = 40
# every so manieth is a question in a village, a draft, taken in for the county
_IN_VILLAGES, _DRAFTS, _COLLECTED = 12, 97, 41
# every so manieth, from one on that no village has, a citizen applies for online
_ONLINE, _FIRST_ONLINE = 50, 7
# told when it was so: nobody gets a message of weeks ago
_TOLD_THEN: Final = ("casework.tell_handlers", "casework.tell_by_phone")
# events that wait in the relay, beyond which people's own would wait too long; seconds
_MOST_WAITING, _PAUSE = 12, 0.5
_QUESTIONS: Final = (
    (
        "村里的医保什么时候开始缴明年的？",
        "每年 9 月到 12 月集中缴费，手机上缴，或者带身份证来，我们帮您缴。",
    ),
    (
        "我爸今年满八十了，高龄津贴要去哪里申请？",
        "带老人的身份证、户口簿和银行卡来，我们代收材料，不用跑镇上。",
    ),
    ("宅基地上的老房子想翻建，先办什么？", "先向村里提出申请，开会通过、公示以后报镇政府审批，表格在便民服务室领。"),
    ("残疾证到期了怎么换？", "带旧证和两张照片来登记，镇残联每月统一送到市里换，换好了通知您来取。"),
    (
        "收到养老保险待遇认证的通知，一定要本人去吗？",
        "不用，手机扫脸就行；腿脚不便的我们上门办。",
    ),
)

log = structlog.get_logger(__name__)


def let_others_go_first() -> None:
    """Wait until what people do at the same time has to wait for a few events of the demo at most."""
    while True:
        due = waiting_deliveries().filter(available_at__lte=timezone.now())
        if len(due.values_list("pk", flat=True)[:_MOST_WAITING]) < _MOST_WAITING:
            return
        time.sleep(_PAUSE)


def live_month(say: Callable[[str], None] = lambda _: None, rest: Callable[[], None] = let_others_go_first) -> None:
    """Live what was not lived yet; ``rest`` is called before each life. Two programs at once wait for each other at
    each life."""
    _Month(say, rest).live()


class _Month:
    """The lives of one run, in the order in which they began, so that numbers and lists are in the order of time."""

    def __init__(self, say: Callable[[str], None], rest: Callable[[], None]) -> None:
        self._say, self._rest = say, rest
        self._now = timezone.now()
        self._townships = halls_of_kind(HallKind.TOWNSHIP)
        self._villages = halls_of_kind(HallKind.VILLAGE)
        self._county = hall_with_code(COUNTY_CODE)
        self._citizens = demo_citizens()
        self._desks: dict[UUID, DemoDesk] = {}
        self._calendar = calendar_of_hall(self._county)
        self._days = [
            day
            for back in range(DAYS, 0, -1)
            if self._calendar.is_workday(day := timezone.localdate(self._now) - timedelta(days=back))
        ]

    def live(self) -> None:
        """Every place that was not lived yet, each in a transaction of its own."""
        for hall in (self._county, *self._townships):
            # before any life: what a life that is refused has opened would be taken back with it
            with schemas.enter(hall.schema_name), transaction.atomic():
                self._desks[hall.pk] = self._staffed(hall)
        lived = {one["place"][1] for one in lives().values_list("changes", flat=True)}
        for place in range(settings.DEMO_CASES):
            if place not in lived:
                self._rest()
                self._live_at(place)
                self._say(f"{place + 1:,} / {settings.DEMO_CASES:,} 件")
                # villages are more schemas than a connection may keep
                close_worn_connection()

    def _live_at(self, place: int) -> None:
        hall, act = self._plan(place)
        try:
            with schemas.enter(hall.schema_name), transaction.atomic():
                hold_name(f"{LIVED} {place}")
                if not lives().annotate(said=Cast("changes", JSONField())).filter(said__place=[None, place]).exists():
                    act(hall, place)
                    self._note(hall, place)
        except DomainError as error:
            # somebody has closed the item meanwhile, or the like: the month goes on without it
            log.warning("demo_life_refused", place=place, hall=hall.name, error=error.message)
            with transaction.atomic():
                self._note(hall, place, error.message)

    def _plan(self, place: int) -> tuple[Hall, Callable[[Hall, int], None]]:
        if self._citizens and place % _ONLINE == _FIRST_ONLINE:
            return self._county, self._live_online
        if self._villages and place % _IN_VILLAGES == 0:
            return self._villages[place // _IN_VILLAGES % len(self._villages)], self._ask_in_village
        if self._townships and place * 37 % 100 < _IN_TOWNSHIPS:
            hall = self._townships[place * 7 % len(self._townships)]
            return hall, self._collect if place % _COLLECTED == 0 else self._live_case
        return self._county, self._live_case

    def _note(self, hall: Hall, place: int, refusal: str = "") -> None:
        record_act(
            by=system_actor("演示数据"),
            act=LIVED,
            object_type="demo",
            object_id=MONTH,
            hall_id=hall.pk,
            reason=refusal,
            changes={"place": [None, place]},
        )

    def _live_case(self, hall: Hall, place: int) -> None:
        desk = self._desks[hall.pk]
        counter = desk.counters[place * 11 % len(desk.counters)]
        posted = applicant(place, is_body=counter.is_of_bodies)
        moment = self._begins(place)
        if place % _DRAFTS == 0:
            with living_at(moment):
                begin(desk, counter, posted, place)
            return
        with living_at(moment):
            case = receive(desk, counter, posted, place)
        self._live_turns(desk, counter, case, turns_for(counter, place), moment, place)

    def _live_online(self, hall: Hall, place: int) -> None:
        """A citizen who has an account applies, and has agreed to electronic service."""
        desk, turn = self._desks[hall.pk], place // _ONLINE
        counters = [one for one in desk.counters if one.name in OF_ANYBODY]
        if not counters:
            self._live_case(hall, place)
            return
        counter = counters[turn % len(counters)]
        # each of them has lives of every kind
        one, citizen = self._citizens[(turn + turn // 3) % len(self._citizens)]
        moment = self._begins(place)
        with living_at(moment):
            case = apply_online(hall, counter, filler_of(citizen), one, turn)
        self._live_turns(desk, counter, case, online_turns(turn), moment, place)

    def _live_turns(
        self, desk: DemoDesk, counter: Counter, case: Case, turns: Sequence[Turn], moment: datetime, place: int
    ) -> None:
        """As far as today has come."""
        for number, turn in enumerate(turns):
            after = counter.promised + 2 if turn.after == LATE else turn.after
            moment = _after(self._calendar, moment, after, minutes=17 + 41 * number + place % 23)
            if moment >= self._now:
                break
            with living_at(moment):
                turn.act(desk, case)
            case = Case.objects.select_related("setup").get(pk=case.pk)
        settle_deliveries(subject_id=case.pk, subscribers=_TOLD_THEN)

    def _collect(self, hall: Hall, place: int) -> None:
        """An application for the county is taken in today: the relay brings it there."""
        desk = self._desks[hall.pk]
        offers = list(offers_above(hall).filter(hall=self._county).order_by("item_name"))
        if not offers:
            self._live_case(hall, place)
            return
        offer = offers[place % len(offers)]
        take_in_and_hand_over(desk.clerk, hall, offer, applicant(place), consent=Consent.PRESENT)

    def _ask_in_village(self, hall: Hall, place: int) -> None:
        """Villages have no cases of their own: what they have is questions."""
        asked, answered = _QUESTIONS[place // _IN_VILLAGES % len(_QUESTIONS)]
        facts = applicant(place)
        guest = Guest(name=facts["applicant_name"], phone=facts["applicant_mobile"])
        by = system_actor(f"{hall.short_name}代办员")
        moment = self._begins(place)
        with living_at(moment):
            inquiry = Inquiry(text=asked, channel=QuestionChannel.WINDOW, wants_messages=False)
            question = enter_question(by=by, hall=hall, inquiry=inquiry, guest=guest)
        with living_at(min(_after(self._calendar, moment, 1, minutes=50), self._now)):
            latest = question.messages.latest("pk").pk
            reply_to_question(by=by, hall=hall, question_id=question.pk, text=answered, after=latest)

    def _staffed(self, hall: Hall) -> DemoDesk:
        is_county = hall == self._county
        return DemoDesk(hall, **(COUNTY_DESK if is_county else staff_township(hall, self._townships.index(hall))))

    def _begins(self, place: int) -> datetime:
        """On a working day of the month, in the order of places, within the hours of the windows."""
        share = place * len(self._days) / settings.DEMO_CASES
        day = self._days[int(share)]
        minutes = 8 * 60 + 35 + int(share % 1 * 8 * 60)
        return _at(day.year, day.month, day.day, minutes)


def _after(calendar: WorkCalendar, moment: datetime, workdays: int, *, minutes: int) -> datetime:
    """So many working days later, at another minute; on the same day so many minutes later."""
    if workdays == 0:
        return moment + timedelta(minutes=minutes % 60 + 5)
    day = timezone.localdate(moment)
    while workdays:
        day += timedelta(days=1)
        workdays -= calendar.is_workday(day)
    return _at(day.year, day.month, day.day, 8 * 60 + 40 + minutes * 7 % (8 * 60))


def _at(year: int, month: int, day: int, minutes: int) -> datetime:
    return timezone.make_aware(datetime(year, month, day, minutes // 60, minutes % 60))  # noqa: DTZ001 - made aware
