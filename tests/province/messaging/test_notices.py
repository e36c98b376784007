"""Notices reach people, once each, and those who stand in for them; nobody else sees them."""

from datetime import timedelta
from typing import Any
from unittest.mock import ANY
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate

from foundation.errors import Invalid, NotFound
from foundation.events.models import DueTime, Event, EventDelivery
from foundation.events.operations import drain_events, retry_deliveries
from province.catalogue.operations.publication import publish_version
from province.catalogue.operations.reviews import return_version
from province.catalogue.queries.reviews import open_offices
from province.content.operations.manuscripts import submit_manuscript
from province.content.operations.pushes import push_version
from province.content.operations.reviews import pass_review as pass_manuscript
from province.content.operations.reviews import return_version as return_manuscript
from province.content.queries.reviews import next_reviewers
from province.halls.models import Hall
from province.messaging.models import Notice, NoticeChoice
from province.messaging.operations.notices import (
    KEPT,
    PIECE,
    choose_notice_kinds,
    forget_old_notices,
    mark_notice_read,
    notify,
)
from province.messaging.queries.notices import MOST_COUNTED, unread_count
from province.messaging.slots import NOTICE_KINDS, NoticeKind
from province.people.models import Account, Position
from province.people.operations.substitutes import name_substitute
from province.rights.roles import Role
from tenants.engagement.operations.answering import transfer_question
from tenants.portal.operations.reviews import submit_article
from tenants.portal.states import ArticleState, DraftState
from tenants.services.operations.hall_guides import return_hall_guide
from tests.conftest import person
from tests.factories.adoptions import adopt, save, show, submit
from tests.factories.catalogue import make_approved, make_item, reviewer
from tests.factories.catalogue import submit as submit_item
from tests.factories.engagement import last_of, make_handler, make_published, make_question
from tests.factories.halls import make_person
from tests.factories.manuscripts import make_approved_version, make_manuscript
from tests.factories.people import account, client_of, position_of, program_of
from tests.factories.pushes import EVERYBODY
from tests.factories.sites import inside, make_article, make_columns

pytestmark = pytest.mark.django_db
NORTH = "north.yizhan.localhost"
KIND = NoticeKind("catalogue.passed", "我的事项审核通过")


def tell(*people: str, hall: Hall | None = None, **facts: Any) -> int:
    return notify(
        **{"kind": KIND, "cause_id": uuid4(), "title": "事项“测试”审核通过", "path": "/console/items/"}
        | {"hall_id": hall.pk if hall else None, "people": [account(one).pk for one in people]}
        | facts
    )


def told(kind: str = "") -> set[tuple[str, str]]:
    """Who was told what, of this kind; the tables of notices are empty afterwards."""
    drain_events()
    rows = Notice.objects.filter(kind=kind) if kind else Notice.objects.all()
    found = {(one.account.username, one.kind) for one in rows.select_related("account")}
    Notice.objects.all().delete()
    return found


