"""换班申请: a colleague is asked, agrees, and who keeps the roster confirms; then the roster says so."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from foundation import schemas
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events, retry_deliveries
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.messaging.models import Notice
from province.people.models import Account
from province.people.operations.hand_over import hand_over
from standards.flows.people import OnDuty
from tenants.duty.models import DutySwap, DutyTurn, SwapRequest
from tenants.duty.operations import swap_requests
from tenants.duty.operations.swap_requests import (
    agree_to_swap,
    ask_for_swap,
    confirm_swap,
    decline_swap,
    refuse_swap,
    withdraw_swap,
)
from tenants.duty.operations.turns import WrittenCell, write_turns
from tenants.duty.queries.on_duty import people_on_duty
from tenants.duty.queries.requests import waiting_swaps
from tenants.duty.states import DutyPart, SwapState
from tenants.shell.slots import Desk
from tests.conftest import person
from tests.factories.people import client_of, program_of
from tests.factories.sites import inside
from tests.forked import killed
from tests.races import at_once
from tests.tenants.duty.test_roster import NEXT, NORTH, TODAY, at, put, shift

THURSDAY = date(2026, 12, 3)


@pytest.fixture
def on_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at(TODAY))


def given(hall: Hall, who: str) -> dict[str, Any]:
    return {"by": person(who), "hall": hall}


def turn_of(name: str, on: date) -> DutyTurn:
    return DutyTurn.objects.select_related("shift").get(account_name=name, on=on)


def asked(hall: Hall, on: date = THURSDAY, to: str = "hua") -> SwapRequest:
    """Cao asks Hua to take a turn."""
    turn = turn_of("曹办", on)
    return ask_for_swap(**given(hall, "cao"), turn_id=turn.pk, to_id=person(to).id, reason="出差。")


def waiting(hall: Hall, who: str) -> list[str]:
    return [one.tag for one in waiting_swaps(Desk(person(who), hall))]


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


@pytest.mark.django_db
@pytest.mark.usefixtures("on_wednesday")
class TestSwapRequest:
    def test_is_agreed_to_confirmed_and_then_in_the_roster(self, at_north: Hall) -> None:
        day = shift(at_north)
        put(at_north, day, (THURSDAY, "曹办"))
        made = asked(at_north)
        assert asked(at_north).pk == made.pk
        assert (waiting(at_north, "hua"), waiting(at_north, "he")) == (["请您换班"], [])
        with pytest.raises(Conflict):
            confirm_swap(**given(at_north, "he"), request_id=made.pk)
        for who in ("cao", "sun", "he"):
            with pytest.raises(NotFound):
                agree_to_swap(**given(at_north, who), request_id=made.pk)
        for _ in range(2):
            agree_to_swap(**given(at_north, "hua"), request_id=made.pk)
        assert (waiting(at_north, "hua"), waiting(at_north, "he")) == ([], ["换班待确认"])
        with pytest.raises(NotAllowed):
            confirm_swap(**given(at_north, "hua"), request_id=made.pk)
        assert people_on_duty(at(THURSDAY), OnDuty()) == [person("cao").id]
        for _ in range(2):
            confirm_swap(**given(at_north, "he"), request_id=made.pk)
        # what a flow hands to who is on duty goes to the other one at once
        assert people_on_duty(at(THURSDAY), OnDuty()) == [person("hua").id]
        [swap] = DutySwap.objects.all()
        assert (swap.from_name, swap.to_name, swap.reason) == ("曹办", "华窗", "出差。")
        kinds = Notice.objects.filter(kind__startswith="duty.").order_by("pk").values_list("kind", "account__username")
        told = [("duty.asked", "hua"), ("duty.to_confirm", "he"), ("duty.swapped", "cao"), ("duty.swapped", "hua")]
        assert sorted(kinds) == sorted(told)
        acts = AuditEntry.objects.filter(object_id=made.pk).order_by("pk").values_list("act", "actor_name")
        assert [act for act, _ in acts] == ["duty.ask_for_swap", "duty.agree_to_swap", "duty.confirm_swap"]

    def test_changes_two_turns_with_each_other(self, at_north: Hall) -> None:
        day = shift(at_north)
        put(at_north, day, (THURSDAY, "曹办"), (date(2026, 12, 5), "华窗"))
        other = turn_of("华窗", date(2026, 12, 5))
        mine = turn_of("曹办", THURSDAY)
        made = ask_for_swap(**given(at_north, "cao"), turn_id=mine.pk, other_id=other.pk, reason="调一下")
        agree_to_swap(**given(at_north, "hua"), request_id=made.pk)
        confirm_swap(**given(at_north, "he"), request_id=made.pk)
        assert dict(DutyTurn.objects.values_list("on", "account_name")) == {THURSDAY: "华窗", date(2026, 12, 5): "曹办"}
        assert DutySwap.objects.count() == 2

    def test_is_for_ones_own_coming_turn_and_one_colleague_at_a_time(self, at_north: Hall) -> None:
        day = shift(at_north)
        put(at_north, day, (TODAY, "曹办"), (date(2026, 12, 1), "曹办"), (THURSDAY, "曹办、孙北"))
        mine = {"reason": "出差", "to_id": person("hua").id}
        cao = given(at_north, "cao")
        for on, error in ((TODAY, "已经开始"), (date(2026, 12, 1), "已经过去")):
            with pytest.raises(Conflict, match=error):
                ask_for_swap(**cao, turn_id=turn_of("曹办", on).pk, **mine)
        turn = turn_of("曹办", THURSDAY)
        with pytest.raises(NotAllowed, match="自己的班"):
            ask_for_swap(**given(at_north, "hua"), turn_id=turn.pk, **mine)
        wrong: tuple[dict[str, Any], ...] = (
            *({"reason": " "}, {"to_id": None}, {"to_id": person("cao").id}, {"to_id": person("zhou").id}),
            {"other_id": turn.pk},
        )
        for change in wrong:
            with pytest.raises(Invalid):
                ask_for_swap(**cao, turn_id=turn.pk, **mine | change)
        with pytest.raises(Conflict, match="本来就在"):
            ask_for_swap(**cao, turn_id=turn.pk, **mine | {"to_id": person("sun").id})
        with pytest.raises(NotFound):
            ask_for_swap(**cao, turn_id=day.pk, **mine)
        made = ask_for_swap(**cao, turn_id=turn.pk, **mine)
        with pytest.raises(Conflict, match="先撤回"):
            ask_for_swap(**cao, turn_id=turn.pk, **mine | {"to_id": person("he").id})
        withdraw_swap(**cao, request_id=made.pk)
        assert withdraw_swap(**cao, request_id=made.pk).state == SwapState.WITHDRAWN
        assert ask_for_swap(**cao, turn_id=turn.pk, **mine | {"to_id": person("he").id}).pk != made.pk
        with pytest.raises(Conflict):
            agree_to_swap(**given(at_north, "hua"), request_id=made.pk)

    def test_is_refused_or_declined_with_a_reason(self, at_north: Hall) -> None:
        day = shift(at_north)
        put(at_north, day, (THURSDAY, "曹办"))
        first = asked(at_north)
        refuse_swap(**given(at_north, "hua"), request_id=first.pk, said="那天有课。")
        assert Notice.objects.get(kind="duty.decided").account_id == person("cao").id
        second = asked(at_north)
        agree_to_swap(**given(at_north, "hua"), request_id=second.pk)
        with pytest.raises(Invalid, match="为什么不能换"):
            decline_swap(**given(at_north, "he"), request_id=second.pk, said=" ")
        decline_swap(**given(at_north, "he"), request_id=second.pk, said="人手不够。")
        states = SwapRequest.objects.order_by("pk").values_list("state", "said")
        assert list(states) == [("refused", "那天有课。"), ("declined", "人手不够。")]
        assert not DutySwap.objects.exists()

    def test_of_a_turn_that_is_another_ones_now_comes_to_nothing(self, at_north: Hall) -> None:
        day = shift(at_north)
        put(at_north, day, (THURSDAY, "曹办"))
        made = asked(at_north)
        write_turns(
            by=person("he"),
            hall=at_north,
            cells=[WrittenCell(THURSDAY, day.pk, DutyPart.PERSON, "孙北", before="曹办")],
        )
        with pytest.raises(Conflict, match="已经改过"):
            agree_to_swap(**given(at_north, "hua"), request_id=made.pk)
        # the same again by another row is the same turn
        put(at_north, day, (THURSDAY, "曹办"))
        agree_to_swap(**given(at_north, "hua"), request_id=made.pk)
        put(at_north, day, (THURSDAY, "曹办、华窗"))
        with pytest.raises(Conflict, match="本来就在"):
            confirm_swap(**given(at_north, "he"), request_id=made.pk)

    def test_ends_with_who_leaves(self, north: Hall) -> None:
        with inside(north):
            day = shift(north)
            put(north, day, (THURSDAY, "曹办"), (date(2026, 12, 4), "曹办"), (date(2026, 12, 5), "孙北"))
            made = asked(north), asked(north, date(2026, 12, 4), "he")
            agree_to_swap(**given(north, "hua"), request_id=made[0].pk)
            sun = turn_of("孙北", date(2026, 12, 5))
            back = ask_for_swap(**given(north, "sun"), turn_id=sun.pk, to_id=person("cao").id, reason="有事")
        hand_over(
            by=person("zhao"),
            account=Account.objects.get(username="cao"),
            successor=Account.objects.get(username="he"),
        )
        # the database's clock goes on, and this Wednesday is behind it by now
        retry_deliveries(EventDelivery.objects.all())
        drain_events()
        with inside(north):
            states = dict(SwapRequest.objects.values_list("pk", "state"))
        assert [states[one.pk] for one in (*made, back)] == ["withdrawn", "withdrawn", "refused"]


@pytest.mark.django_db
class TestPagesAndPrograms:
    def test_go_from_the_request_to_the_roster(self, north: Hall) -> None:
        with inside(north):
            day = shift(north)
            put(north, day, (NEXT, "曹办"), (NEXT + timedelta(days=1), "华窗"))
            turn = turn_of("曹办", NEXT)
        he, cao, hua, sun = (client_of(one, NORTH) for one in ("he", "cao", "hua", "sun"))
        month = text_of(cao.get(f"/desk/duty/?month={NEXT:%Y-%m}"))
        assert month.count("请人换班") == 1
        assert "请人换班" in text_of(cao.get("/desk/duty/mine/"))
        ask = f"/desk/duty/turns/{turn.pk}/ask/"
        assert "自己的班才能请人换" in text_of(hua.get(ask))
        assert 'href="#id_reason"' in text_of(cao.post(ask, {"to_id": str(person("hua").id), "reason": " "}), 422)
        made = cao.post(ask, {"to_id": str(person("hua").id), "reason": "出差"})
        at_request = made["Location"]
        assert "撤回申请" in text_of(cao.get(at_request))
        assert [one.get(at_request).status_code for one in (sun, he, hua)] == [404, 200, 200]
        assert sun.post(f"{at_request}agree/").status_code == 404
        assert client_of("zhou", "south.yizhan.localhost").get(at_request).status_code == 404
        assert "同意" in text_of(hua.get(at_request))
        assert "等排班的人确认" in text_of(hua.post(f"{at_request}agree/", follow=True))
        assert "请写明为什么不能换" in text_of(he.post(f"{at_request}decline/", {"said": ""}, follow=True))
        assert "已确认换班" in text_of(he.post(f"{at_request}confirm/", follow=True))
        assert "曹办 → 华窗" in text_of(cao.get(f"/desk/duty/?month={NEXT:%Y-%m}"))

        root = "/api/hall/v1/duty"

        def send(who: str, path: str, body: Any, status: int = 200) -> Any:
            program = program_of(who, "duty.read", "duty.swap", "duty.keep")
            program.defaults["HTTP_HOST"] = NORTH
            answer = program.post(f"{root}{path}", body, content_type="application/json")
            assert answer.status_code == status, answer.content
            return answer.json()

        with inside(north):
            mine = turn_of("华窗", NEXT + timedelta(days=1))
        wish = {"to_id": str(person("cao").id), "reason": "病了"}
        first = send("hua", f"/turns/{mine.pk}/swap-request", wish, 201)
        assert send("cao", f"/swap-requests/{first['id']}/refuse", {"said": "不行"})["state"] == "refused"
        second = send("hua", f"/turns/{mine.pk}/swap-request", wish, 201)["id"]
        assert send("hua", f"/swap-requests/{second}/withdraw", {})["state"] == "withdrawn"
        for verb, by, state in (("decline", "he", "declined"), ("confirm", "he", "done")):
            third = send("hua", f"/turns/{mine.pk}/swap-request", wish, 201)["id"]
            send("cao", f"/swap-requests/{third}/agree", {})
            body = {"said": "人不够"} if verb == "decline" else {}
            assert send(by, f"/swap-requests/{third}/{verb}", body)["state"] == state
        listed = cao.get(f"{root}/swap-requests").json()["items"]
        assert [one["state"] for one in listed] == ["done", "refused", "withdrawn", "declined", "done"]
        assert sun.get(f"{root}/swap-requests").json()["items"] == []
        assert sun.get(f"{root}/swap-requests/{third}").status_code == 404
        assert cao.get(f"{root}/swap-requests/{third}").json()["to_name"] == "曹办"


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_confirm_and_withdraw_or_are_killed_and_one_thing_is_done(self) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            day = shift(north)
            put(north, day, (NEXT, "曹办"))
            made = asked(north, NEXT)
            agree_to_swap(**given(north, "hua"), request_id=made.pk)
        killed(confirmed, made, dying_at=(swap_requests.__name__, "record_act"))
        with inside(north):
            assert (DutySwap.objects.count(), DutyTurn.objects.get().account_name) == (0, "曹办")

        def withdrawn() -> SwapRequest:
            with schemas.enter(north.schema_name):
                return withdraw_swap(**given(north, "cao"), request_id=made.pk)

        done = at_once(lambda: confirmed(made), withdrawn)
        assert sorted(type(one).__name__ for one in done) == ["Conflict", "SwapRequest"]
        with inside(north):
            state, name = SwapRequest.objects.get().state, DutyTurn.objects.get().account_name
        assert (state, name) in {("done", "华窗"), ("withdrawn", "曹办")}


def confirmed(made: SwapRequest) -> SwapRequest:
    north = Hall.objects.get(slug="north")
    with schemas.enter(north.schema_name):
        return confirm_swap(**given(north, "he"), request_id=made.pk)
