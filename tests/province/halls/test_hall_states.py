from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from foundation.errors import Conflict, DomainError, Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.halls.models import Hall, HallDomain, HallFigures, HallGeneration
from province.halls.operations import go_live, open_hall, resume_hall, retire_hall, suspend_hall
from province.halls.queries import checklist
from province.halls.states import HallState
from province.people.models import Account
from tests.conftest import person
from tests.province.halls.conftest import SiteServer, complete
from tests.races import at_once

MOVES: dict[str, Callable[..., Hall]] = {
    "open": open_hall,
    "suspend": partial(suspend_hall, reason="系统维护"),
    "resume": resume_hall,
    "retire": partial(retire_hall, reason="机构合并"),
}

EMPTY_COLUMN = {"news": {"name": "要闻", "articles": 0, "last_published_at": None}}

# what is missing -> how to make it so, and the line of the checklist that turns red
SPOILS: dict[str, tuple[Callable[[Hall], object], list[str]]] = {
    "no domain": (lambda hall: HallDomain.objects.filter(tenant=hall).delete(), ["domains"]),
    "no site code": (lambda hall: Hall.objects.filter(pk=hall.pk).update(site_code=""), ["branding"]),
    "no column": (lambda hall: HallFigures.objects.filter(hall=hall).update(columns={}), ["columns"]),
    "empty column": (lambda hall: HallFigures.objects.filter(hall=hall).update(columns=EMPTY_COLUMN), ["columns"]),
    "no phone": (lambda hall: Hall.objects.filter(pk=hall.pk).update(phone=""), ["contacts"]),
    "no hours": (lambda hall: Hall.objects.filter(pk=hall.pk).update(opening_hours=[]), ["hours"]),
    "nobody": (
        lambda hall: Account.objects.filter(positions__hall_id=hall.id).update(is_active=False),
        ["administrator", "guide_reviewers"],
    ),
}


def put(hall: Hall, state: HallState, *, resumes_as: str = "") -> Hall:
    Hall.objects.filter(pk=hall.pk).update(state=state, resumes_as=resumes_as)
    hall.refresh_from_db()
    return hall


@pytest.mark.django_db
class TestHallState:
    @pytest.mark.parametrize(
        ("before", "move", "after"),
        [
            (HallState.PLANNED, "open", HallState.TRIAL),
            (HallState.TRIAL, "suspend", HallState.SUSPENDED),
            (HallState.LIVE, "suspend", HallState.SUSPENDED),
            (HallState.SUSPENDED, "resume", HallState.LIVE),
            (HallState.PLANNED, "retire", HallState.RETIRED),
            (HallState.TRIAL, "retire", HallState.RETIRED),
            (HallState.LIVE, "retire", HallState.RETIRED),
            (HallState.SUSPENDED, "retire", HallState.RETIRED),
        ],
    )
    def test_moves(self, north: Hall, before: HallState, move: str, after: HallState) -> None:
        generation = HallGeneration.objects.get(hall=north).generation
        put(north, before, resumes_as=HallState.LIVE)
        assert MOVES[move](by=person("zhao"), hall=north).state == after
        assert HallGeneration.objects.get(hall=north).generation == generation + 1
        entry = AuditEntry.objects.get(object_id=north.id)
        assert (entry.act, entry.changes["state"]) == (f"halls.{move}", [before, after])

    @pytest.mark.parametrize(
        ("before", "move"),
        [
            (HallState.TRIAL, "open"),
            (HallState.LIVE, "open"),
            (HallState.PLANNED, "suspend"),
            (HallState.SUSPENDED, "suspend"),
            (HallState.LIVE, "resume"),
            *((HallState.RETIRED, move) for move in MOVES),
        ],
    )
    def test_does_not_move(self, north: Hall, before: HallState, move: str) -> None:
        put(north, before)
        with pytest.raises(Conflict):
            MOVES[move](by=person("zhao"), hall=north)
        assert Hall.objects.get(pk=north.pk).state == before

    @pytest.mark.parametrize("move", MOVES)
    def test_is_the_province_operators_alone(self, north: Hall, move: str) -> None:
        with pytest.raises(NotAllowed):
            MOVES[move](by=person("sun"), hall=north)


