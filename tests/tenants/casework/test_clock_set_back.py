"""The server's clock is set back while cases are open: no number comes twice, nothing is told twice, and what cannot be
done at such a time is refused in words and done once the clock is right again."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from foundation.errors import DomainError
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.messaging.models import Notice
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.states import ClockKind
from tenants.casework.models import ArchiveSheet, Case, CaseSetup
from tenants.casework.operations import acceptance, closing, deciding, examining
from tests.conftest import person
from tests.factories.case_checks import check_case
from tests.factories.casework import accepted, apply_at_window, give_all, let_pass

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened", "no_papers")]

# act, by whom, with what: two lives
_TO_A_DECISION: tuple[tuple[Callable[..., object], str, dict[str, Any]], ...] = (
    (acceptance.ask_for_correction, "cao", {"asked": ["缺户口簿"], "workdays": 5}),
    (acceptance.bring_the_rest, "cao", {}),
    (acceptance.accept_case, "cao", {}),
    (examining.begin_special_procedure, "cao", {"kind": "experts", "basis": "第四十五条", "limit": "20wd"}),
    (examining.end_special_procedure, "cao", {"result": "通过"}),
    (examining.extend_case, "tao", {"workdays": 5, "reason": "案情复杂"}),
    (examining.suspend_case, "tao", {"reason": "等待另案"}),
    (examining.resume_case, "tao", {}),
    (deciding.decide_case, "tao", {"outcome": "refused", "reasons": "不符合规定的条件。"}),
    (deciding.correct_decision, "tao", {"outcome": "granted", "reasons": "", "corrects": "误判"}),
    (closing.serve_decision, "cao", {"way": "window", "proof": "本人签收"}),
    (closing.archive_case, "cao", {}),
)
_WITHDRAWN = (
    *_TO_A_DECISION[2:4],
    (examining.withdraw_case, "cao", {"reason": "书面撤回"}),
    (closing.archive_case, "cao", {}),
)


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """So many days from the true time."""
    true_now = timezone.now

    def turn(days: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: true_now() + timedelta(days=days))

    return turn


def tried(act: Callable[..., object], given: dict[str, Any]) -> str:
    """Why it was not done, "" where it was."""
    try:
        act(**given)
    except DomainError as refused:
        return refused.message
    return ""


def again(case: Case) -> Case:
    return Case.objects.select_related("setup").get(pk=case.pk)


class TestClockSetBack:
    def test_gives_no_number_twice(self, at_north: Hall, set_clock: Callable[[int], None]) -> None:
        setup = CaseSetup.objects.get()
        for days in (1, 0, 1, 0):
            set_clock(days)
            apply_at_window(at_north, setup)
        numbers = [one.number for one in Case.objects.order_by("pk")]
        assert len(set(numbers)) == 4
        assert Counter(one[-4:] for one in numbers) == {"0001": 2, "0002": 2}

    @pytest.mark.parametrize("first", [0, 1])
    @pytest.mark.parametrize("life", [_TO_A_DECISION, _WITHDRAWN], ids=["decided", "withdrawn"])
    def test_breaks_no_act_and_leaves_none_undone(
        self, at_north: Hall, set_clock: Callable[[int], None], life: Any, first: int
    ) -> None:
        """Every second act at a time before the one that went before it."""
        case = give_all(at_north, apply_at_window(at_north, CaseSetup.objects.get()))
        for number, (act, by, values) in enumerate(life):
            given = {"by": person(by), "hall": at_north, "case_id": case.pk} | values
            is_back = number % 2 == first
            if is_back:
                set_clock(-3)
                refusal = tried(act, given)
                assert not refusal or "\u4e00" <= refusal[0] <= "\u9fff", refusal
                check_case(at_north, again(case))
                set_clock(0)
            if not is_back or refusal:
                act(**given)
            check_case(at_north, again(case))
        assert not again(case).is_open
        assert ArchiveSheet.objects.filter(pk=case.pk).exists()

    def test_tells_nothing_twice(self, at_north: Hall, set_clock: Callable[[int], None]) -> None:
        case = accepted(at_north, CaseSetup.objects.get())
        let_pass(case, ClockKind.STATUTORY)
        for days in (0, -3, 0, 1, -1, 0):
            set_clock(days)
            sweep_clocks()
            drain_events()
        assert case.acts.filter(act="ran_out").count() <= 1
        told = Counter(Notice.objects.values_list("account_id", "kind", "path", "title"))
        assert told
        assert [one for one, number in told.items() if number > 1] == []
        assert not EventDelivery.objects.exclude(last_error="").exists()
