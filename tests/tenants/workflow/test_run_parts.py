"""Others in somebody's work: whoever helps, follows or takes over, one of them has it, and nobody waits for ever."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from foundation.events.models import DueTime
from foundation.events.operations import drain_events
from province.halls.models import Hall
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations.items import claim_item, finish_item
from tenants.workflow.operations.returns import withdraw_item
from tenants.workflow.operations.signers import add_signer, delegate_item, remove_signer
from tenants.workflow.states import OPEN_ITEMS, ItemPart, WorkState
from tests.conftest import person
from tests.factories.runs import DECISIONS, HANDLERS, begin_run, free_step, item_at, open_steps, people, row_of

pytestmark = pytest.mark.django_db


def of(hall: Hall, by: str, item: WorkItem) -> dict[str, Any]:
    return {"by": person(by), "hall": hall, "item_id": item.pk}


def parts(run: Run) -> list[tuple[str, str, str]]:
    """Who has what open."""
    rows = WorkItem.objects.filter(run=run, state__in=OPEN_ITEMS).order_by("pk")
    return list(rows.values_list("owner_name", "part", "state"))


class TestHandingUp:
    def test_gives_it_to_one_of_several_and_its_signers_with_it(self, at_north: Hall) -> None:
        limited = {"limit": {"amount": 1}, "at_limit": "hand_up", "fallback": people("he", "tao")}
        vote = free_step("vote", people("cao", "hua"), sharing="in_turn", outcomes=DECISIONS, **limited)
        run = begin_run(at_north, row_of(at_north, vote))
        # by name: 华窗, 曹办
        item = item_at(run, "vote", "hua")
        add_signer(**of(at_north, "hua", item), people=[person("li").id], place=ItemPart.AFTER)
        delegate_item(**of(at_north, "hua", item), to_id=person("sun").id)
        past = timezone.now() - timedelta(minutes=1)
        WorkItem.objects.filter(pk=item.pk).update(due_at=past)
        DueTime.objects.filter(subject_id=item.pk).update(due_at=past)
        drain_events()
        # the delegate goes with who has lent it, who signs after stays
        assert parts(run) == [("曹办", "main", "waiting"), ("李北", "after", "waiting"), ("", "main", "to_claim")]
        handed = WorkItem.objects.get(run=run, state=WorkState.TO_CLAIM)
        claim_item(**of(at_north, "he", handed))
        finish_item(**of(at_north, "he", handed), outcome="agreed")
        assert parts(run) == [("曹办", "main", "claimed"), ("李北", "after", "claimed")]


class TestAFreeStretch:
    def test_is_led_on_by_who_has_it_alone(self, at_north: Hall) -> None:
        run = begin_run(at_north, row_of(at_north, free_step("free", people("cao"), free=True)))
        item = item_at(run, "free")
        lent = delegate_item(**of(at_north, "cao", item), to_id=person("tao").id)
        with pytest.raises(Invalid, match="交回主办"):
            finish_item(**of(at_north, "tao", lent), next_people=[person("hua").id])
        finish_item(**of(at_north, "tao", lent))
        add_signer(**of(at_north, "cao", item), people=[person("li").id], place=ItemPart.AFTER)
        finish_item(**of(at_north, "cao", item), next_people=[person("hua").id])
        assert parts(run) == [("李北", "after", "claimed"), ("华窗", "main", "claimed")]
        # taken back before anybody has begun, it is one person's again
        withdraw_item(**of(at_north, "cao", item))
        assert parts(run) == [("曹办", "main", "claimed"), ("李北", "after", "waiting")]


class TestTakingBack:
    def test_lets_the_next_in_turn_wait_again_unless_they_have_begun(self, at_north: Hall) -> None:
        limit = {"limit": {"amount": 1}}
        turn = free_step("turn", people("cao", "hua", "tao"), sharing="in_turn", **limit)
        run = begin_run(at_north, row_of(at_north, turn))
        # by name: 华窗, 曹办, 陶批
        first, second, third = (item_at(run, "turn", one) for one in ("hua", "cao", "tao"))
        finish_item(**of(at_north, "hua", first))
        withdraw_item(**of(at_north, "hua", first))
        assert [state for _, _, state in parts(run)] == ["claimed", "waiting", "waiting"]
        assert list(DueTime.objects.filter(kind="workflow.item_due").values_list("subject_id", flat=True)) == [first.pk]
        finish_item(**of(at_north, "hua", first))
        finish_item(**of(at_north, "cao", second))
        with pytest.raises(Conflict, match="已经开始办理"):
            withdraw_item(**of(at_north, "hua", first))
        # lent out, it is still that person's turn
        delegate_item(**of(at_north, "tao", third), to_id=person("li").id)
        with pytest.raises(Conflict, match="已经开始办理"):
            withdraw_item(**of(at_north, "cao", second))


class TestRemovingASigner:
    def test_ends_what_the_signer_has_asked_of_others(self, at_north: Hall) -> None:
        run = begin_run(at_north, row_of(at_north, free_step("hand", HANDLERS)))
        item = item_at(run, "hand")
        (beside,) = add_signer(**of(at_north, "cao", item), people=[person("hua").id], place=ItemPart.BESIDE)
        add_signer(**of(at_north, "hua", beside), people=[person("tao").id], place=ItemPart.AFTER)
        lent = delegate_item(**of(at_north, "hua", beside), to_id=person("li").id)
        delegate_item(**of(at_north, "li", lent), to_id=person("sun").id)
        remove_signer(**of(at_north, "cao", beside))
        assert parts(run) == [("曹办", "main", "claimed")]
        finish_item(**of(at_north, "cao", item))
        assert open_steps(run) == []
