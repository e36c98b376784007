"""What is done to a push, and what readers' pages and the rest of the house learn of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.models import DueTime, Event, EventDelivery
from foundation.events.operations import drain_events, emit_event, handle_next_delivery
from province.audit.models import AuditEntry
from province.content.events import PUSH_BEGINS
from province.content.models import ManuscriptVersion, Push, PushScope, ScopeGeneration
from province.content.operations.pushes import (
    push_version,
    replace_version,
    restore_push,
    resume_push,
    stop_push,
    withdraw_push,
)
from province.content.queries.audiences import Audience, Scope, audience_of_codes
from province.content.queries.generations import page_generations
from province.content.queries.pushes import (
    home_pushes,
    listed_pushes,
    offered_pushes,
    push_at_desk,
    push_history,
    push_on_hall,
    pushes_at_desk,
)
from province.content.states import PageAnswer, PushMode, PushState, WithdrawalKind
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.manuscripts import COUNTY, make_approved_version, make_version_in_review
from tests.factories.pushes import EVERYBODY, make_push, withdraw

pytestmark = pytest.mark.django_db
KIND = WithdrawalKind


def _titles(hall: Hall, column: str = "news") -> list[str]:
    return [line.title for line in listed_pushes(hall, column, limit=20)]


class TestPush:
    def test_shows_on_every_hall_of_its_audience_and_on_no_other(self, north: Hall, south: Hall) -> None:
        push = make_push(audience=Audience((Scope(COUNTY),)))
        assert push.state == PushState.LIVE
        assert _titles(north) == [push.version.title]
        assert _titles(south) == []
        assert push_on_hall(south, push.pk) is None
        page = push_on_hall(north, push.pk)
        assert page
        assert (page.answer, page.marker) == (PageAnswer.SHOWN, str(push.version_id))

    def test_makes_every_page_below_its_scopes_stale_and_no_other(self, north: Hall, south: Hall) -> None:
        before = page_generations(north), page_generations(south)
        make_push(audience=Audience((Scope(COUNTY),)))
        assert page_generations(north) != before[0]
        assert page_generations(south) == before[1]

    def test_leaves_an_audit_entry_and_events(self) -> None:
        push = make_push()
        entry = AuditEntry.objects.get(object_id=push.pk)
        assert (entry.act, entry.actor_name) == ("content.push", "赵敏")
        event = Event.objects.get(kind="content.push_changed", subject_id=push.pk)
        assert event.payload == {"turn": 1, "act": "push"}

    def test_stands_first_where_it_is_pinned_and_in_the_banner_where_it_is_urgent(self, north: Hall) -> None:
        make_push(title="置顶", is_pinned=True)
        make_push(title="紧急", is_urgent=True)
        assert _titles(north) == ["置顶", "紧急"]
        lists, banner = home_pushes(north, ["news"], limit=8)
        assert [line.title for line in lists["news"]] == ["置顶", "紧急"]
        assert banner
        assert banner.title == "紧急"

    def test_goes_before_all_that_waits_where_it_is_urgent_and_is_recorded_like_any_other(self) -> None:
        make_push(title="先")
        urgent = make_push(title="紧急", is_urgent=True)
        handle_next_delivery()
        handle_next_delivery()
        done = EventDelivery.objects.filter(state=EventDelivery.State.DONE)
        assert {delivery.event.subject_id for delivery in done} == {urgent.pk}
        assert [line.act for line in push_history(urgent)] == ["content.push"]

    def test_waits_for_the_hall_where_it_is_offered(self, north: Hall) -> None:
        push = make_push(mode=PushMode.OFFERED)
        assert _titles(north) == []
        assert push_on_hall(north, push.pk) is None
        assert [line.id for line in offered_pushes(north)] == [push.pk]

    def test_to_nobody_is_refused(self) -> None:
        with pytest.raises(Invalid, match="没有服务厅"):
            make_push(audience=Audience((Scope("43"),)))
        with pytest.raises(Invalid, match="没有服务厅"):
            make_push(audience=Audience((Scope("42"),), (Scope("42"),)))
        assert not Push.objects.exists()

    def test_of_a_version_still_in_review_is_refused_even_in_haste(self) -> None:
        version = make_version_in_review(is_urgent=True)
        with pytest.raises(Conflict, match="三审"):
            push_version(by=person("zhao"), version=version, audience=EVERYBODY, column="news", is_urgent=True)

    def test_needs_the_permission_over_every_scope(self) -> None:
        version = make_approved_version(by="sun", desk_prefix=COUNTY)
        own, beyond = Audience((Scope(COUNTY),)), Audience((Scope(COUNTY), Scope("420583")))
        push_version(by=person("sun"), version=version, audience=own, column="news")
        for who, audience in (("sun", beyond), ("sun", EVERYBODY), ("zhou", own), ("wu", own)):
            with pytest.raises(NotAllowed):
                push_version(by=person(who), version=version, audience=audience, column="notices")

    def test_of_another_desk_is_not_found(self) -> None:
        version = make_approved_version()
        with pytest.raises(NotFound):
            push_version(by=person("sun"), version=version, audience=Audience((Scope(COUNTY),)), column="news")

    def test_sent_twice_is_refused_the_second_time(self) -> None:
        push = make_push()
        with pytest.raises(Conflict, match="已经推送"):
            push_version(by=person("qian"), version=push.version, audience=EVERYBODY, column="news")
        push_version(by=person("qian"), version=push.version, audience=EVERYBODY, column="notices")

    def test_refuses_a_column_that_is_no_code_and_an_end_before_the_beginning(self) -> None:
        with pytest.raises(Invalid, match="栏目"):
            make_push(column="要闻")
        with pytest.raises(Invalid, match="到期"):
            make_push(expires_at=timezone.now() - timedelta(minutes=1))


class TestClock:
    def test_begins_and_ends_a_push_at_its_times(self, north: Hall) -> None:
        now = timezone.now()
        push = make_push(starts_at=now + timedelta(hours=1), expires_at=now + timedelta(hours=2))
        assert push.state == PushState.SCHEDULED
        assert push_on_hall(north, push.pk) is None
        before = page_generations(north)
        _come_due(push)
        push.refresh_from_db()
        assert (push.state, _titles(north)) == (PushState.LIVE, [push.version.title])
        assert page_generations(north) != before
        _come_due(push)
        push.refresh_from_db()
        assert (push.state, _titles(north)) == (PushState.EXPIRED, [])
        page = push_on_hall(north, push.pk)
        assert page
        assert page.answer == PageAnswer.GONE
        assert [line.act for line in push_history(push)] == ["content.schedule", "content.begin", "content.expire"]

    def test_does_nothing_where_the_push_was_stopped_meanwhile(self) -> None:
        push = make_push(starts_at=timezone.now() + timedelta(hours=1))
        stop_push(by=person("zhao"), push=push)
        assert not DueTime.objects.exists()
        # an event that was raised just before
        emit_event(kind=PUSH_BEGINS, subject_id=push.pk)
        drain_events()
        push.refresh_from_db()
        assert push.state == PushState.STOPPED

    def test_ends_what_was_put_in_its_place_and_leaves_a_withdrawal_as_it_is(self) -> None:
        now = timezone.now()
        substituted = make_push(expires_at=now + timedelta(hours=1))
        gone = make_push(expires_at=now + timedelta(hours=1))
        withdraw(substituted, KIND.SUBSTITUTE, substitute=make_approved_version())
        withdraw(gone, KIND.GONE)
        _come_due(substituted)
        _come_due(gone)
        assert Push.objects.get(pk=substituted.pk).state == PushState.EXPIRED
        assert Push.objects.get(pk=gone.pk).state == PushState.WITHDRAWN
        with pytest.raises(Conflict, match="期限"):
            restore_push(by=person("zhao"), push=gone)


def _come_due(push: Push) -> None:
    """Let the clock pass what waits for it."""
    past = timezone.now() - timedelta(seconds=1)
    due = DueTime.objects.get(subject_id=push.pk)
    field = "starts_at" if due.kind == "content.push_begins" else "expires_at"
    Push.objects.filter(pk=push.pk).update(**{field: past})
    DueTime.objects.filter(pk=due.pk).update(due_at=past)
    drain_events()


class TestStop:
    def test_can_be_undone(self) -> None:
        push = make_push(starts_at=timezone.now() + timedelta(hours=1))
        stop_push(by=person("zhao"), push=push)
        assert resume_push(by=person("zhao"), push=push).state == PushState.SCHEDULED
        assert DueTime.objects.filter(subject_id=push.pk, kind="content.push_begins").exists()

    def test_once_undone_after_its_time_begins_at_once(self, north: Hall) -> None:
        push = make_push(starts_at=timezone.now() + timedelta(hours=1))
        stop_push(by=person("zhao"), push=push)
        Push.objects.filter(pk=push.pk).update(starts_at=timezone.now() - timedelta(hours=1))
        assert resume_push(by=person("zhao"), push=push).state == PushState.LIVE
        assert _titles(north) == [push.version.title]

    def test_is_refused_for_what_has_begun(self) -> None:
        with pytest.raises(Conflict):
            stop_push(by=person("zhao"), push=make_push())


class TestWithdrawal:
    @pytest.mark.parametrize(
        ("kind", "answer"),
        [
            (KIND.GONE, PageAnswer.GONE),
            (KIND.REDIRECT, PageAnswer.REDIRECT),
            (KIND.NOTICE, PageAnswer.NOTICE),
            (KIND.VANISH, None),
            (KIND.SUBSTITUTE, PageAnswer.SHOWN),
        ],
    )
    def test_of_each_kind_answers_in_its_way(
        self, north: Hall, kind: WithdrawalKind, answer: PageAnswer | None
    ) -> None:
        other = make_approved_version(title="更正后的消息")
        push = make_push(title="有误的消息")
        withdraw(push, kind, redirect_url="/c/notices/", substitute=other)
        page = push_on_hall(north, push.pk)
        assert (page.answer if page else None) == answer
        assert _titles(north) == (["更正后的消息"] if kind == KIND.SUBSTITUTE else [])
        if page and page.text:
            assert page.text.title == ("更正后的消息" if kind == KIND.SUBSTITUTE else "有误的消息")

    def test_needs_a_reason_and_what_its_kind_needs(self) -> None:
        push = make_push()
        zhao = person("zhao")
        with pytest.raises(Invalid, match="原因"):
            withdraw_push(by=zhao, push=push, kind=KIND.GONE, reason="  ")
        with pytest.raises(Invalid, match="地址"):
            withdraw_push(by=zhao, push=push, kind=KIND.REDIRECT, reason="重复")
        with pytest.raises(Invalid, match="版本"):
            withdraw_push(by=zhao, push=push, kind=KIND.SUBSTITUTE, reason="有误")
        with pytest.raises(Invalid, match="本身"):
            withdraw_push(by=zhao, push=push, kind=KIND.SUBSTITUTE, reason="有误", substitute=push.version)
        with pytest.raises(Conflict, match="三审"):
            withdraw(push, KIND.SUBSTITUTE, substitute=make_version_in_review())
        push.refresh_from_db()
        assert push.state == PushState.LIVE

    @pytest.mark.parametrize(
        "url",
        [
            "http://example.gov.cn/",
            "//example.com/",
            "/\\example.com",
            "\\\\example.com",
            "javascript:alert(1)",
            "https://user@example.com/",
            "https:///nowhere",
            "https://[bad/",
            "/a\nb",
            "/\t/example.com",
            " /c/news/",
            "c/news/",
            "https://example.com/" + "x" * 500,
        ],
    )
    def test_redirects_nowhere_unsafe(self, url: str) -> None:
        push = make_push()
        with pytest.raises(Invalid, match="地址"):
            withdraw(push, KIND.REDIRECT, redirect_url=url)

    def test_redirects_never_to_itself(self) -> None:
        push = make_push()
        with pytest.raises(Invalid, match="本身"):
            withdraw(push, KIND.REDIRECT, redirect_url=f"/p/{push.pk}/?again=1")

    def test_done_twice_alike_changes_nothing(self) -> None:
        push = make_push()
        first = withdraw(push, KIND.GONE)
        again = withdraw(push, KIND.GONE)
        assert (again.turn, again.withdrawn_at) == (first.turn, first.withdrawn_at)
        assert AuditEntry.objects.filter(object_id=push.pk, act="content.withdraw").count() == 1

    def test_may_be_changed_to_another_kind(self, north: Hall) -> None:
        push = make_push()
        withdraw(push, KIND.SUBSTITUTE, substitute=make_approved_version(title="替换"))
        withdraw(push, KIND.NOTICE)
        page = push_on_hall(north, push.pk)
        assert page
        assert (page.answer, page.marker) == (PageAnswer.NOTICE, str(push.version_id))

    def test_belongs_to_the_desk_that_pushed_and_to_those_above(self) -> None:
        county = make_push(by="sun", desk_prefix=COUNTY, audience=Audience((Scope(COUNTY),)))
        with pytest.raises(NotAllowed):
            withdraw(make_push(), KIND.GONE, by="sun")
        with pytest.raises(NotAllowed):
            withdraw(county, KIND.GONE, by="zhou")
        assert withdraw(county, KIND.GONE, by="qian").state == PushState.WITHDRAWN

    def test_makes_pages_stale_and_tells_the_accounts_outside(self, north: Hall) -> None:
        push = make_push()
        before = page_generations(north)
        withdraw(push, KIND.NOTICE)
        assert page_generations(north) != before
        payloads = Event.objects.filter(kind="content.push_changed").order_by("id").values_list("payload", flat=True)
        assert [(one["act"], one["turn"]) for one in payloads] == [("push", 1), ("withdraw", 2)]

    def test_undone_shows_again_where_it_stood(self, north: Hall) -> None:
        first = make_push(title="先")
        make_push(title="后")
        withdraw(first, KIND.SUBSTITUTE, substitute=make_approved_version(title="替换"))
        restored = restore_push(by=person("zhao"), push=first)
        assert _titles(north) == ["后", "先"]
        assert (restored.withdrawal_kind, restored.withdrawal_reason, restored.substitute_id) == ("", "", None)
        with pytest.raises(Conflict):
            restore_push(by=person("zhao"), push=first)


class TestReplacement:
    def test_puts_a_new_version_at_the_same_address_and_place(self, north: Hall) -> None:
        push = make_push(title="第一版")
        make_push(title="别的")
        newer = _newer(push, title="第二版")
        replace_version(by=person("zhao"), push=push, version=newer)
        assert _titles(north) == ["别的", "第二版"]
        page = push_on_hall(north, push.pk)
        assert page
        assert page.marker == str(newer.pk)

    def test_done_twice_changes_nothing(self) -> None:
        push = make_push()
        newer = _newer(push, title="第二版")
        first = replace_version(by=person("zhao"), push=push, version=newer)
        assert replace_version(by=person("zhao"), push=push, version=newer).turn == first.turn

    def test_is_refused_for_another_text_and_for_what_is_withdrawn(self) -> None:
        push = make_push()
        newer = _newer(push, title="第二版")
        with pytest.raises(Invalid, match="同一稿件"):
            replace_version(by=person("zhao"), push=push, version=make_approved_version())
        withdraw(push, KIND.GONE)
        with pytest.raises(Conflict):
            replace_version(by=person("zhao"), push=push, version=newer)

    def test_of_a_scheduled_push_shows_the_new_version_when_it_begins(self, north: Hall) -> None:
        push = make_push(starts_at=timezone.now() + timedelta(hours=1))
        replace_version(by=person("zhao"), push=push, version=_newer(push, title="第二版"))
        _come_due(push)
        assert _titles(north) == ["第二版"]


def _newer(push: Push, *, title: str) -> ManuscriptVersion:
    manuscript = push.version.manuscript
    manuscript.title = title
    manuscript.save()
    return make_approved_version(manuscript=manuscript)


class TestRowsWritten:
    @pytest.mark.parametrize("audience", [EVERYBODY, Audience((Scope("42"),), (Scope(COUNTY),))])
    def test_are_at_most_ten_whatever_the_number_of_halls(self, audience: Audience) -> None:
        version, zhao = make_approved_version(), person("zhao")
        end = timezone.now() + timedelta(days=1)
        start = _rows_written()
        push = push_version(by=zhao, version=version, audience=audience, column="news", expires_at=end)
        pushed = _rows_written()
        withdraw_push(by=zhao, push=push, kind=KIND.GONE, reason="有误")
        assert 0 < pushed - start <= 10
        assert 0 < _rows_written() - pushed <= 10


def _rows_written() -> int:
    """By the test's transaction until now, in all tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::int FROM pg_stat_xact_user_tables")
        found: int = cursor.fetchone()[0]
    return found