@pytest.mark.django_db
class TestSuspendedHall:
    @pytest.mark.parametrize("before", [HallState.TRIAL, HallState.LIVE])
    def test_goes_back_to_what_it_was(self, north: Hall, before: HallState) -> None:
        put(north, before)
        until = timezone.now() + timedelta(hours=2)
        suspended = suspend_hall(by=person("zhao"), hall=north, reason="系统维护", until=until)
        assert (suspended.state_reason, suspended.suspended_until) == ("系统维护", until)
        assert suspended.suspended_at is not None
        resumed = resume_hall(by=person("zhao"), hall=north)
        assert (resumed.state, resumed.state_reason, resumed.suspended_until) == (before, "", None)
        assert resumed.suspended_at is None

    @pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
    def test_needs_a_reason(self, north: Hall, reason: str) -> None:
        with pytest.raises(Invalid):
            suspend_hall(by=person("zhao"), hall=north, reason=reason)

    def test_cannot_be_expected_back_in_the_past(self, north: Hall) -> None:
        with pytest.raises(Invalid, match="晚于现在"):
            suspend_hall(by=person("zhao"), hall=north, reason="维护", until=timezone.now())


@pytest.mark.django_db
class TestRetiredHall:
    def test_names_its_successor(self, north: Hall, south: Hall) -> None:
        assert retire_hall(by=person("zhao"), hall=south, reason="并入当阳", successor=north).successor == north

    def test_is_not_its_own_successor(self, north: Hall) -> None:
        with pytest.raises(Invalid, match="自己"):
            retire_hall(by=person("zhao"), hall=north, reason="合并", successor=north)

    def test_does_not_send_readers_to_another_retired_one(self, north: Hall, south: Hall) -> None:
        put(north, HallState.RETIRED)
        with pytest.raises(Invalid, match="已停用"):
            retire_hall(by=person("zhao"), hall=south, reason="合并", successor=north)


@pytest.mark.django_db
class TestGoLive:
    def test_happens_when_everything_is_green(self, north: Hall, sites: SiteServer) -> None:
        put(north, HallState.TRIAL)
        complete(north)
        sites.show("north.yizhan.localhost", f"<title>{north.name}</title>")
        assert go_live(by=person("zhao"), hall=north).state == HallState.LIVE
        assert all(line.is_green for line in checklist(north))

    def test_says_what_to_do_for_each_red_line(self, north: Hall, sites: SiteServer) -> None:
        put(north, HallState.TRIAL)
        Account.objects.filter(positions__hall_id=north.id).update(is_active=False)
        with pytest.raises(Conflict) as refusal:
            go_live(by=person("zhao"), hall=north)
        assert [(one.where, bool(one.message)) for one in refusal.value.faults] == [
            ("域名可以访问", True),
            ("网站标识完整", True),
            ("栏目都有内容", True),
            ("联系方式", True),
            ("开放时间", True),
            ("有管理员", True),
            ("实施清单有人审核", True),
        ]
        assert Hall.objects.get(pk=north.pk).state == HallState.TRIAL

    @pytest.mark.parametrize(("spoilt", "red"), [(name, red) for name, (_, red) in SPOILS.items()], ids=list(SPOILS))
    def test_waits_for_each_line(self, north: Hall, sites: SiteServer, spoilt: str, red: list[str]) -> None:
        put(north, HallState.TRIAL)
        complete(north)
        sites.show("north.yizhan.localhost", north.name)
        SPOILS[spoilt][0](north)
        with pytest.raises(Conflict):
            go_live(by=person("zhao"), hall=north)
        north.refresh_from_db()
        assert [line.key for line in checklist(north) if not line.is_green] == red

    @pytest.mark.parametrize("before", [HallState.PLANNED, HallState.LIVE, HallState.SUSPENDED, HallState.RETIRED])
    def test_is_refused_from_any_other_state(self, north: Hall, before: HallState) -> None:
        put(north, before, resumes_as=HallState.LIVE)
        with pytest.raises(Conflict, match="试运行"):
            go_live(by=person("zhao"), hall=north)

    def test_is_the_province_operators_alone(self, north: Hall) -> None:
        with pytest.raises(NotAllowed):
            go_live(by=person("sun"), hall=put(north, HallState.TRIAL))


class TestTwoChangesAtOnce:
    @pytest.mark.usefixtures("fresh_database")
    def test_of_the_same_kind_happen_once(self) -> None:
        hall = Hall.objects.get(slug="north")
        found = at_once(*[partial(suspend_hall, by=person("zhao"), hall=hall, reason="维护")] * 2)
        assert sorted(isinstance(one, DomainError) for one in found) == [False, True]
        assert Hall.objects.get(slug="north").resumes_as == HallState.LIVE

    @pytest.mark.usefixtures("fresh_database")
    def test_end_in_one_state_with_both_on_record(self) -> None:
        hall = Hall.objects.get(slug="north")
        at_once(
            partial(suspend_hall, by=person("zhao"), hall=hall, reason="维护"),
            partial(retire_hall, by=person("qian"), hall=hall, reason="合并"),
        )
        assert Hall.objects.get(slug="north").state == HallState.RETIRED
        last = AuditEntry.objects.filter(object_id=hall.id).latest("pk")
        assert last.changes["state"][1] == HallState.RETIRED
