"""联办 between halls: what another hall has answered is brought in; where it cannot answer, somebody else is asked, or
what it wrote is entered."""

from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, Invalid, NotFound
from foundation.files.store import StoredFacts
from province.cases.models import Referral
from province.cases.operations import end_referral, lock_referral, recall_if_sent
from province.cases.queries.opinions import giver_for
from province.cases.queries.referrals import content_of, last_answer
from province.cases.states import ReceiptState, ReferralKind, ReferralState
from province.halls.models import Hall
from province.people.models import Unit
from province.rights.actors import Actor
from province.rights.queries import system_actor
from tenants.casework.models import Case, JointOpinion
from tenants.casework.operations.attached_papers import AttachedPaper, copy_opinion_paper, store_opinion_paper
from tenants.casework.operations.joint import check_may_answer, clean_answer, take_answer
from tenants.casework.operations.joint_notices import tell_asked, tell_sent_back
from tenants.casework.operations.joint_requests import let_go, send_request
from tenants.casework.operations.rows import held_case, keep, lock_case, note_act
from tenants.casework.queries.joint import NO_OPINION
from tenants.casework.states import JointState
from tenants.portal.operations.figures import check_inside

_ANSWERS = {ReceiptState.AGREED: JointState.AGREED, ReceiptState.REFUSED: JointState.REFUSED}


def bring_opinion(hall: Hall, known: Referral) -> None:
    """What the other hall has said stands beside the case; what it has sent back waits for somebody else. Once more
    changes nothing, and so does an answer to what was recalled."""
    asked = JointOpinion.objects.filter(referral_id=known.pk, case__isnull=False).first()
    answered = last_answer(known)
    # before anything is held: it waits for the store
    is_needed = answered is not None and asked is not None and asked.state == JointState.WAITING
    paper = copy_opinion_paper(hall, asked.pk, answered) if is_needed and asked and answered else None
    # the case first, as every act on it does
    case = held_case(asked.case_id) if asked and asked.case_id else None
    opinion = JointOpinion.objects.select_for_update().filter(pk=asked.pk).first() if asked else None
    referral, answer = lock_referral(known.pk), last_answer(known)
    if referral is None or referral.state == ReferralState.RECALLED or answer is None:
        return
    by = system_actor(referral.to_hall.name)
    is_waited_for = opinion is not None and opinion.state == JointState.WAITING and opinion.referral_id == known.pk
    if answer.state == ReceiptState.RETURNED:
        if case and opinion and is_waited_for and referral.state == ReferralState.SENT:
            note_act(by, hall, case, "opinion_back", note=f"{opinion.body}：{answer.said.plain}")
            tell_sent_back(hall, case, opinion, answer.pk, referral.to_hall)
    elif answer.state in _ANSWERS:
        if case and opinion and is_waited_for:
            state, said = _ANSWERS[ReceiptState(answer.state)], answer.said.plain
            take_answer(by, hall, case, opinion, state, said, act="give_opinion", paper=paper)
    else:
        return
    end_referral(referral=referral)


@transaction.atomic
def ask_another(
    *,
    by: Actor,
    hall: Hall,
    opinion_id: UUID,
    unit_id: UUID | None = None,
    hall_id: UUID | None = None,
    revision: int | None = None,
) -> Case:
    """Ask somebody else for an opinion that nobody has given yet: a department of this hall (``unit_id``, None: those
    who work for the whole hall), or of another one (``hall_id``). Another hall that was asked before need not answer
    any more; the time goes on. The same once more changes nothing.

    Raises NotFound for what is not one's case, Invalid for who cannot be asked, Conflict where it was given, the case
    takes none now, or the other hall cannot be asked.
    """
    case, opinion = _held(by, hall, opinion_id, revision)
    if _asked_now(hall, opinion) == (hall_id or hall.pk, unit_id):
        return case
    check_may_answer(case)
    giver = giver_for(hall, hall_id, unit_id) if hall_id else None
    if giver is None:
        _check_own(hall, case, unit_id)
    let_go(opinion)
    opinion.unit_id, opinion.referral_id = None if giver else unit_id, None
    if giver:
        opinion.referral_id = send_request(hall, case, opinion, giver).pk
    opinion.save(update_fields=["unit_id", "referral_id"])
    keep(hall, case)
    note_act(by, hall, case, "ask_another", note=f"{opinion.body}：{giver.name if giver else hall.name}")
    if giver is None:
        tell_asked(hall, case, [opinion])
    return case