class TestDesk:
    def test_sees_its_own_pushes_and_those_below(self) -> None:
        county = make_push(by="sun", desk_prefix=COUNTY, audience=Audience((Scope(COUNTY),)))
        province = make_push(title="全省")
        assert list(pushes_at_desk(person("zhao"))) == [province, county]
        assert list(pushes_at_desk(person("sun"))) == [county]
        assert list(pushes_at_desk(person("zhou"))) == []
        assert list(pushes_at_desk(person("zhao"), search="全省")) == [province]
        assert list(pushes_at_desk(person("zhao"), state="withdrawn")) == []

    def test_finds_no_other_desk_s_push(self) -> None:
        with pytest.raises(NotFound):
            push_at_desk(person("sun"), make_push().pk)

    def test_reads_everything_that_was_done_and_by_whom(self) -> None:
        push = make_push()
        withdraw(push, KIND.GONE, reason="事实有误", by="qian")
        restore_push(by=person("zhao"), push=push)
        lines = push_history(push)
        assert [(line.label, line.actor_name, line.reason) for line in lines] == [
            ("发布", "赵敏", ""),
            ("撤稿", "钱宁", "事实有误"),
            ("撤销撤稿", "赵敏", ""),
        ]


class TestAudience:
    def test_is_kept_as_few_rows(self) -> None:
        push = make_push(audience=audience_of_codes(["420000000000", "420582000000"], ["420582103000"]))
        rows = PushScope.objects.filter(push=push)
        assert {(row.prefix, row.is_excluded) for row in rows} == {("42", False), ("420582103", True)}
        assert list(ScopeGeneration.objects.values_list("prefix", flat=True)) == ["42"]