class TestNotify:
    def test_tells_each_once_of_one_cause(self) -> None:
        cause = uuid4()
        assert tell("sun", "li", cause_id=cause) == 2
        assert tell("sun", "li", cause_id=cause) == 2
        assert Notice.objects.count() == 2
        assert tell("sun", cause_id=cause, kind=NoticeKind("catalogue.returned", "")) == 1
        assert Notice.objects.count() == 3

    def test_tells_nobody_who_is_closed_left_out_or_unwilling(self) -> None:
        wanted = {one.name for one in NOTICE_KINDS.entries()} - {KIND.name}
        choose_notice_kinds(by=person("li"), kinds=wanted)
        Account.objects.filter(username="hua").update(is_active=False)
        assert tell("sun", "li", "hua", "he", without=[account("he").pk]) == 1
        assert Notice.objects.get().account == account("sun")
        # what cannot be switched off comes all the same
        assert tell("li", kind=NoticeKind("catalogue.passed", "", can_be_switched_off=False)) == 1
        with pytest.raises(Invalid, match="没有“x”这类消息"):
            choose_notice_kinds(by=person("li"), kinds={"x"})

    def test_tells_who_stands_in_there_and_nowhere_else(self, north: Hall, south: Hall) -> None:
        days = {"from_on": localdate(), "to_on": localdate()}
        name_substitute(by=person("sun"), position=position_of("sun"), substitute=account("hua"), **days)
        assert tell("sun", hall=north) == 2
        assert Notice.objects.get(account=account("hua")).acting_for == account("sun")
        # of the position that is named, whatever the hall; of a person, in that hall alone
        assert tell("sun", hall=south) == 1
        assert tell(hall=south, positions=[position_of("sun")]) == 2
        later = {"from_on": localdate() + timedelta(days=1), "to_on": localdate() + timedelta(days=1)}
        name_substitute(by=person("li"), position=position_of("li"), substitute=account("hua"), **later)
        assert tell("li", hall=north) == 1

    def test_leaves_very_many_to_the_relay_in_pieces_and_nobody_out(self) -> None:
        rows = [Account(username=f"many{number}", name="众人", password="!") for number in range(PIECE * 2 + 1)]
        made = Account.objects.bulk_create(rows)
        with CaptureQueriesContext(connection) as queries:
            notify(kind=KIND, cause_id=uuid4(), title="很多人", path="/", people=[one.pk for one in made])
        assert not Notice.objects.exists()
        assert len(queries) < 10
        drain_events()
        assert Notice.objects.count() == len(rows)
        # delivered twice, it is one
        done = EventDelivery.objects.filter(subscriber="messaging.write_notices")
        assert retry_deliveries(done) == 3
        drain_events()
        assert Notice.objects.count() == len(rows)

    def test_is_there_exactly_when_the_change_is(self) -> None:
        with transaction.atomic():
            tell("sun")
            assert Notice.objects.exists()
            transaction.set_rollback(True)
        assert not Notice.objects.exists()

    def test_is_forgotten_after_its_days(self) -> None:
        tell("sun")
        tell("li")
        Notice.objects.filter(account=account("li")).update(created_at=timezone.now() - KEPT - timedelta(hours=1))
        assert forget_old_notices() == 1
        assert Notice.objects.get().account == account("sun")

    def test_costs_the_bell_a_bounded_read_of_one_index(self) -> None:
        sun = account("sun")
        facts = {"kind": KIND.name, "title": "消息", "path": "/"}
        Notice.objects.bulk_create(Notice(account=sun, cause_id=uuid4(), **facts) for _ in range(3_000))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE messaging_notice")
        assert unread_count(sun.pk) == MOST_COUNTED + 1
        query = Notice.objects.filter(account_id=sun.pk, read_at=None).order_by()[: MOST_COUNTED + 1]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            plan = query.values("pk").explain(format="json", analyze=True)
        assert f'"Actual Rows": {MOST_COUNTED + 1}' in plan
        assert '"Index Name": "messaging_unread"' in plan


