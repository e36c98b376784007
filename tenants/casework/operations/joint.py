"""联办: the departments that take part in a case are asked when it is accepted; what they say stands beside it, and who
accepted it decides (行政许可法 art. 26). No one of them decides by itself, and nothing is decided before all have
answered."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, DomainError, Invalid
from foundation.files.store import StoredFacts
from province.cases.queries.opinions import giver_for
from province.cases.states import CaseState
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.items.codelists import CaseType
from standards.workdays import Limit
from tenants.casework.models import Case, JointOpinion
from tenants.casework.operations.attached_papers import AttachedPaper, store_opinion_paper
from tenants.casework.operations.clocks import begin_opinions, drop_opinions, end_opinion
from tenants.casework.operations.deciding import settle
from tenants.casework.operations.joint_asked import answer_request
from tenants.casework.operations.joint_notices import tell_all_are_in, tell_asked
from tenants.casework.operations.joint_requests import recall_requests, send_request
from tenants.casework.operations.rows import clean_said, held_case, keep, note_act
from tenants.casework.operations.setup_partners import DEFAULT_WORKDAYS
from tenants.casework.queries.access import require_handler
from tenants.casework.queries.guides import guide_of_case
from tenants.casework.queries.joint import JointPartner, missing_opinions, partners_of, require_own_opinion
from tenants.casework.states import GIVEN_OPINIONS, JOINT_TRANSITIONS, OPEN_FOR_OPINIONS, JointState
from tenants.documents.operations.templates import stored
from tenants.portal.operations.figures import check_inside


def ask_departments(by: Actor, hall: Hall, case: Case) -> None:
    """Ask every body that the guide names, of a case that was just accepted and is held: an opinion each with a clock
    within the case's. A body for which the setup has no department is asked at those who work for the whole hall. Who
    was asked already is not asked again; what ended when the case went elsewhere begins anew."""
    if case.case_type != CaseType.JOINT:
        return
    partners = {one.body: one for one in partners_of(case.setup)}
    known = {one.body: one for one in JointOpinion.objects.filter(case=case)}
    asked: dict[JointOpinion, int] = {}
    unsent = []
    for position, body in enumerate(guide_of_case(case).joint_bodies, start=1):
        partner = partners.get(body) or JointPartner(body, None, DEFAULT_WORKDAYS)
        one = known.get(body) or JointOpinion(case=case, body=body)
        if body in known:
            if one.state != JointState.ENDED:
                continue
            JOINT_TRANSITIONS.check(one.state, JointState.WAITING)
        one.state, one.position, one.unit_id, one.referral_id = JointState.WAITING, position, partner.unit_id, None
        if partner.hall_id:
            one.unit_id = None
            one.save()
            unsent += _sent(hall, case, one, partner)
        one.save()
        asked[one] = partner.workdays
    if not asked:
        return
    begin_opinions(hall, case, {one.pk: Limit(days, "wd") for one, days in asked.items()})
    note_act(by, hall, case, "ask_departments", note="、".join([*(one.body for one in asked), *unsent]))
    tell_asked(hall, case, [one for one in asked if one.referral_id is None])


def _sent(hall: Hall, case: Case, opinion: JointOpinion, partner: JointPartner) -> list[str]:
    """Ask another hall. No acceptance waits for it: where it cannot be asked now, those who work for the whole of this
    one are, who ask somebody else; returns why."""
    assert partner.hall_id  # noqa: S101 - another hall stands for the body
    try:
        giver = giver_for(hall, partner.hall_id, partner.unit_id)
        opinion.referral_id = send_request(hall, case, opinion, giver).pk
    except DomainError as refusal:
        return [f"“{opinion.body}”没有送出：{refusal.message}"]
    return []


def give_opinion(
    *,
    by: Actor,
    hall: Hall,
    opinion_id: UUID,
    result: str,
    reasons: str = "",
    paper: AttachedPaper | None = None,
) -> JointOpinion:
    """Say what the department holds of the case: agreed or refused, once, with a document where it has written one. The
    last one that comes in lets a flow that has ended meanwhile decide; otherwise who accepted the case is told. What
    another hall has asked is answered to that hall. The same once more changes nothing.

    Raises NotFound for another department's and another hall's, Invalid for no result, a refusal without reasons or a
    file that is refused, Conflict where somebody of the department has answered otherwise, or the case is suspended or
    has ended. The file is stored before the transaction begins: it waits for no store.
    """
    check_inside(hall)
    require_handler(by, hall)
    state, said = clean_answer(result, reasons)
    require_own_opinion(by, hall, JointOpinion.objects.filter(pk=opinion_id).first())
    return _give(by, hall, opinion_id, state, said, store_opinion_paper(hall, opinion_id, paper))


@transaction.atomic
def _give(
    by: Actor, hall: Hall, opinion_id: UUID, state: JointState, said: str, paper: StoredFacts | None
) -> JointOpinion:
    known = JointOpinion.objects.filter(pk=opinion_id).first()
    case = held_case(known.case_id) if known and known.case_id else None
    opinion = JointOpinion.objects.select_for_update(of=("self",)).select_related("paper").filter(pk=opinion_id).first()
    opinion = require_own_opinion(by, hall, opinion)
    digests = (opinion.paper.sha256 if opinion.paper else "", paper.sha256 if paper else "")
    if (opinion.state, opinion.reasons) == (state, said) and digests[0] == digests[1]:
        return opinion
    if opinion.state in GIVEN_OPINIONS:
        message = f"“{opinion.body}”的意见已经由{opinion.by_name}出具：{opinion.get_state_display()}。"
        raise Conflict(message)
    if case is None:
        answer_request(by, hall, opinion, state, said, paper)
    else:
        take_answer(by, hall, case, opinion, state, said, act="give_opinion", paper=paper)
    return opinion


def clean_answer(result: str, reasons: str) -> tuple[JointState, str]:
    """Raises Invalid for no result or a refusal without reasons."""
    if result not in GIVEN_OPINIONS:
        raise Invalid.at("result", "请选择同意或者不同意。")
    state = JointState(result)
    ask = "不同意的，请写明理由和依据。" if state is JointState.REFUSED else ""
    return state, clean_said(reasons, ask=ask, field="reasons")


def check_may_answer(case: Case) -> None:
    """Raises Conflict where the case takes no opinion now."""
    if case.state not in OPEN_FOR_OPINIONS:
        is_held = case.state == CaseState.SUSPENDED
        raise Conflict("这个办件正在中止审查，恢复以后再出具意见。" if is_held else "这个办件不再需要联办意见。")


def take_answer(
    by: Actor,
    hall: Hall,
    case: Case,
    opinion: JointOpinion,
    state: JointState,
    said: str,
    *,
    act: str,
    paper: StoredFacts | None = None,
) -> None:
    """Write down what was answered; case and opinion are held, and ``paper`` is in the store. The last one lets a flow
    that has ended decide. Raises Conflict where the case takes none now."""
    # what another hall has said already is taken while the case is suspended, too
    if by.id:
        check_may_answer(case)
    JOINT_TRANSITIONS.check(opinion.state, state)
    opinion.state, opinion.reasons, opinion.given_at = state, said, timezone.now()
    opinion.by_id, opinion.by_name = by.id, by.shown_name[:80]
    opinion.paper = stored(paper) if paper else None
    opinion.save()
    end_opinion(hall, opinion)
    keep(hall, case)
    note_act(
        by,
        hall,
        case,
        act,
        note=f"{opinion.body}：{state.label}",
        changes={"body": [None, opinion.body], "opinion": [None, str(state)], "paper": [None, paper is not None]},
    )
    if not missing_opinions(case):
        tell_all_are_in(hall, case, opinion.pk)
        settle(hall, case)


def end_opinions(hall: Hall, case: Case) -> None:
    """The case has ended before a decision: nobody has to answer any more. What was said stays."""
    if case.case_type == CaseType.JOINT:
        drop_opinions(hall, case)
        recall_requests(case)
        JointOpinion.objects.filter(case=case, state=JointState.WAITING).update(state=JointState.ENDED)
