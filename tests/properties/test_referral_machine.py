"""All that two halls can do with cases that go between them (上报, 转送, 退回, 取回), in any order, the relay killed
between any two statements: each case is somebody's in the hall that has it, is taken up exactly once, both halls see
both clocks, no result is lost on the way, and the applicant reads no decision before the own hall has it."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, Final

import pytest
from django.db import transaction

from foundation import schemas
from foundation.errors import DomainError
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from province.cases.models import Referral, ReferralParcel, ReferralReceipt
from province.cases.states import CaseState, ReceiptState, ReferralKind, ReferralState
from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.states import ClockKind, ClockState
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations import acceptance, closing, deciding, examining, referrals, referrals_in, work
from tenants.casework.queries.held import decisions_of_case
from tenants.casework.queries.referrals import referrals_of_case
from tenants.documents import tasks
from tests.conftest import person
from tests.factories.case_checks import SECRET, check_case
from tests.factories.casework import apply_at_window, give_all, let_pass
from tests.factories.kills import Killed, killed_at
from tests.factories.referrals import make_ladder
from tests.factories.sites import inside
from tests.soak import SOAK

_MOST_CASES: Final = 2
# always the same, which come to all of the acts between them
_SHORT: Final = (3, 10, 14)
# what ends a case, or what few cases come to, comes seldom
_NEXT_BELOW: Final = {
    CaseState.RECEIVED: ("accept", "accept", "accept", "send on"),
    CaseState.ACCEPTED: ("hand up", "hand up", "hand up", "hand up", "special", "send on", "terminate"),
    CaseState.PAUSED: ("special end",),
    CaseState.HANDED_UP: ("take back", "withdraw", "hand up", "decide", "take"),
    CaseState.DECIDED: ("serve", "correct"),
    CaseState.TRANSFERRED: ("send on",),
    CaseState.FINISHED: ("correct",),
}
_NEXT_ABOVE: Final = {
    CaseState.RECEIVED: ("accept", "accept", "accept", "send back", "decline", "take"),
    CaseState.ACCEPTED: ("decide", "decide", "decide", "special", "extend", "terminate", "send back"),
    CaseState.PAUSED: ("special end",),
    CaseState.DECIDED: ("serve", "correct", "correct"),
    CaseState.FINISHED: ("correct",),
}


class ReferralMachine:
    """Some cases of the north, above which the south stands, drawn by a seed."""

    def __init__(self, north: Hall, south: Hall) -> None:
        self.halls = {False: north, True: south}
        self.north, self.south = north, south
        self.actors = {one: person(one) for one in ("cao", "tao", "nan")}
        # what was tried, for who reads a failure
        self.done: list[str] = []
        self.reached: set[str] = set()

    def play(self, random: Random, *, acts: int) -> None:
        self._apply()
        if random.random() < 0.8:
            # what most of it is about
            for name in ("accept", "hand up"):
                self._do(random, self._cases(is_above=False)[0], name, is_above=False)
        for rule in random.choices((self.act, self.relay, self.wait), weights=(8, 4, 1), k=acts):
            rule(random)
            self.all_is_as_it_must(is_settled=False)
        drain_events()
        self.all_is_as_it_must(is_settled=True)

    def act(self, random: Random) -> None:
        """What comes next for a case in one of the halls, now and then at the wrong time."""
        is_above = random.random() < 0.5
        cases = self._cases(is_above=is_above)
        if not cases or (not is_above and len(cases) < _MOST_CASES and random.random() < 0.1):
            if len(self._cases(is_above=False)) < _MOST_CASES:
                self._apply()
            return
        case = random.choice(cases)
        following = _NEXT_ABOVE if is_above else _NEXT_BELOW
        anything = [one for names in following.values() for one in names]
        name = random.choice(anything if random.random() < 0.15 else following.get(CaseState(case.state), anything))
        self._do(random, case, name, is_above=is_above)

    def _do(self, random: Random, case: Case, name: str, *, is_above: bool) -> None:
        given = self._given(random, name, is_above=is_above)
        self.done.append(f"{'south' if is_above else 'north'} {name}")
        hall = self.halls[is_above]
        kill_at = random.randint(1, 40) if random.random() < 0.2 else 0
        try:
            with schemas.enter(hall.schema_name), killed_at(kill_at), transaction.atomic():
                if name == "accept":
                    give_all(hall, case, by="nan" if is_above else "cao")
                _DOES[name](hall=hall, case_id=case.pk, **given)
        except (DomainError, Killed):
            return
        self.reached.add(name)

    def relay(self, random: Random) -> None:
        """Events are delivered; who does it may be killed on the way, and comes again."""
        self.done.append("relay")
        try:
            with killed_at(random.randint(1, 80) if random.random() < 0.3 else 0):
                drain_events()
        except Killed:
            return
        assert not EventDelivery.objects.exclude(last_error="").values_list("last_error", flat=True)

    def wait(self, random: Random) -> None:
        """The last day of some clock in one of the halls passes."""
        running = Clock.objects.filter(owner_kind="case", state=ClockState.RUNNING).order_by("pk")
        if clock := random.choice(list(running) or [None]):
            self.done.append(f"{clock.kind} passes")
            let_pass(Case(pk=clock.owner_id), ClockKind(clock.kind))
            sweep_clocks()
        self.relay(random)

    def _apply(self) -> None:
        self.done.append("apply")
        with inside(self.north):
            apply_at_window(self.north, CaseSetup.objects.get())

    def _cases(self, *, is_above: bool) -> list[Case]:
        with schemas.enter(self.halls[is_above].schema_name):
            return list(Case.objects.select_related("setup", "filled__version").order_by("pk"))

    def _given(self, random: Random, name: str, *, is_above: bool) -> dict[str, Any]:
        outcome, reasons = random.choice(("granted", "refused")), f"{SECRET}的理由"
        other = self.halls[not is_above]
        given: dict[str, dict[str, Any]] = {
            "hand up": {"to_hall_id": other.pk, "opinion": f"{SECRET}的初审意见"},
            "send on": {"to_hall_id": other.pk, "reason": "职权调整"},
            "send back": {"reason": "材料不清"},
            "decline": {"said": "不属于本厅职权"},
            "special": {"kind": "experts", "basis": "某法第九条", "limit": "30d"},
            "special end": {"result": SECRET},
            "extend": {"workdays": 5, "reason": "案情复杂"},
            "withdraw": {"reason": "书面撤回"},
            "terminate": {"reason": "场所已经拆除"},
            "decide": {"outcome": outcome, "reasons": reasons},
            "correct": {"outcome": outcome, "reasons": reasons, "corrects": SECRET},
            "serve": {"way": "window", "proof": "本人签收"},
        }
        leads = name in {"special", "extend", "terminate", "decide", "correct"}
        by = "nan" if is_above else "tao" if leads else "cao"
        return {"by": self.actors[by], **given.get(name, {})}

    # what holds after each of them

    def all_is_as_it_must(self, *, is_settled: bool) -> None:
        below, above = (self._cases(is_above=one) for one in (False, True))
        for hall, cases in ((self.north, below), (self.south, above)):
            with schemas.enter(hall.schema_name):
                for case in cases:
                    check_case(hall, case)
        sent = list(Referral.objects.order_by("pk"))
        receipts = {one.referral_id: one for one in ReferralReceipt.objects.all()}
        # each is taken up once, and each case above is that of one receipt
        taken = [one.case_id for one in receipts.values() if one.case_id]
        assert sorted(taken) == sorted(one.pk for one in above)
        on_the_way = [one for one in sent if one.state == ReferralState.SENT]
        under_way = {one.case_id for one in on_the_way if one.kind == ReferralKind.HANDED_UP}
        assert {one.pk for one in below if one.state == CaseState.HANDED_UP} == under_way
        # what is on its way is there, and nothing else is
        assert set(ReferralParcel.objects.values_list("referral_id", flat=True)) == {one.pk for one in on_the_way}
        for case in below:
            self._check_way(case, [one for one in sent if one.case_id == case.pk], receipts, is_settled=is_settled)

    def _check_way(
        self, case: Case, sent: list[Referral], receipts: dict[Any, ReferralReceipt], *, is_settled: bool
    ) -> None:
        assert len([one for one in sent if one.state == ReferralState.SENT]) <= 1
        with schemas.enter(self.north.schema_name):
            steps, decisions = referrals_of_case(self.north, case).went, decisions_of_case(case)
        assert [one.referral.pk for one in steps] == [one.pk for one in sent]
        for step in steps:
            # both see the other's clocks
            there = Clock.objects.filter(owner_id=step.receipt.case_id if step.receipt else None)
            assert {one.clock.pk for one in step.clocks} <= {one.pk for one in there}
            assert {one.pk for one in there.filter(ended_on=None)} <= {one.clock.pk for one in step.clocks}
        answers = [receipts[one.pk] for one in sent if one.pk in receipts and one.kind == ReferralKind.HANDED_UP]
        done = [one for one in answers if one.state == ReceiptState.DONE]
        # nothing is decided here that was not decided there
        assert len(decisions) == 0 or done
        if not is_settled:
            return
        assert not [one for one in sent if one.state == ReferralState.SENT and one.pk not in receipts]
        # nobody waits above for what has come back
        is_back = bool(answers) and answers[-1].state in {ReceiptState.DONE, ReceiptState.RETURNED}
        assert not is_back or case.state != CaseState.HANDED_UP
        open_case = case.state in {CaseState.HANDED_UP, CaseState.ACCEPTED, CaseState.DECIDED}
        if done and open_case:
            # no result is lost
            assert (case.state, case.outcome) == (CaseState.DECIDED, done[-1].outcome)
            assert decisions[-1].reasons == done[-1].said.plain


_DOES: Final[dict[str, Callable[..., object]]] = {
    "take": work.take_case,
    "accept": acceptance.accept_case,
    "hand up": referrals.hand_up_case,
    "take back": referrals.take_back_case,
    "send on": referrals.send_on_case,
    "send back": referrals_in.send_back_case,
    "decline": acceptance.decline_case,
    "special": examining.begin_special_procedure,
    "special end": examining.end_special_procedure,
    "extend": examining.extend_case,
    "withdraw": examining.withdraw_case,
    "terminate": examining.terminate_case,
    "decide": deciding.decide_case,
    "correct": deciding.correct_decision,
    "serve": closing.serve_decision,
}


@contextmanager
def _taken_back() -> Iterator[None]:
    """Nothing of it remains."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class TestReferralMachine:
    @pytest.mark.soak
    @pytest.mark.django_db
    def test_loses_no_case_and_no_result_between_two_halls(
        self, north: Hall, south: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # half a second for each paper, and none is looked at here
        monkeypatch.setattr(tasks, "make_files", lambda **_: None)
        make_ladder(north, south)
        reached: set[str] = set()
        first = secrets.randbelow(2**32)
        for seed in range(first, first + 300) if SOAK else _SHORT:
            machine = ReferralMachine(north, south)
            with _taken_back():
                try:
                    machine.play(Random(seed), acts=40 if SOAK else 16)  # noqa: S311 - no secret
                except Exception as fault:
                    fault.add_note(f"seed {seed}: {machine.done}")
                    raise
            reached |= machine.reached
        assert {"hand up", "take back", "send back", "send on", "decide", "correct"} <= reached
