"""Suspending and abolishing pass a second person; a planned end comes by the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.models import DueTime
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.catalogue.models import Item, ItemChange, Pause, PauseRequest
from province.catalogue.operations import (
    confirm_pause,
    decline_pause,
    propose_pause,
    resume_item,
    submit_version,
    withdraw_pause,
    withdraw_version,
)
from province.catalogue.operations.pause_requests import lapse_pause
from province.catalogue.operations.planned_ends import end_as_planned
from province.catalogue.queries.pause_requests import pause_requests_to_confirm
from province.catalogue.queries.validity import version_at
from province.catalogue.states import ItemLife
from province.content.queries.generations import page_generations
from province.halls.models import Hall
from province.sign_in.models import SignInSession
from tests.conftest import person
from tests.factories.adoptions import adopt
from tests.factories.catalogue import abolish, change_draft, make_item, make_published, suspend
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db

ITEMS = "/console/items/"


def ask(item: Item, kind: ItemLife = ItemLife.SUSPENDED, *, by: str = "zhao", is_urgent: bool = False) -> PauseRequest:
    return propose_pause(by=person(by), item=item, kind=kind, reason="系统升级", is_urgent=is_urgent)


def shown(item: Item) -> int | None:
    version = version_at(item, timezone.now())
    return version.public_number if version else None


def day_from_now(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@contextmanager
def days_later(days: int) -> Iterator[None]:
    """So many days on, with everything due that was planned until then."""
    DueTime.objects.update(due_at=timezone.now())
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=days)):
        yield


class TestSecondPerson:
    @pytest.mark.parametrize("kind", [ItemLife.SUSPENDED, ItemLife.ABOLISHED])
    def test_confirms_what_the_first_has_asked_for(self, north: Hall, kind: ItemLife) -> None:
        item = make_published().item
        before = page_generations(north)
        request = ask(item, kind)
        assert shown(item) == 1
        assert page_generations(north) == before
        with pytest.raises(NotAllowed, match="由不同的人办理"):
            confirm_pause(by=person("zhao"), request_id=request.pk)
        assert [one.pk for one in pause_requests_to_confirm(person("qian"))] == [request.pk]
        assert not pause_requests_to_confirm(person("zhao"))
        confirm_pause(by=person("qian"), request_id=request.pk)
        assert shown(item) is None
        assert page_generations(north) != before
        with pytest.raises(Conflict, match="已确认"):
            confirm_pause(by=person("qian"), request_id=request.pk)
        assert Pause.objects.count() == 1

    def test_declines_with_a_reason(self) -> None:
        item = make_published().item
        request = ask(item)
        with pytest.raises(Invalid, match="原因"):
            decline_pause(by=person("qian"), request_id=request.pk, reason=" ")
        decline_pause(by=person("qian"), request_id=request.pk, reason="没有必要")
        assert shown(item) == 1
        with pytest.raises(Conflict):
            confirm_pause(by=person("qian"), request_id=request.pk)
        ask(item)

    def test_is_not_needed_to_take_ones_own_back(self) -> None:
        request = ask(make_published().item)
        with pytest.raises(NotAllowed, match="只有提请的人"):
            withdraw_pause(by=person("qian"), request_id=request.pk)
        assert withdraw_pause(by=person("zhao"), request_id=request.pk).state == "withdrawn"

    def test_finds_one_request_at_a_time(self) -> None:
        item = make_published().item
        ask(item)
        with pytest.raises(Conflict, match=r"赵\*已提请暂停"):
            ask(item, ItemLife.ABOLISHED, by="qian")

    def test_needs_the_permission_as_the_first_does(self) -> None:
        item = make_published().item
        request = ask(item)
        for who in ("sun", "lu", "an"):
            with pytest.raises((NotAllowed, NotFound)):
                ask(item, by=who)
            with pytest.raises((NotAllowed, NotFound)):
                confirm_pause(by=person(who), request_id=request.pk)

    def test_is_told_which_halls_use_what_is_to_be_abolished(self, north: Hall, south: Hall) -> None:
        item = make_published().item
        adopt(north, version_at(item, timezone.now()))
        adopt(south, version_at(item, timezone.now()), by="zhou")
        with pytest.raises(Conflict, match="认领：2 个服务厅（当阳市、枝江市）") as refused:
            ask(item, ItemLife.ABOLISHED)
        assert refused.value.faults


class TestUrgentSuspension:
    def test_acts_at_once_and_stands_when_it_is_confirmed(self) -> None:
        item = make_published().item
        request = ask(item, is_urgent=True)
        assert shown(item) is None
        confirm_pause(by=person("qian"), request_id=request.pk)
        assert not DueTime.objects.filter(subject_id=request.pk).exists()
        assert (shown(item), Pause.objects.count()) == (None, 1)

    def test_ends_when_the_second_person_declines(self) -> None:
        item = make_published().item
        decline_pause(by=person("qian"), request_id=ask(item, is_urgent=True).pk, reason="依据仍有效")
        assert shown(item) == 1

    def test_ends_by_itself_after_a_day_however_often_the_clock_strikes(self) -> None:
        item = make_published().item
        request = ask(item, is_urgent=True)
        lapse_pause(request_id=request.pk)
        assert shown(item) is None
        drain_events()
        PauseRequest.objects.update(due_at=timezone.now())
        DueTime.objects.update(due_at=timezone.now())
        drain_events()
        assert (shown(item), PauseRequest.objects.get().state) == (1, "lapsed")
        suspend(item)
        lapse_pause(request_id=request.pk)
        assert shown(item) is None
        assert AuditEntry.objects.filter(act="catalogue.lapse_pause").get().actor_name == "系统"

    def test_is_over_when_the_item_is_resumed(self) -> None:
        item = make_published().item
        request = ask(item, is_urgent=True)
        resume_item(by=person("zhao"), item=item)
        request.refresh_from_db()
        assert (shown(item), request.state) == (1, "withdrawn")
        assert not DueTime.objects.filter(subject_id=request.pk).exists()

    def test_is_no_way_to_abolish(self) -> None:
        with pytest.raises(Conflict, match="只有暂停可以紧急先行"):
            ask(make_published().item, ItemLife.ABOLISHED, is_urgent=True)


class TestPause:
    def test_stays_over_a_publication_and_ends_when_it_is_resumed(self) -> None:
        item = suspend(make_published().item)
        paused_at = timezone.now()
        make_published(item, promised_days=5)
        assert shown(item) is None
        resume_item(by=person("zhao"), item=item)
        assert (shown(item), version_at(item, paused_at)) == (2, None)
        kinds = [one.kind for one in ItemChange.objects.order_by("position")]
        assert kinds == ["published", "suspended", "published", "resumed"]
        with pytest.raises(Conflict, match="没有可以恢复"):
            resume_item(by=person("zhao"), item=item)

    def test_for_good_can_be_undone_and_nothing_goes_on_before(self) -> None:
        item = abolish(suspend(make_published().item))
        for act in (lambda: change_draft(item, promised_days=5), lambda: submit_version(by=person("zhao"), item=item)):
            with pytest.raises(Conflict, match="已废止"):
                act()
        assert resume_item(by=person("zhao"), item=item).state == ItemLife.ACTIVE
        assert [(one.kind, one.to_at is None) for one in Pause.objects.order_by("from_at")] == [
            ("suspended", False),
            ("abolished", False),
        ]


class TestPlannedEnd:
    def test_abolishes_on_its_day_once(self, north: Hall) -> None:
        version = make_published(make_item(cancelled_on=day_from_now(20)))
        item = version.item
        drain_events()
        end_as_planned(version_id=version.pk)
        assert shown(item) == 1
        before = page_generations(north)
        with days_later(20):
            drain_events()
            item.refresh_from_db()
            assert (item.state, shown(item), Pause.objects.count()) == ("abolished", None, 1)
            assert page_generations(north) != before
            assert "计划取消日期" in Pause.objects.get().reason
            # late, and after somebody has found that it was a mistake
            resume_item(by=person("zhao"), item=item)
            end_as_planned(version_id=version.pk)
            assert shown(item) == 1

    def test_is_what_the_last_published_version_says(self) -> None:
        first = make_published(make_item(cancelled_on=day_from_now(20)))
        make_published(first.item, cancelled_on=None)
        assert not DueTime.objects.filter(kind="catalogue.item_ends").exists()
        with days_later(21):
            end_as_planned(version_id=first.pk)
            assert shown(first.item) == 2

    def test_counts_again_when_the_later_version_is_withdrawn(self) -> None:
        first = make_published(make_item(cancelled_on=day_from_now(20)))
        later = make_published(first.item, valid_from=timezone.now() + timedelta(days=5), cancelled_on=day_from_now(40))
        assert DueTime.objects.get(kind="catalogue.item_ends").subject_id == later.pk
        withdraw_version(by=person("zhao"), version=later)
        assert DueTime.objects.get(kind="catalogue.item_ends").subject_id == first.pk

    def test_lies_after_the_beginning(self) -> None:
        with pytest.raises(Conflict, match="应在施行时间之后"):
            make_published(make_item(cancelled_on=day_from_now(3)), valid_from=timezone.now() + timedelta(days=5))
        with pytest.raises(Conflict, match="应在施行时间之后"):
            make_published(make_item(1, cancelled_on=day_from_now(0)))


class TestPages:
    def test_lead_from_asking_to_the_second_person(self) -> None:
        item = make_published().item
        zhao, qian = client_of("zhao"), client_of("qian")
        assert zhao.post(f"{ITEMS}{item.pk}/suspend/", {"reason": ""}).status_code == 422
        page = zhao.post(f"{ITEMS}{item.pk}/suspend/", {"reason": "系统升级"}, follow=True).content.decode()
        assert "已提请暂停，由另一人确认后执行" in page
        assert "确认暂停</button>" not in page
        listed = qian.get(f"{ITEMS}pauses/").content.decode()
        assert item.name in listed
        assert "待我确认的停用" in qian.get("/console/").content.decode()
        request = PauseRequest.objects.get()
        address = f"{ITEMS}pauses/{request.pk}/"
        assert "由不同的人办理" in zhao.post(address, {"act": "confirm"}, follow=True).content.decode()
        done = qian.post(address, {"act": "confirm"}, follow=True).content.decode()
        assert "已确认暂停" in done
        assert "恢复使用" in done
        assert shown(item) is None

    def test_ask_once_more_who_it_is(self) -> None:
        item = make_published().item
        qian = client_of("qian")
        request = ask(item, ItemLife.ABOLISHED)
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
        for address, data in (
            (f"{ITEMS}pauses/{request.pk}/", {"act": "confirm"}),
            (f"{ITEMS}{item.pk}/abolish/", {"reason": "法律已废止"}),
            (f"{ITEMS}{item.pk}/suspend/", {"reason": "升级", "is_urgent": "on"}),
        ):
            assert "再确认一次" in qian.post(address, data).content.decode()
        assert shown(item) == 1

    def test_are_closed_to_halls(self, north: Hall) -> None:
        item = make_published().item
        sun, request = client_of("sun"), ask(item)
        for page in ("abolish/", "suspend/"):
            assert sun.get(f"{ITEMS}{item.pk}/{page}").status_code == 403
        assert sun.post(f"{ITEMS}pauses/{request.pk}/", {"act": "confirm"}).status_code == 403
        assert sun.get(f"{ITEMS}pauses/").status_code == 403