class TestReviews:
    def test_of_an_item_are_told_to_its_offices_and_authors(self) -> None:
        version = submit_item(make_item(by="zhao"))
        drain_events()
        first = Notice.objects.filter(account=account("qian"), kind="catalogue.to_review").get()
        assert first.title == f"请审核事项“{version.name}”"
        # its author decides on nothing
        assert told() == {("qian", "catalogue.to_review")}
        return_version(by=reviewer(), version=version, office=open_offices(version)[0], reason="缺少依据")
        assert told() == {("zhao", "catalogue.returned")}

    def test_of_an_item_that_passes_tell_when_and_that_it_is_published(self) -> None:
        version = make_approved(make_item(by="zhao"))
        assert {one for one in told() if one[1] != "catalogue.to_review"} == {("zhao", "catalogue.passed")}
        publish_version(by=person("qian"), version=version)
        assert ("zhao", "catalogue.published") in told()

    def test_of_a_manuscript_go_from_one_reviewer_to_the_next(self) -> None:
        version = submit_manuscript(by=person("zhao"), manuscript=make_manuscript(by="zhao"))
        assert ("lu", "content.to_review") in told("content.to_review")
        pass_manuscript(by=person("lu"), version=version)
        found = told("content.to_review")
        assert ("ma", "content.to_review") in found
        # nobody gives two of the three
        assert ("lu", "content.to_review") not in found
        version.refresh_from_db()
        assert {one.account.username for one in next_reviewers(version)}.isdisjoint({"lu", "sun"})
        return_manuscript(by=person("ma"), version=version, reason="请改标题")
        assert told() == {("zhao", "content.returned")}

    def test_of_an_article_stay_in_its_hall(self, north: Hall) -> None:
        make_columns(north)
        sun = account("sun")
        facts = {"state": ArticleState.DRAFT, "owner_id": sun.pk, "editor_ids": [sun.pk]}
        article = make_article(north, "集中服务日", **facts)
        with inside(north):
            type(article).objects.filter(pk=article.pk).update(draft_state=DraftState.EDITING)
            submit_article(by=person("sun"), hall=north, article_id=article.pk)
        found = told()
        assert ("li", "portal.to_review") in found
        halls = Position.objects.filter(account__username__in=[name for name, _ in found]).values_list("hall_id")
        assert {hall for (hall,) in halls} == {north.pk}

    def test_of_a_guide_come_back_to_who_wrote_it(self, north: Hall) -> None:
        adoption = adopt(north)
        told()
        save(north, adoption)
        submit(north, adoption)
        found = told()
        assert ("li", "services.to_review") in found
        assert ("sun", "services.to_review") not in found
        with inside(north):
            return_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, number=1, reason="地址有误")
        assert told() == {("sun", "services.returned")}
        save(north, adoption)
        show(north, adoption)
        assert ("sun", "services.published") in told()

    def test_of_a_village_without_reviewers_go_to_the_county(self, north: Hall) -> None:
        village = Hall.objects.get(number=3)
        make_person("cun", "村编", Role.HALL_EDITOR, village)
        adoption = adopt(village, by="cun")
        told()
        save(village, adoption, by="cun")
        submit(village, adoption, by="cun")
        drain_events()
        one = Notice.objects.get(account=account("li"))
        assert (one.kind, one.hall_id) == ("services.to_review", north.pk)
        assert one.path.startswith("/desk/lower-halls/guides/")
        assert ("zhao", "services.to_review") not in told()

    def test_that_wait_too_long_are_told_of_and_those_that_do_not_are_not(self) -> None:
        waiting, decided = submit_item(make_item(by="zhao")), submit_item(make_item(2, by="zhao"))
        return_version(by=reviewer(), version=decided, office=open_offices(decided)[0], reason="缺少依据")
        told()
        due = DueTime.objects.filter(kind="catalogue.review_late")
        assert set(due.values_list("subject_id", flat=True)) == {waiting.pk, decided.pk}
        due.update(due_at=timezone.now())
        drain_events()
        late, said = Notice.objects.get(), "等待审核已超过 3 个工作日"
        assert (late.account.username, late.title[-len(said) :]) == ("qian", said)
        Notice.objects.all().delete()
        # where nobody could decide, its author hears that
        Account.objects.filter(username="qian").update(is_active=False)
        due.create(kind="catalogue.review_late", subject_id=waiting.pk, due_at=timezone.now())
        drain_events()
        assert Notice.objects.get().title.endswith("没有人能审核，请联系管理员安排审核人")


class TestQuestions:
    def test_are_told_to_the_department_that_answers_and_to_no_other(self, north: Hall) -> None:
        question = make_question(north)
        found = told()
        assert ("hua", "engagement.assigned") in found
        handler = make_handler(north, "gong", "公安局")
        unit = Position.objects.get(account=handler).unit_id
        with inside(north):
            facts = {"unit_id": unit, "note": "", "after": last_of(question)}
            transfer_question(by=person("hua"), hall=north, question_id=question.pk, **facts)
        assert told() == {("gong", "engagement.assigned")}

    def test_say_nothing_of_who_asked_and_tell_that_an_answer_is_public(self, north: Hall) -> None:
        make_published(north, by="hua", text="张三的房产证丢了怎么办？", name="张三")
        drain_events()
        assert not Notice.objects.filter(title__contains="张三").exists()
        # who published it themselves knows
        assert ("hua", "engagement.published") not in told()


class TestPush:
    def test_is_told_to_the_authors_but_for_who_pushed(self) -> None:
        for author, wanted in (("sun", {("sun", "content.published")}), ("zhao", set())):
            version = make_approved_version(by=author)
            told()
            push_version(by=person("zhao"), version=version, audience=EVERYBODY, column="news")
            assert told("content.published") == wanted


