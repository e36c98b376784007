"""Runs of flows: whose turn it is, what each act does to it, and who is refused."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from foundation.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from foundation.events.models import DueTime
from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.messaging.models import Notice
from province.people.models import Account, OpenWork, Position, Unit
from province.people.operations.hand_over import hand_over
from province.rights.roles import Role
from tenants.workflow.models import FilledForm, Run, WorkItem
from tenants.workflow.operations.clock import deliver_message, release_item
from tenants.workflow.operations.items import claim_item, finish_item, put_back_item
from tenants.workflow.operations.moving import foresee_moves, move_runs
from tenants.workflow.operations.returns import jump_run, return_item, withdraw_item
from tenants.workflow.operations.runs import cancel_run, resume_run, start_run, suspend_run, terminate_run
from tenants.workflow.operations.signers import (
    add_signer,
    copy_run,
    delegate_item,
    remove_signer,
    transfer_item,
    urge_item,
)
from tenants.workflow.queries.run_access import run_of
from tenants.workflow.states import OPEN_ITEMS, ItemPart, RunStatus, WorkState
from tests.conftest import person
from tests.factories.forms import LEAVE_POST, make_published_form
from tests.factories.halls import make_person
from tests.factories.runs import (
    DECISIONS,
    HANDLERS,
    LEADERS,
    begin_run,
    do,
    forked_flow,
    free_step,
    item_at,
    make_flow,
    open_steps,
    people,
    row_of,
)
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


def again[R: (Run, WorkItem)](row: R) -> R:
    return type(row).objects.get(pk=row.pk)


def given(hall: Hall, by: str, item: WorkItem) -> dict[str, Any]:
    return {"by": person(by), "hall": hall, "item_id": item.pk}


def check_owned(run: Run) -> None:
    """Never without an owner: each token that is out has an open item, and each of these somebody or something."""
    run = again(run)
    held = [token[0] for token in run.state["t"] if len(token) == 2]
    items = list(WorkItem.objects.filter(run=run, state__in=OPEN_ITEMS))
    assert (not held) == (run.ended_at is not None)
    assert {one.token for one in items} == set(held)
    for one in items:
        claimable = one.candidates.filter(is_open=True).exists()
        assert one.owner_id or (one.state == WorkState.TO_CLAIM and claimable) or one.part == ItemPart.WAIT, one
        assert OpenWork.objects.filter(object_id=one.pk).exists() == (one.owner_id is not None)
    assert OpenWork.objects.filter(kind="work_item").count() == sum(one.owner_id is not None for one in items)


class TestARun:
    def test_goes_through_branches_to_its_end(self, at_north: Hall) -> None:
        run = begin_run(at_north, forked_flow(at_north))
        for step, by, then in (
            ("hand", "cao", ["left", "right"]),
            ("right", "tao", ["left"]),
            ("left", "hua", ["last"]),
            ("last", "cao", []),
        ):
            check_owned(run)
            do(at_north, run, step, by)
            assert open_steps(run) == then
        check_owned(run)
        assert (again(run).status, len(str(run.number))) == (RunStatus.FINISHED, 8)
        assert [one.act for one in run.acts.order_by("pk")] == ["start", *(["finish"] * 4), "end"]
        assert Notice.objects.filter(kind="workflow.ended", account_id=person("sun").id).count() == 1
        assert Notice.objects.filter(kind="workflow.assigned", account_id=person("tao").id).count() == 1

    def test_is_started_once_by_one_form_and_not_by_strangers(self, at_north: Hall) -> None:
        flow, key = forked_flow(at_north), uuid4()
        first = begin_run(at_north, flow, form_key=key)
        assert begin_run(at_north, flow, form_key=key).pk == first.pk
        with pytest.raises(NotAllowed):
            begin_run(at_north, flow, by="zhou")
        with pytest.raises(NotFound):
            start_run(by=person("sun"), hall=at_north, flow_id=uuid4())
        with pytest.raises(NotFound):
            run_of(person("li"), at_north, first.pk)
        for seer in ("sun", "cao", "he"):
            assert run_of(person(seer), at_north, first.pk) == first

    def test_keeps_what_the_form_said_and_refuses_what_is_wrong(self, at_north: Hall) -> None:
        form = make_published_form(at_north)
        flow = row_of(
            at_north,
            free_step("hand", HANDLERS, fields={"kind": "write"}),
            free_step("lead", LEADERS),
            form=form,
        )
        with pytest.raises(Invalid) as refused:
            begin_run(at_north, flow, posted={"name": "孙北"})
        assert {one.where for one in refused.value.faults} >= {"number", "kind", "days"}
        run = begin_run(at_north, flow, posted=LEAVE_POST)
        do(at_north, run, "hand", "cao", posted={"kind": "ill", "name": "别人"})
        filled = FilledForm.objects.get(run=run)
        values = filled.values.opened(at_north.pk)
        # what was not writable was not looked at
        assert (values["kind"], values["name"], filled.state) == ("ill", "孙北", "kept")
        assert [one.changed for one in filled.moments.order_by("number")][1] == ["kind"]
        do(at_north, run, "lead", "tao")
        assert FilledForm.objects.get(run=run).state == "sent"

    def test_goes_where_conditions_and_outcomes_send_it(self, at_north: Hall) -> None:
        form = make_published_form(at_north)
        flow = make_flow(
            at_north,
            {"type": "exclusive", "name": "which"},
            free_step("hand", HANDLERS, outcomes=DECISIONS),
            free_step("lead", LEADERS),
            {"type": "exclusive", "name": "then"},
            edges=[
                ("start", "which"),
                ("which", "lead", "kind == 'ill'"),
                ("which", "hand", "default"),
                ("hand", "then"),
                ("then", "lead", "hand.outcome == 'refused'"),
                ("then", "finish", "default"),
                ("lead", "finish"),
            ],
            form=form,
        )
        ill = begin_run(at_north, flow, posted=LEAVE_POST | {"kind": "ill"})
        assert open_steps(ill) == ["lead"]
        year = begin_run(at_north, flow, posted=LEAVE_POST)
        with pytest.raises(Invalid):
            do(at_north, year, "hand", "cao", outcome="perhaps")
        # a gateway asks for it, so the refusal ends nothing
        do(at_north, year, "hand", "cao", outcome="refused")
        assert open_steps(year) == ["lead"]

    @pytest.mark.parametrize(
        ("on_refusal", "status", "steps"),
        [
            ("end", RunStatus.REFUSED, []),
            ("go_on", RunStatus.RUNNING, ["last"]),
            ("return_previous", RunStatus.RUNNING, ["hand"]),
            ("return_start", RunStatus.RUNNING, ["start"]),
        ],
    )
    def test_does_with_a_refusal_what_its_step_says(
        self, at_north: Hall, on_refusal: str, status: RunStatus, steps: list[str]
    ) -> None:
        lead = free_step("lead", LEADERS, outcomes=DECISIONS, on_refusal=on_refusal, asks_opinion="on_refusal")
        run = begin_run(at_north, row_of(at_north, free_step("hand", HANDLERS), lead, free_step("last", HANDLERS)))
        do(at_north, run, "hand", "cao")
        with pytest.raises(Invalid, match="意见"):
            do(at_north, run, "lead", "tao", outcome="refused")
        do(at_north, run, "lead", "tao", outcome="refused", opinion="材料不全")
        assert (again(run).status, open_steps(run)) == (status, steps)
        check_owned(run)
        if steps == ["start"]:
            assert item_at(run, "start").owner_id == person("sun").id
            do(at_north, run, "start", "sun")
            assert open_steps(run) == ["hand"]


class TestSharing:
    @pytest.mark.parametrize(
        ("sharing", "votes", "status"),
        [
            ({"sharing": "all"}, ["agreed", "refused", "agreed"], RunStatus.REFUSED),
            ({"sharing": "all"}, ["agreed", "agreed", "agreed"], RunStatus.FINISHED),
            ({"sharing": "share", "share": 60}, ["agreed", "refused", "agreed"], RunStatus.FINISHED),
            ({"sharing": "share", "share": 60}, ["agreed", "agreed"], RunStatus.FINISHED),
            ({"sharing": "share", "share": 60}, ["refused", "refused"], RunStatus.REFUSED),
            ({"sharing": "veto"}, ["agreed", "refused"], RunStatus.REFUSED),
            ({"sharing": "in_turn"}, ["agreed", "agreed", "agreed"], RunStatus.FINISHED),
            ({"sharing": "in_turn"}, ["refused"], RunStatus.REFUSED),
        ],
    )
    def test_decides_as_soon_as_it_can_and_never_twice(
        self, at_north: Hall, sharing: dict[str, Any], votes: list[str], status: RunStatus
    ) -> None:
        step = free_step("vote", people("cao", "hua", "tao"), outcomes=DECISIONS, **sharing)
        run = begin_run(at_north, row_of(at_north, step))
        for vote in votes:
            assert again(run).status == RunStatus.RUNNING
            item = WorkItem.objects.filter(run=run, state=WorkState.CLAIMED).order_by("place").first()
            assert item
            by = next(one for one in ("cao", "hua", "tao") if person(one).id == item.owner_id)
            if sharing["sharing"] == "in_turn":
                assert WorkItem.objects.filter(run=run, state=WorkState.CLAIMED).count() == 1
            finish_item(**given(at_north, by, item), outcome=vote)
            check_owned(run)
        assert again(run).status == status
        assert WorkItem.objects.filter(run=run, state=WorkState.DONE).count() == len(votes)
        assert run.acts.filter(act="end").count() == 1

    def test_any_is_claimed_by_one_and_put_back(self, at_north: Hall) -> None:
        run = begin_run(at_north, row_of(at_north, free_step("any", people("cao", "hua"))))
        item = item_at(run, "any")
        assert item.state == WorkState.TO_CLAIM
        with pytest.raises(Conflict, match="认领"):
            finish_item(**given(at_north, "cao", item))
        claim_item(**given(at_north, "cao", item))
        assert claim_item(**given(at_north, "cao", item)).state == WorkState.CLAIMED
        with pytest.raises(Conflict, match=r"曹办在 .* 已经认领"):
            claim_item(**given(at_north, "hua", item))
        with pytest.raises(NotFound):
            claim_item(**given(at_north, "tao", item))
        put_back_item(**given(at_north, "cao", item))
        check_owned(run)
        do(at_north, run, "any", "hua")
        assert again(run).status == RunStatus.FINISHED

    def test_free_stretch_goes_on_to_whom_each_one_chooses(self, at_north: Hall) -> None:
        run = begin_run(at_north, row_of(at_north, free_step("free", people("cao"), free=True)))
        do(at_north, run, "free", "cao", next_people=[person("hua").id])
        assert item_at(run, "free").owner_id == person("hua").id
        with pytest.raises(Invalid):
            do(at_north, run, "free", "hua", next_people=[person("zhou").id])
        do(at_north, run, "free", "hua", next_people=[person("tao").id])
        do(at_north, run, "free", "tao")
        assert again(run).status == RunStatus.FINISHED


class TestWho:
    def test_finds_the_people_of_every_rule_and_somebody_in_any_case(self, at_north: Hall) -> None:
        office = Unit.objects.create(hall_id=at_north.pk, name="办公室")
        below = Unit.objects.create(hall_id=at_north.pk, name="文秘股", parent=office, ancestors=[office.pk])
        head = make_person("head", "主任", Role.APPROVING_LEADER, at_north)
        Position.objects.filter(account=head).update(unit=office, title="主任")
        Position.objects.filter(account=person("cao").id).update(unit=below)
        rules: list[tuple[dict[str, Any], set[str]]] = [
            (HANDLERS, {"cao"}),
            (LEADERS | {"in_unit": True}, {"cao"}),
            ({"kind": "unit", "unit_id": str(below.pk)}, {"cao"}),
            ({"kind": "unit", "unit_id": str(office.pk), "leaders": True}, {"head"}),
            ({"kind": "title", "title": "主任"}, {"head"}),
            ({"kind": "initiator"}, {"cao"}),
            ({"kind": "initiators_leader"}, {"head"}),
            (people("tao", "hua"), {"tao", "hua"}),
            # nobody: to who started it, as the flow's owner
            ({"kind": "title", "title": "没有的职务"}, {"cao"}),
            ({"kind": "on_duty"}, {"cao"}),
            ({"kind": "doer", "step": "nothing"}, {"cao"}),
        ]
        for number, (rule, expected) in enumerate(rules):
            flow = row_of(at_north, free_step("post", rule, sharing="all"), code=f"who_{number}")
            run = begin_run(at_north, flow, by="cao")
            owners = set(WorkItem.objects.filter(run=run).values_list("owner_id", flat=True))
            assert owners == {person(one).id for one in expected}, rule
            check_owned(run)
            Run.objects.filter(pk=run.pk).delete()
            OpenWork.objects.all().delete()

    def test_goes_to_who_was_chosen_before_and_back_to_who_did_it(self, at_north: Hall) -> None:
        flow = row_of(
            at_north,
            free_step("hand", HANDLERS),
            free_step("chosen", {"kind": "chosen", "at": "hand"}),
            free_step("again", {"kind": "doer", "step": "hand"}),
        )
        run = begin_run(at_north, flow)
        with pytest.raises(Invalid, match="请选择"):
            do(at_north, run, "hand", "cao")
        do(at_north, run, "hand", "cao", chosen={"chosen": [person("tao").id]})
        do(at_north, run, "chosen", "tao")
        assert item_at(run, "again").owner_id == person("cao").id

    def test_falls_to_who_manages_runs_where_all_others_have_left(self, at_north: Hall) -> None:
        flow = row_of(at_north, free_step("hand", HANDLERS), free_step("lead", LEADERS))
        run = begin_run(at_north, flow)
        Position.objects.filter(account__in=[person("tao").id, person("sun").id]).delete()
        do(at_north, run, "hand", "cao")
        assert item_at(run, "lead").owner_id == person("he").id


class TestGoingBack:
    def test_return_gives_the_step_back_to_who_did_it(self, at_north: Hall) -> None:
        run = begin_run(at_north, forked_flow(at_north))
        do(at_north, run, "hand", "cao")
        do(at_north, run, "left", "hua")
        do(at_north, run, "right", "tao")
        item = item_at(run, "last")
        with pytest.raises(Invalid, match="原因"):
            return_item(**given(at_north, "cao", item), opinion=" ")
        with pytest.raises(Invalid, match="只能退回到"):
            return_item(**given(at_north, "cao", item), opinion="重来", to_step="nowhere")
        return_item(**given(at_north, "cao", item), opinion="左边重来", to_step="left")
        check_owned(run)
        assert (open_steps(run), item_at(run, "left").owner_id) == (["left"], person("hua").id)
        # the other branch stays done
        do(at_north, run, "left", "hua")
        assert open_steps(run) == ["last"]
        return_item(**given(at_north, "cao", item_at(run, "last")), opinion="从头来", to_step="hand")
        assert open_steps(run) == ["hand"]
        assert WorkItem.objects.filter(run=run, state=WorkState.RETURNED).count() == 2

    def test_withdraw_only_while_nobody_has_begun(self, at_north: Hall) -> None:
        run = begin_run(at_north, forked_flow(at_north))
        mine = do(at_north, run, "hand", "cao")
        withdraw_item(**given(at_north, "cao", mine))
        check_owned(run)
        assert open_steps(run) == ["hand"]
        mine = do(at_north, run, "hand", "cao")
        do(at_north, run, "left", "hua")
        with pytest.raises(Conflict, match="已经"):
            withdraw_item(**given(at_north, "cao", mine))
        with pytest.raises(NotFound):
            withdraw_item(**given(at_north, "tao", mine))

    def test_jump_is_the_administrators_and_lawful(self, at_north: Hall) -> None:
        run = begin_run(at_north, forked_flow(at_north))
        do(at_north, run, "hand", "cao")
        jump: dict[str, Any] = {"hall": at_north, "run_id": run.pk, "opinion": "负责人请假"}
        with pytest.raises(NotAllowed):
            jump_run(by=person("cao"), step="last", **jump)
        with pytest.raises(Conflict, match="不会再来"):
            jump_run(by=person("he"), step="left", **jump)
        jump_run(by=person("he"), step="last", **jump)
        check_owned(run)
        assert open_steps(run) == ["last"]


class TestOthersComeIn:
    def test_transfer_and_delegation(self, at_north: Hall) -> None:
        run = begin_run(at_north, row_of(at_north, free_step("hand", HANDLERS)))
        item = item_at(run, "hand")
        transfer_item(**given(at_north, "cao", item), to_id=person("hua").id)
        with pytest.raises(Conflict, match="转办"):
            finish_item(**given(at_north, "cao", item))
        lent = delegate_item(**given(at_north, "hua", item), to_id=person("tao").id)
        check_owned(run)
        with pytest.raises(Conflict, match="等其他人"):
            finish_item(**given(at_north, "hua", item))
        finish_item(**given(at_north, "tao", lent), opinion="可以")
        assert again(item).state == WorkState.CLAIMED
        finish_item(**given(at_north, "hua", item))
        assert again(run).status == RunStatus.FINISHED

    def test_signers_before_beside_and_after(self, at_north: Hall) -> None:
        run = begin_run(at_north, row_of(at_north, free_step("hand", HANDLERS, outcomes=DECISIONS)))
        item = item_at(run, "hand")
        (first,) = add_signer(**given(at_north, "cao", item), people=[person("hua").id], place=ItemPart.BEFORE)
        with pytest.raises(Conflict):
            finish_item(**given(at_north, "cao", item), outcome="agreed")
        finish_item(**given(at_north, "hua", first), opinion="没意见")
        (beside,) = add_signer(**given(at_north, "cao", item), people=[person("tao").id], place=ItemPart.BESIDE)
        (after,) = add_signer(**given(at_north, "cao", item), people=[person("hua").id], place=ItemPart.AFTER)
        check_owned(run)
        finish_item(**given(at_north, "cao", item), outcome="agreed")
        assert (again(run).status, again(after).state) == (RunStatus.RUNNING, WorkState.CLAIMED)
        finish_item(**given(at_north, "tao", beside), outcome="agreed")
        with pytest.raises(Conflict):
            remove_signer(**given(at_north, "cao", beside))
        remove_signer(**given(at_north, "cao", after))
        assert again(run).status == RunStatus.FINISHED

    def test_copies_and_urges(self, at_north: Hall) -> None:
        run = begin_run(at_north, row_of(at_north, free_step("hand", HANDLERS)))
        item = item_at(run, "hand")
        copied: dict[str, Any] = {"hall": at_north, "run_id": run.pk, "people": [person("li").id]}
        assert copy_run(by=person("cao"), item_id=item.pk, **copied) == 1
        assert copy_run(by=person("cao"), item_id=item.pk, **copied) == 0
        assert run_of(person("li"), at_north, run.pk) == run
        with pytest.raises(Conflict):
            urge_item(**given(at_north, "li", item))
        urge_item(**given(at_north, "sun", item))
        with pytest.raises(Conflict, match="一小时"):
            urge_item(**given(at_north, "sun", item))
        assert Notice.objects.filter(kind="workflow.urged", account_id=person("cao").id).count() == 1


class TestTheWhole:
    def test_is_held_up_taken_back_and_ended(self, at_north: Hall) -> None:
        flow = row_of(at_north, free_step("hand", HANDLERS, limit={"amount": 2}))
        run = begin_run(at_north, flow)
        whole: dict[str, Any] = {"hall": at_north, "run_id": run.pk}
        with pytest.raises(NotAllowed):
            suspend_run(by=person("cao"), opinion="等", **whole)
        suspend_run(by=person("he"), opinion="等文件", **whole)
        with pytest.raises(Conflict, match="已挂起"):
            finish_item(**given(at_north, "cao", item_at(run, "hand")))
        resume_run(by=person("he"), **whole)
        assert DueTime.objects.filter(kind="workflow.item_due").count() == 1
        with pytest.raises(Conflict):
            cancel_run(by=person("li"), opinion="不办了", **whole)
        cancel_run(by=person("sun"), opinion="不办了", **whole)
        check_owned(run)
        assert again(run).status == RunStatus.WITHDRAWN
        assert not DueTime.objects.filter(kind="workflow.item_due").exists()

        other = begin_run(at_north, flow)
        terminate_run(
            by=person("cao"), hall=at_north, run_id=other.pk, opinion="重复", item_id=item_at(other, "hand").pk
        )
        assert again(other).status == RunStatus.TERMINATED
        with pytest.raises(Conflict):
            terminate_run(by=person("he"), hall=at_north, run_id=other.pk, opinion="重复")

    def test_of_another_hall_is_not_there(self, at_north: Hall, south: Hall) -> None:
        run = begin_run(at_north, forked_flow(at_north))
        item = item_at(run, "hand")
        with inside(south), pytest.raises(NotFound):
            claim_item(by=person("zhou"), hall=south, item_id=item.pk)
        with inside(south), pytest.raises(NotFound):
            run_of(person("zhou"), south, run.pk)

    def test_goes_over_to_a_successor(self, at_north: Hall) -> None:
        run = begin_run(at_north, forked_flow(at_north))
        new = make_person("new", "新来", Role.WINDOW_CLERK, at_north)
        hand_over(by=person("he"), account=Account.objects.get(username="cao"), successor=new)
        drain_events()
        drain_events()
        assert item_at(run, "hand").owner_id == new.pk
        check_owned(run)


class TestMoving:
    def test_says_first_what_it_would_do_and_then_does_it(self, at_north: Hall) -> None:
        first = row_of(at_north, free_step("hand", HANDLERS), free_step("lead", LEADERS))
        old = first.newest
        run, other, ended = (begin_run(at_north, first) for _ in range(3))
        do(at_north, other, "hand", "cao")
        cancel_run(by=person("sun"), hall=at_north, run_id=ended.pk, opinion="不办了")
        newer = row_of(at_north, free_step("hand", HANDLERS, label="初审"), free_step("boss", LEADERS)).newest
        assert old is not None
        assert newer is not None
        moves: dict[str, Any] = {
            "by": person("he"),
            "hall": at_north,
            "run_ids": [run.pk, other.pk, ended.pk],
            "version_id": newer.pk,
        }
        with pytest.raises(NotAllowed):
            foresee_moves(**moves | {"by": person("cao")}, places={})
        foreseen = foresee_moves(**moves, places={})
        assert [one.steps for one in foreseen] == [("初审",), (), ()]
        assert [one.reason == "" for one in foreseen] == [True, False, False]
        assert again(run).version_id == old.pk
        mapped = foresee_moves(**moves, places={"lead": "boss"})
        assert ([one.steps for one in mapped][1], mapped[1].forgets) == (("环节 boss",), True)
        outcomes = move_runs(**moves, places={"lead": "boss"})
        assert [one.is_done for one in outcomes] == [True, True, False]
        do(at_north, other, "boss", "tao")
        assert again(other).status == RunStatus.FINISHED
        check_owned(run)
        assert item_at(run, "hand").label == "初审"
        # once more is refused: it is there already
        assert not any(one.is_done for one in move_runs(**moves, places={}))


class TestTheClock:
    def past(self, item: WorkItem) -> None:
        past = timezone.now() - timedelta(minutes=1)
        WorkItem.objects.filter(pk=item.pk).update(due_at=past)
        DueTime.objects.filter(subject_id=item.pk).update(due_at=past)

    @pytest.mark.parametrize(
        ("at_limit", "steps"),
        [("remind", ["lead"]), ("hand_up", ["lead"]), ("pass", []), ("return", ["hand"])],
    )
    def test_does_what_the_step_says_when_its_time_is_over(
        self, at_north: Hall, at_limit: str, steps: list[str]
    ) -> None:
        lead = free_step(
            "lead", LEADERS, limit={"amount": 1}, at_limit=at_limit, fallback=people("he"), remind_before={"amount": 1}
        )
        run = begin_run(at_north, row_of(at_north, free_step("hand", HANDLERS), lead))
        do(at_north, run, "hand", "cao")
        item = item_at(run, "lead")
        self.past(item)
        drain_events()
        drain_events()
        assert open_steps(run) == steps
        check_owned(run)
        assert again(item).was_late
        if at_limit == "hand_up":
            assert item_at(run, "lead").owner_id == person("he").id
        if at_limit == "pass":
            assert again(run).status == RunStatus.FINISHED
        assert Notice.objects.filter(kind="workflow.late", account_id=person("tao").id).exists()

    def test_timers_and_messages_let_a_run_go_on(self, at_north: Hall) -> None:
        flow = row_of(
            at_north,
            {"type": "timer", "name": "pause", "wait": {"amount": 1, "unit": "hours"}},
            {"type": "message", "name": "paid", "message": "payment"},
            {"type": "timer", "name": "rest", "wait": {"amount": 1, "unit": "working_hours"}},
            free_step("hand", HANDLERS),
        )
        run = begin_run(at_north, flow)
        check_owned(run)
        self.past(item_at(run, "pause"))
        drain_events()
        assert open_steps(run) == ["paid"]
        message: dict[str, Any] = {"by": person("he"), "hall": at_north, "run_id": run.pk}
        with pytest.raises(Conflict, match="没有在等"):
            deliver_message(message="other", **message)
        deliver_message(message="payment", **message)
        with pytest.raises(Conflict):
            deliver_message(message="payment", **message)
        # the hand-operated way out
        release_item(by=person("he"), hall=at_north, item_id=item_at(run, "rest").pk)
        assert open_steps(run) == ["hand"]
        assert not DueTime.objects.filter(kind="workflow.timer_ends").exists()

    def test_a_called_run_is_waited_for(self, at_north: Hall) -> None:
        row_of(at_north, free_step("inner", LEADERS), code="inner")
        flow = row_of(
            at_north,
            {"type": "call", "name": "sub", "label": "会审", "flow": "inner"},
            free_step("hand", HANDLERS),
            code="outer",
        )
        run = begin_run(at_north, flow)
        drain_events()
        child = Run.objects.get(parent_item__run=run)
        assert (open_steps(run), open_steps(child)) == (["sub"], ["inner"])
        do(at_north, child, "inner", "tao")
        drain_events()
        assert open_steps(run) == ["hand"]
        gone = begin_run(at_north, flow)
        drain_events()
        terminate_run(by=person("he"), hall=at_north, run_id=gone.pk, opinion="不办了")
        drain_events()
        assert Run.objects.get(parent_item__run=gone).status == RunStatus.TERMINATED


def test_refusals_change_nothing(at_north: Hall) -> None:
    """Every act on what is not open any more is refused, and says so."""
    run = begin_run(at_north, row_of(at_north, free_step("hand", HANDLERS)))
    item = do(at_north, run, "hand", "cao")
    before = again(run).revision
    acts: list[tuple[Any, dict[str, Any]]] = [
        (put_back_item, {}),
        (finish_item, {"opinion": "另一个意见"}),
        (return_item, {"opinion": "退"}),
        (transfer_item, {"to_id": person("hua").id}),
        (delegate_item, {"to_id": person("hua").id}),
        (add_signer, {"people": [person("hua").id], "place": ItemPart.BESIDE}),
        (withdraw_item, {}),
        (urge_item, {}),
    ]
    for act, extra in acts:
        with pytest.raises(DomainError):
            act(**given(at_north, "cao", item), **extra)
    # the same once more is no other decision
    assert finish_item(**given(at_north, "cao", item)).pk == item.pk
    assert again(run).revision == before
