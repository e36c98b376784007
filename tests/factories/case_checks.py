"""What holds of a case whatever was done with it: the checks of the case machine."""

from itertools import chain
from typing import Final

from django.utils import timezone

from province.cases.models import CaseReport, Referral, ReferralParcel, ReferralReceipt
from province.cases.states import CaseState, ReceiptState, ReferralState
from province.halls.models import Hall
from province.people.models import OpenWork
from province.people.queries.holders import nearest_positions
from province.workdays.models import Clock
from province.workdays.states import ClockKind, ClockState
from standards.items.codelists import CaseType
from tenants.casework.models import Case, JointOpinion
from tenants.casework.queries.access import HANDLE
from tenants.casework.queries.corrections import fields_to_bring
from tenants.casework.queries.guides import guide_of_case
from tenants.casework.queries.held import acts_of_case, decisions_of, sheets_of
from tenants.casework.queries.own_cases import own_case_view
from tenants.casework.states import JointState, LackingState, ServedPaper, ServiceTask
from tenants.workflow.models import WorkItem
from tenants.workflow.states import OPEN_ITEMS

# stands in all reasons and in all that the staff alone read
SECRET: Final = "只在决定里"
_EXAMINATION: Final = {ClockKind.STATUTORY, ClockKind.PROMISED}
_DECIDED: Final = {CaseState.DECIDED, CaseState.FINISHED}
_SERVES: Final = {
    "ask_for_correction": ServedPaper.SUPPLEMENT,
    "decline": ServedPaper.NON_ACCEPTANCE,
    "serve": ServedPaper.DECISION,
}
# of what another hall has asked → how its receipt stands
_RECEIPTS: Final = {
    JointState.WAITING: ReceiptState.RECEIVED,
    JointState.AGREED: ReceiptState.AGREED,
    JointState.REFUSED: ReceiptState.REFUSED,
    JointState.SENT_BACK: ReceiptState.RETURNED,
    JointState.ENDED: ReceiptState.RECEIVED,
}


def check_case(hall: Hall, case: Case) -> None:
    """Somebody has it or can take it, its clocks are right, nothing was decided too early, and the applicant and the
    province know what is so and no more."""
    _check_owner(hall, case)
    _check_clocks(case)
    _check_decision(case)
    _check_opinions(case)
    _check_service(case)
    _check_what_is_told(case)


def _check_owner(hall: Hall, case: Case) -> None:
    noted = list(OpenWork.objects.filter(kind="case", object_id=case.pk).values_list("owner_id", flat=True))
    assert noted == ([case.owner_id] if case.is_open and case.owner_id else [])
    if case.is_open and case.owner_id is None:
        assert nearest_positions(HANDLE, hall_id=hall.pk, prefixes=hall.prefixes, unit_id=case.unit_id)


def _check_clocks(case: Case) -> None:
    clocks = list(Clock.objects.filter(owner_id=case.pk, ended_on=None))
    # what had run out before it was to stand stays overdue
    today = timezone.localdate()
    running = {one.kind for one in clocks if one.state == ClockState.RUNNING and one.due_on and one.due_on >= today}
    open_kinds = {one.kind for one in clocks}
    may_be_open = {
        CaseState.RECEIVED: {ClockKind.ACCEPTANCE},
        CaseState.CORRECTING: {ClockKind.SUPPLEMENT},
        CaseState.ACCEPTED: {*_EXAMINATION, ClockKind.LAPSE},
        CaseState.PAUSED: {*_EXAMINATION, ClockKind.LAPSE},
        CaseState.SUSPENDED: {*_EXAMINATION, ClockKind.LAPSE},
        # the higher hall's time is not this one's
        CaseState.HANDED_UP: set(_EXAMINATION),
        CaseState.DECIDED: {ClockKind.DELIVERY},
    }
    waits_to_be_opened = {ClockKind.OPENING} if case.serving.waiting else set()
    may_run = may_be_open.get(CaseState(case.state), set()) | waits_to_be_opened
    assert open_kinds <= may_run, (case.state, open_kinds)
    if case.state == CaseState.RECEIVED:
        assert ClockKind.ACCEPTANCE in open_kinds
    if case.state in {CaseState.PAUSED, CaseState.SUSPENDED, CaseState.HANDED_UP}:
        assert not running & _EXAMINATION
    is_owed = case.is_open and case.lacking in {LackingState.PROMISED, LackingState.BROUGHT}
    assert (ClockKind.LAPSE in open_kinds) is is_owed
    if case.state == CaseState.SUSPENDED or case.lacking == LackingState.BROUGHT:
        assert ClockKind.LAPSE not in running
    steps = WorkItem.objects.filter(run=case.run_id, state__in=OPEN_ITEMS) if case.run_id else WorkItem.objects.none()
    if case.state in {CaseState.PAUSED, CaseState.SUSPENDED}:
        assert not steps.filter(due_at__gte=timezone.now()).exists()
    else:
        assert not steps.filter(stood_due_at__isnull=False).exists()


def _check_decision(case: Case) -> None:
    acts = [one.act for one in acts_of_case(case)]
    decisions = decisions_of([case], sheets_of([case]))[case.pk]
    assert [one.number for one in decisions] == list(range(1, len(decisions) + 1))
    assert (case.state in _DECIDED) is bool(case.outcome) is bool(decisions)
    if not decisions:
        return
    assert case.outcome == decisions[-1].outcome
    assert case.accepted_at
    assert case.lacking in {"", LackingState.COMPLETE}
    # by the hall itself, or above it
    first = next(place for place, act in enumerate(acts) if act in {"decide", "bring_result"})
    assert {"accept", "accept_lacking"} & set(acts[:first])
    if "accept_lacking" in acts:
        assert "confirm_lacking" in acts[:first]