def enter_opinion(
    *,
    by: Actor,
    hall: Hall,
    opinion_id: UUID,
    result: str,
    reasons: str = "",
    paper: AttachedPaper | None = None,
    revision: int | None = None,
) -> Case:
    """Write down what the body has answered on paper, with that paper, in place of the hall that was asked, which need
    not answer any more. Who has the case does it.

    Raises NotFound for what is not one's case, Invalid for no result, a refusal without reasons or a file that is
    refused, Conflict where it was given, where a department of this hall is asked, or the case takes none now.
    """
    state, said = clean_answer(result, reasons)
    with transaction.atomic():
        _held_elsewhere(by, hall, opinion_id, revision)
    return _enter(by, hall, opinion_id, revision, state, said, store_opinion_paper(hall, opinion_id, paper))


@transaction.atomic
def _enter(
    by: Actor,
    hall: Hall,
    opinion_id: UUID,
    revision: int | None,
    state: JointState,
    said: str,
    paper: StoredFacts | None,
) -> Case:
    case, opinion = _held_elsewhere(by, hall, opinion_id, revision)
    let_go(opinion)
    take_answer(by, hall, case, opinion, state, said, act="enter_opinion", paper=paper)
    return case


def _held_elsewhere(by: Actor, hall: Hall, opinion_id: UUID, revision: int | None) -> tuple[Case, JointOpinion]:
    case, opinion = _held(by, hall, opinion_id, revision)
    if not opinion.is_elsewhere:
        raise Conflict("本厅的部门请它自己出具意见。")
    return case, opinion


def bring_again(hall: Hall) -> None:
    """The hall's rows came out of an archive: what other halls have answered since then is brought in once more, and
    what they were asked of which nothing is known here any more is recalled."""
    waiting = JointOpinion.objects.filter(case__isnull=False, state=JointState.WAITING, referral_id__isnull=False)
    asked = {one for one in waiting.values_list("referral_id", flat=True) if one}
    for known in Referral.objects.filter(pk__in=asked, hall=hall).order_by("pk"):
        bring_opinion(hall, known)
    strays = Referral.objects.filter(hall=hall, kind=ReferralKind.OPINION, state=ReferralState.SENT)
    for pk in list(strays.exclude(pk__in=asked).order_by("pk").values_list("pk", flat=True)):
        recall_if_sent(referral_id=pk)


def _held(by: Actor, hall: Hall, opinion_id: UUID, revision: int | None) -> tuple[Case, JointOpinion]:
    """The case first, then the opinion, which nobody has given yet."""
    check_inside(hall)
    known = JointOpinion.objects.filter(pk=opinion_id, case__isnull=False).first()
    if known is None or known.case_id is None:
        raise NotFound(NO_OPINION)
    case = lock_case(by, hall, known.case_id, revision=revision)
    opinion = JointOpinion.objects.select_for_update().get(pk=opinion_id)
    if opinion.state != JointState.WAITING:
        message = f"“{opinion.body}”的意见{opinion.get_state_display()}，不能再改。"
        raise Conflict(message)
    return case, opinion


def _asked_now(hall: Hall, opinion: JointOpinion) -> tuple[UUID, UUID | None] | None:
    """Hall and department; None where the other hall has it no more."""
    if opinion.referral_id is None:
        return hall.pk, opinion.unit_id
    sent = lock_referral(opinion.referral_id)
    content = content_of(sent) if sent and sent.state == ReferralState.SENT else None
    if sent is None or content is None:
        return None
    return sent.to_hall_id, UUID(content["unit_id"]) if content["unit_id"] else None


def _check_own(hall: Hall, case: Case, unit_id: UUID | None) -> None:
    if unit_id and unit_id == case.unit_id:
        raise Invalid.at("giver", "承办部门自己作出决定，不用再给自己出具意见。")
    if unit_id and not Unit.objects.filter(pk=unit_id, hall_id=hall.pk, retired_at=None).exists():
        raise Invalid.at("giver", "没有这个部门，请重新选择。")