class TestPages:
    def test_show_ones_own_and_lead_on(self, north: Hall) -> None:
        tell("sun", hall=north, path="/desk/items/", title="请审核实施清单“测试”")
        tell("li", title="别人的消息")
        sun = client_of("sun", NORTH)
        home = sun.get("/account/positions/").text
        assert '<b class="count">1<span class="visually-hidden"> 条未读</span>' in home
        page = sun.get("/account/notices/").text
        assert "请审核实施清单“测试”" in page
        assert "别人的消息" not in page
        own, other = (Notice.objects.get(account=account(name)) for name in ("sun", "li"))
        answer = sun.get(f"/account/notices/{own.pk}/")
        assert urlsplit(answer.headers["Location"]).hostname == NORTH
        assert answer.headers["Location"].endswith("/desk/items/")
        own.refresh_from_db()
        assert own.read_at is not None
        assert "条未读" not in sun.get("/account/positions/").text
        assert "没有未读的消息" in sun.get("/account/notices/?unread=1").text
        for path in (f"/account/notices/{other.pk}/", f"/account/notices/{other.pk}/read/"):
            assert (sun.get if path.count("/") == 4 else sun.post)(path).status_code == 404
        other.refresh_from_db()
        assert other.read_at is None

    def test_at_a_halls_host_say_nothing_of_another_hall(self, north: Hall, south: Hall) -> None:
        """To somebody who works in both as well; at the province's host all stand together."""
        for title, hall in (("北厅的事", north), ("南厅的事", south), ("省里的事", None)):
            tell("sun", hall=hall, title=title)
        sun = client_of("sun", NORTH)
        page = sun.get("/account/notices/").text
        assert [one in page for one in ("北厅的事", "南厅的事", "省里的事")] == [True, False, True]
        assert '<b class="count">2<' in page
        away = Notice.objects.get(hall_id=south.pk)
        assert sun.get(f"/account/notices/{away.pk}/").status_code == 404
        assert "2 条消息已标为已读" in sun.post("/account/notices/read/", follow=True).text
        away.refresh_from_db()
        assert away.read_at is None
        assert "南厅的事" in client_of("sun").get("/account/notices/").text

    def test_mark_read_and_keep_what_somebody_wants(self) -> None:
        tell("zhao")
        tell("zhao", title="第二条")
        zhao = client_of("zhao")
        zhao.post(f"/account/notices/{Notice.objects.latest('pk').pk}/read/")
        assert unread_count(account("zhao").pk) == 1
        assert "1 条消息已标为已读" in zhao.post("/account/notices/read/", follow=True).text
        assert unread_count(account("zhao").pk) == 0
        zhao.post("/account/notices/kinds/", {"kind": ["catalogue.published"]})
        on = NoticeChoice.objects.filter(account=account("zhao"), is_on=True).values_list("kind", flat=True)
        assert list(on) == ["catalogue.published"]
        page = zhao.get("/account/notices/").text
        assert 'value="catalogue.published" checked' in page
        assert 'value="catalogue.passed">' in page

    def test_cost_one_query_for_the_bell(self) -> None:
        zhao = client_of("zhao")
        zhao.get("/account/positions/")
        with CaptureQueriesContext(connection) as queries:
            zhao.get("/account/positions/")
        assert [one["sql"].count("messaging_notice") > 0 for one in queries].count(True) == 1


class TestApi:
    def test_does_the_same_for_a_program_of_ones_own(self) -> None:
        tell("zhao")
        tell("qian")
        zhao = program_of("zhao", "messaging.read")
        root = "/api/province/v1/messaging"
        [line] = zhao.get(f"{root}/notices?unread=true").json()["items"]
        assert line | {"id": ANY, "created_at": ANY} == {
            "id": ANY,
            "created_at": ANY,
            "kind": KIND.name,
            "kind_label": KIND.label,
            "title": "事项“测试”审核通过",
            "place": "湖北省",
            "address": ANY,
            "acting_for_name": "",
            "read_at": None,
        }
        assert zhao.get(f"{root}/notices/unread").json() == {"unread": 1}
        assert zhao.post(f"{root}/notices/{line['id']}/read").json()["read_at"]
        other = Notice.objects.get(account=account("qian"))
        assert zhao.post(f"{root}/notices/{other.pk}/read").status_code == 404
        assert zhao.post(f"{root}/notices/read").json() == {"unread": 0}
        kinds = zhao.put(f"{root}/kinds", {"kinds": []}, content_type="application/json").json()
        assert {one["name"] for one in kinds if one["is_on"]} == {
            one.name for one in NOTICE_KINDS.entries() if not one.can_be_switched_off
        }
        assert program_of("zhao", "content.read").get(f"{root}/notices").status_code == 403

    def test_of_anothers_is_not_found(self) -> None:
        tell("qian")
        with pytest.raises(NotFound):
            mark_notice_read(by=person("zhao"), notice_id=Notice.objects.get().pk)
        assert not Event.objects.filter(kind="messaging.notices_wanted").exists()