def _check_opinions(case: Case) -> None:
    """Of a 联办件 each body is asked with the acceptance, none is waited for in vain, and no clock of theirs runs while
    the case stands."""
    opinions = list(case.joint_opinions.order_by("position"))
    is_asked = case.case_type == CaseType.JOINT and bool(case.accepted_at)
    assert [one.body for one in opinions] == (guide_of_case(case).joint_bodies if is_asked else [])
    waiting = {one.pk for one in opinions if one.state == JointState.WAITING}
    assert not waiting or case.state in {CaseState.ACCEPTED, CaseState.PAUSED, CaseState.SUSPENDED}
    clocks = Clock.objects.filter(owner_id__in=[one.pk for one in opinions], ended_on=None)
    assert {one.owner_id for one in clocks} == waiting
    if case.state in {CaseState.PAUSED, CaseState.SUSPENDED}:
        assert not clocks.filter(state=ClockState.RUNNING, due_on__gte=timezone.localdate()).exists()
    given = [one for one in opinions if one.given_at]
    assert len(given) == len([one for one in acts_of_case(case) if one.act in {"give_opinion", "enter_opinion"}])
    # another hall has each question at most once, and what it has said stands here as soon as the way is over
    ways = Referral.objects.filter(case_id__in=[one.pk for one in opinions]).select_related("receipt")
    asked = [one for one in ways if one.state == ReferralState.SENT]
    assert {one.pk for one in asked} <= {one.referral_id for one in opinions if one.state == JointState.WAITING}
    by_referral = {one.pk: one for one in ways}
    for one in given:
        way = by_referral.get(one.referral_id) if one.by_id is None else None
        assert bool(one.by_id) or (way is not None and way.state == ReferralState.ENDED)
        assert way is None or way.receipt.state == one.state
    assert not case.outcome or len(given) == len(opinions)


def _check_service(case: Case) -> None:
    """Nothing was served electronically without the consent that held at that moment; what was is opened once, and is
    the desk's while nobody has opened it in time."""
    agreed, expected = False, []
    for act in acts_of_case(case):
        if act.act in {"receive", "confirm_service"} and act.said:
            agreed = "电子送达" in act.said
        if act.act == "serve" and "电子送达" in act.said:
            assert agreed
        if agreed and act.act in _SERVES and (act.act != "serve" or "电子送达" in act.said):
            expected.append(_SERVES[act.act])
    serving = case.serving
    assert [one.what for one in serving.served] == expected
    assert not expected or case.citizen_id
    assert bool(serving.choice and serving.choice.is_electronic) is agreed
    if case.service_task:
        assert serving.served
    if case.service_task == ServiceTask.UNOPENED:
        assert serving.waiting
        assert not Clock.objects.filter(owner_id=case.pk, kind=ClockKind.OPENING, ended_on=None).exists()


def check_asked(hall: Hall, *, is_settled: bool) -> None:
    """In the hall that is asked (联办 between halls) each question is there once, is somebody's while it waits, has no
    clock, and says what its receipt says. ``is_settled``: every event was delivered; then neither hall waits for what
    the other does not."""
    opinions = list(JointOpinion.objects.filter(case=None))
    receipts = {one.referral_id: one for one in ReferralReceipt.objects.filter(hall=hall).select_related("referral")}
    assert sorted(receipts) == sorted(one.referral_id for one in opinions if one.referral_id)
    assert not Clock.objects.filter(owner_id__in=[one.pk for one in opinions]).exists()
    for one in opinions:
        assert one.referral_id
        receipt = receipts[one.referral_id]
        assert receipt.state == _RECEIPTS[JointState(one.state)]
        is_sent = receipt.referral.state == ReferralState.SENT
        if one.state == JointState.WAITING:
            assert nearest_positions(HANDLE, hall_id=hall.pk, prefixes=hall.prefixes, unit_id=one.unit_id)
        assert not is_settled or is_sent is (one.state == JointState.WAITING)
    parcels = set(ReferralParcel.objects.values_list("referral_id", flat=True))
    sent = Referral.objects.filter(to_hall=hall, state=ReferralState.SENT)
    assert parcels == set(sent.values_list("pk", flat=True))
    assert not is_settled or not sent.filter(receipt=None).exists()


def _check_what_is_told(case: Case) -> None:
    report = CaseReport.objects.get(pk=case.pk)
    is_owed = case.is_open and case.lacking == LackingState.PROMISED
    assert (report.number, report.state, report.outcome) == (case.number, case.state, case.outcome)
    assert report.owes_materials is is_owed
    waits = case.state == CaseState.CORRECTING or is_owed
    for is_looked_up in (False, True):
        view = own_case_view(case, is_looked_up=is_looked_up)
        assert bool(view.asked) is waits
        said = [view.sentence, view.coming, view.story, *view.asked]
        said += chain.from_iterable((one.label, one.said) for one in view.told)
        is_told = bool(case.outcome) and not is_looked_up
        assert is_told or not any(SECRET in one or "准予" in one for one in said), said
        assert view.is_decided is is_told
        done = {one.label for one in view.steps if one.state == "done"}
        assert ("决定" in done) is bool(case.decided_at)
    assert bool(fields_to_bring(case.filled, False)) is waits  # noqa: FBT003
