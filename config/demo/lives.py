"""How cases of the demo's month went: by turns so many working days apart, each an act of the hall's people, as far as
today has come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from config.demo.desks import Counter, DemoDesk
from province.cases.states import CaseChannel, CaseOutcome, DeliveryWay
from province.citizens.queries.citizens import citizen_with_id
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseMaterial, JointOpinion
from tenants.casework.operations.acceptance import (
    accept_case,
    ask_for_correction,
    bring_the_rest,
    decline_case,
    note_materials,
)
from tenants.casework.operations.closing import archive_case, finish_at_once, serve_decision
from tenants.casework.operations.deciding import decide_case, settle_after_run
from tenants.casework.operations.examining import (
    begin_special_procedure,
    end_special_procedure,
    extend_case,
    resume_case,
    suspend_case,
    terminate_case,
    transfer_case,
    withdraw_case,
)
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.joint import give_opinion
from tenants.casework.operations.lacking import accept_lacking, confirm_lacking
from tenants.casework.operations.results import note_licence_made
from tenants.casework.operations.serving import ask_for_paper, open_served, serve_otherwise
from tenants.casework.queries.corrections import later_materials
from tenants.casework.states import JointState, MaterialState, ServedPaper
from tenants.fees.operations.opening import LineWish, open_fee_order
from tenants.fees.operations.paying import take_payment
from tenants.fees.queries.rates import fee_list_of_case
from tenants.fees.states import PayWay
from tenants.licences.queries.register import licences_of_case
from tenants.ratings.models import Rating
from tenants.ratings.operations.giving import give_rating
from tenants.ratings.operations.opening import open_case_rating
from tenants.ratings.states import RatingChannel
from tenants.workflow.models import FilledForm, WorkItem
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.operations.items import claim_item, finish_item
from tenants.workflow.queries.filled import FormFiller, filler_of
from tenants.workflow.states import OPEN_ITEMS

type Act = Callable[[DemoDesk, Case], object]

# after what was promised
LATE: Final = -1
# by turns: grade, reasons, words
_RATINGS: Final[tuple[tuple[int, tuple[str, ...], str], ...]] = (
    *((1, ("wg1",), ""), (1, (), ""), (2, ("wg2",), ""), (1, ("wg3",), "窗口的同志很热情。"), (2, (), "")),
    *((3, (), ""), (1, ("wg1", "wg2"), ""), (2, ("wg4",), ""), (1, (), "一次就办好了，没有多跑。"), (2, ("wg1",), "")),
    *((1, ("wg2",), ""), (3, (), "停车不方便。"), (1, ("wg1",), ""), (2, (), ""), (4, ("wb1",), "等得有点久。")),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """``after``: working days since the turn before; ``LATE``: more than were promised."""

    after: int
    act: Act


def begin(desk: DemoDesk, counter: Counter, posted: Mapping[str, Any], place: int) -> FilledForm:
    """An application that a clerk has typed and not sent yet."""
    channel = CaseChannel.PHONE if place % 9 == 0 else CaseChannel.WINDOW
    who = FormFiller(desk.clerk)
    filled = begin_application(who=who, hall=desk.hall, setup_id=counter.setup.pk, channel=channel, is_another=True)
    return save_filling(who=who, hall=desk.hall, filled_id=filled.pk, posted=posted, revision=filled.revision).filled


def receive(desk: DemoDesk, counter: Counter, posted: Mapping[str, Any], place: int) -> Case:
    """An application that has come in."""
    filled = begin(desk, counter, posted, place)
    send_filling(who=FormFiller(desk.clerk), hall=desk.hall, filled_id=filled.pk, revision=filled.revision)
    return Case.objects.get(filled=filled)


def turns_for(counter: Counter, place: int) -> Sequence[Turn]:
    """What happens with the case at this place after it was received, by the type of its item."""
    if counter.case_type == CaseType.INSTANT:
        found = _AT_ONCE[place % len(_AT_ONCE)]
    elif counter.case_type == CaseType.REPORTED:
        # those that go up are handed up when the demo is loaded (config.demo.city)
        found = _REPORTED[place % len(_REPORTED)]
    elif counter.can_lack and (counter.case_type == CaseType.COMPLETED or place // 8 % 2):
        found = _LACKING[place // 16 % len(_LACKING)]
    else:
        found = _EXAMINED[place % len(_EXAMINED)]
    return found


def online_turns(place: int) -> Sequence[Turn]:
    """What happens with the application that a citizen handed in at this place, who agreed to electronic service."""
    return _ONLINE[place % len(_ONLINE)]


def _give_all(desk: DemoDesk, case: Case) -> None:
    states = {one.pk: MaterialState.GIVEN for one in case.materials.all() if one.state == MaterialState.MISSING}
    note_materials(by=desk.handler, hall=desk.hall, case_id=case.pk, states=states)


def _accept(desk: DemoDesk, case: Case) -> None:
    _give_all(desk, case)
    accept_case(by=desk.handler, hall=desk.hall, case_id=case.pk)


def _accept_lacking(desk: DemoDesk, case: Case) -> None:
    later = [one.material.pk for one in later_materials(case)]
    here = CaseMaterial.objects.filter(case=case, state=MaterialState.MISSING).exclude(pk__in=later)
    note_materials(
        by=desk.handler, hall=desk.hall, case_id=case.pk, states=dict.fromkeys([one.pk for one in here], "given")
    )
    accept_lacking(
        by=desk.handler,
        hall=desk.hall,
        case_id=case.pk,
        materials=later,
        workdays=3,
        promise="申请人在窗口签了容缺承诺书。",
    )


def _bring_lacking(desk: DemoDesk, case: Case) -> None:
    confirm_lacking(by=desk.handler, hall=desk.hall, case_id=case.pk)


def _charge(desk: DemoDesk, case: Case) -> None:
    rates = fee_list_of_case(case).rates
    if not rates:
        return
    one = rates[0]
    price = None if one.rate.is_fixed else one.rate.least_fen
    order = open_fee_order(by=desk.clerk, hall=desk.hall, case_id=case.pk, lines=[LineWish(one.place, 1, price)])
    take_payment(by=desk.clerk, hall=desk.hall, order_id=order.pk, way=PayWay.CASH)


def _finish_at_once(desk: DemoDesk, case: Case) -> None:
    _give_all(desk, case)
    _charge(desk, case)
    finish_at_once(
        by=desk.clerk,
        hall=desk.hall,
        case_id=case.pk,
        outcome=CaseOutcome.GRANTED,
        reasons="",
        proof="申请人当场领取并签收",
    )
    _make_licences(desk, case)


def _say_opinions(desk: DemoDesk, case: Case) -> None:
    for one in JointOpinion.objects.filter(case=case, state=JointState.WAITING):
        give_opinion(by=desk.handler, hall=desk.hall, opinion_id=one.pk, result=JointState.AGREED, reasons="同意。")


def _grant(desk: DemoDesk, case: Case) -> None:
    _charge(desk, case)
    _say_opinions(desk, case)
    _decide(desk, case, CaseOutcome.GRANTED, "")
    _make_licences(desk, case)


def _make_licences(desk: DemoDesk, case: Case) -> None:
    """The worker makes their files on the day on which the demo is loaded, weeks after they were served."""
    for licence in licences_of_case(case.pk):
        note_licence_made(hall=desk.hall, document_id=licence.document_id)


def _refuse(desk: DemoDesk, case: Case) -> None:
    _say_opinions(desk, case)
    _decide(desk, case, CaseOutcome.REFUSED, "经审查，申请材料与实际情况不符，不符合规定的条件。")


def _decide(desk: DemoDesk, case: Case, outcome: CaseOutcome, reasons: str) -> None:
    if case.run_id is None:
        decide_case(by=desk.leader, hall=desk.hall, case_id=case.pk, outcome=outcome, reasons=reasons)
        return
    opinion = reasons or "材料齐全，现场符合要求。"
    for by, said in ((desk.handler, ""), (desk.leader, outcome.value)):
        item = WorkItem.objects.get(run=case.run_id, state__in=OPEN_ITEMS)
        if item.owner_id is None:
            claim_item(by=by, hall=desk.hall, item_id=item.pk)
        finish_item(by=by, hall=desk.hall, item_id=item.pk, outcome=said, opinion=opinion)
    settle_after_run(hall=desk.hall, run_id=case.run_id)


def _serve(desk: DemoDesk, case: Case) -> None:
    way, proof = (DeliveryWay.POST, "EMS 1099 2026 0000") if case.number[-1] in "38" else ("window", "本人到窗口签收")
    serve_decision(by=desk.clerk, hall=desk.hall, case_id=case.pk, way=way, proof=proof)


def _serve_electronically(desk: DemoDesk, case: Case) -> None:
    serve_decision(by=desk.clerk, hall=desk.hall, case_id=case.pk, way=DeliveryWay.ELECTRONIC, proof="")


def _open(desk: DemoDesk, case: Case) -> None:
    open_served(who=_applicant(case), hall=desk.hall, case_id=case.pk, papers=list(ServedPaper))


def _want_paper(desk: DemoDesk, case: Case) -> None:
    ask_for_paper(who=_applicant(case), hall=desk.hall, case_id=case.pk)


def _serve_on_paper(desk: DemoDesk, case: Case) -> None:
    proof = "EMS 1099 2026 0001"
    serve_otherwise(by=desk.clerk, hall=desk.hall, case_id=case.pk, way=DeliveryWay.POST, proof=proof)


def _applicant(case: Case) -> FormFiller:
    assert case.citizen_id  # noqa: S101 - handed in online
    return filler_of(citizen_with_id(case.citizen_id))


def _rate(desk: DemoDesk, case: Case) -> None:
    open_case_rating(hall=desk.hall, case_id=case.pk)
    rating = Rating.objects.filter(case_id=case.pk).first()
    if rating:
        grade, reasons, opinion = _RATINGS[int(case.number[-4:]) % len(_RATINGS)]
        give_rating(
            hall=desk.hall,
            rating_id=rating.pk,
            grade=grade,
            reasons=reasons,
            opinion=opinion,
            channel=RatingChannel.LINK,
        )


def _archive(desk: DemoDesk, case: Case) -> None:
    archive_case(by=desk.clerk, hall=desk.hall, case_id=case.pk)


def _ask(desk: DemoDesk, case: Case) -> None:
    asked = ["身份证复印件看不清，请重新复印。", "申请表缺少签名。"]
    ask_for_correction(by=desk.clerk, hall=desk.hall, case_id=case.pk, asked=asked, workdays=20)


def _bring(desk: DemoDesk, case: Case) -> None:
    bring_the_rest(by=desk.clerk, hall=desk.hall, case_id=case.pk, said="申请人已把材料补齐。")


def _decline(desk: DemoDesk, case: Case) -> None:
    said = "申请事项不属于本厅职权范围，请向户籍所在地的政务服务中心申请。"
    decline_case(by=desk.clerk, hall=desk.hall, case_id=case.pk, said=said)


def _withdraw(desk: DemoDesk, case: Case) -> None:
    withdraw_case(by=desk.clerk, hall=desk.hall, case_id=case.pk, reason="申请人到窗口书面撤回。")


def _pause(desk: DemoDesk, case: Case) -> None:
    begin_special_procedure(
        by=desk.handler,
        hall=desk.hall,
        case_id=case.pk,
        kind="experts",
        basis="《中华人民共和国行政许可法》第四十五条",
        limit="20wd",
    )


def _go_on(desk: DemoDesk, case: Case) -> None:
    end_special_procedure(by=desk.handler, hall=desk.hall, case_id=case.pk, result="专家评审通过。")


def _extend(desk: DemoDesk, case: Case) -> None:
    reason = "情况复杂，需要进一步核实。"
    extend_case(by=desk.leader, hall=desk.hall, case_id=case.pk, workdays=5, reason=reason)


def _suspend(desk: DemoDesk, case: Case) -> None:
    reason = "所涉权属正在诉讼，等待法院判决。"
    suspend_case(by=desk.leader, hall=desk.hall, case_id=case.pk, reason=reason)


def _resume(desk: DemoDesk, case: Case) -> None:
    resume_case(by=desk.leader, hall=desk.hall, case_id=case.pk, reason="诉讼已经了结。")


def _terminate(desk: DemoDesk, case: Case) -> None:
    terminate_case(by=desk.leader, hall=desk.hall, case_id=case.pk, reason="申请人不再符合条件，申请已失去意义。")


def _transfer(desk: DemoDesk, case: Case) -> None:
    transfer_case(by=desk.handler, hall=desk.hall, case_id=case.pk, to="宜昌市政务服务中心", reason="属于市级权限。")


_ENDS: Final = (Turn(1, _serve), Turn(0, _rate), Turn(4, _archive))
_SERVED: Final = (Turn(0, _finish_at_once), Turn(0, _rate))
_AT_ONCE: Final[Sequence[Sequence[Turn]]] = (
    *((*_SERVED, Turn(5, _archive)), _SERVED, (Turn(0, _finish_at_once),), (*_SERVED, Turn(3, _archive))),
    *((Turn(1, _finish_at_once), Turn(0, _rate)), (Turn(0, _decline),), _SERVED, (*_SERVED, Turn(6, _archive))),
    *((Turn(0, _finish_at_once),), (Turn(1, _withdraw),), _SERVED),
)
_ACCEPTED: Final = (Turn(1, _accept),)
_EXAMINED: Final[Sequence[Sequence[Turn]]] = (
    (*_ACCEPTED, Turn(2, _grant), *_ENDS),
    (*_ACCEPTED, Turn(3, _grant), *_ENDS),
    (Turn(2, _accept), Turn(1, _grant), Turn(2, _serve), Turn(0, _rate)),
    (*_ACCEPTED, Turn(LATE, _grant), *_ENDS),
    (*_ACCEPTED, Turn(4, _grant)),
    _ACCEPTED,
    (Turn(1, _ask), Turn(2, _bring), Turn(1, _accept), Turn(2, _grant), *_ENDS),
    (*_ACCEPTED, Turn(2, _refuse), Turn(1, _serve)),
    (*_ACCEPTED, Turn(1, _pause), Turn(5, _go_on), Turn(1, _grant), *_ENDS),
    (Turn(2, _ask),),
    (Turn(1, _decline),),
    (*_ACCEPTED, Turn(1, _extend), Turn(5, _grant), *_ENDS),
    (*_ACCEPTED, Turn(2, _grant), *_ENDS),
    (*_ACCEPTED, Turn(1, _pause)),
    (*_ACCEPTED, Turn(1, _withdraw)),
    (*_ACCEPTED, Turn(2, _suspend), Turn(4, _resume), Turn(1, _grant), *_ENDS),
    (*_ACCEPTED, Turn(1, _grant), *_ENDS),
    (*_ACCEPTED, Turn(2, _terminate)),
    (Turn(1, _transfer),),
    (*_ACCEPTED, Turn(1, _suspend)),
    (*_ACCEPTED, Turn(2, _grant), Turn(1, _serve)),
)
# of those who agreed to electronic service: opened, not opened, opened and paper wanted, asked for more and opened,
# posted since nobody opened it, not served yet
_ONLINE: Final[Sequence[Sequence[Turn]]] = (
    (*_ACCEPTED, Turn(2, _grant), Turn(1, _serve_electronically), Turn(0, _open), Turn(0, _rate), Turn(4, _archive)),
    (*_ACCEPTED, Turn(2, _grant), Turn(1, _serve_electronically)),
    (*_ACCEPTED, Turn(1, _refuse), Turn(1, _serve_electronically), Turn(1, _open), Turn(0, _want_paper)),
    (Turn(1, _ask), Turn(0, _open)),
    (*_ACCEPTED, Turn(1, _grant), Turn(1, _serve_electronically), Turn(6, _serve_on_paper)),
    (*_ACCEPTED, Turn(3, _grant)),
)
_LACKING: Final[Sequence[Sequence[Turn]]] = (
    (Turn(1, _accept_lacking), Turn(2, _bring_lacking), Turn(1, _grant), *_ENDS),
    (Turn(1, _accept_lacking),),
    (Turn(1, _accept_lacking), Turn(1, _bring_lacking), Turn(2, _grant), Turn(1, _serve)),
)
_REPORTED: Final[Sequence[Sequence[Turn]]] = (_ACCEPTED, (Turn(1, _decline),), (*_ACCEPTED, Turn(1, _withdraw)))
