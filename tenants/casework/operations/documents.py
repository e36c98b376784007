"""文书: what a case gives the applicant in writing, in the transaction of the act that it tells of.

Notices of 行政许可法 are given for licences alone; every other item ends with a notice of its result. What was accepted
with something missing says so whatever the item is.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from foundation.errors import Conflict
from province.cases.queries.applicants import applicant_with_id
from province.cases.states import CASE_KIND, CaseOutcome
from province.halls.models import Hall
from province.people.models import Unit
from province.registries.states import DocumentState
from province.rights.actors import Actor
from province.rights.queries import system_actor
from province.workdays.models import Clock
from province.workdays.states import ClockKind
from standards.documents.stated import stated_kind
from standards.workdays import ASSUMED, Limit
from tenants.casework.models import Case, CaseDecision, Delivery, Extension, LackingPromise, SpecialProcedure
from tenants.casework.queries.guides import CaseGuide
from tenants.casework.states import MaterialState
from tenants.documents.models import IssuedDocument
from tenants.documents.operations import issue_document, revoke_document
from tenants.documents.queries.documents import documents_of
from tenants.licences.queries.register import licences_of_case

_CODES: Final = (
    *("acceptance", "lacking_acceptance", "supplement", "non_acceptance", "permit", "refusal"),
    *("special_procedure", "extension", "service_receipt", "result"),
)
# what a step of the flow that examines a case may give the applicant: none of them is an act of the law by itself
STEP_DOCUMENTS: Final = tuple(stated_kind(code) for code in ("case_notice", "site_check", "hearing_notice"))
CASE_DOCUMENTS: Final = (*(stated_kind(code) for code in _CODES), *STEP_DOCUMENTS)
_RECEIPT: Final = "service_receipt"
_OF_DECISIONS: Final = frozenset({"permit", "refusal", "result"})
# what is handed over with a decision
_SERVED: Final = frozenset({"permit", "refusal", "licence"})
_ART_32: Final = "《中华人民共和国行政许可法》第三十二条第一款"
_LATER: Final = "《国务院关于加快推进政务服务标准化规范化便利化的指导意见》（国发〔2022〕5号）"
_UNKNOWN: Final = "请向受理窗口咨询"


def give_acceptance(by: Actor, hall: Hall, case: Case, guide: CaseGuide) -> None:
    """受理通知书."""
    clock = _clock(case, ClockKind.PROMISED) or _clock(case, ClockKind.STATUTORY)
    if not guide.is_licence or clock is None or clock.due_on is None:
        return
    given = case.materials.filter(state=MaterialState.GIVEN).order_by("position")
    _issue(
        by,
        hall,
        case,
        "acceptance",
        received_on=timezone.localdate(case.received_at),
        limit=Limit.read(clock.limit).words,
        due_on=clock.due_on,
        assumed=_assumed(clock),
        materials=[{"name": one.name, "form": "电子" if one.field else "纸质"} for one in given],
        contact=_contact(guide),
    )


def give_lacking_acceptance(by: Actor, hall: Hall, case: Case, guide: CaseGuide, promised: LackingPromise) -> None:
    """容缺受理通知书, in place of 受理通知书: that one says that all is in."""
    clock = _clock(case, ClockKind.PROMISED) or _clock(case, ClockKind.STATUTORY)
    optional: dict[str, Any] = {"due_on": clock.due_on, "assumed": _assumed(clock)} if clock and clock.due_on else {}
    _issue(
        by,
        hall,
        case,
        "lacking_acceptance",
        received_on=timezone.localdate(case.received_at),
        materials=[{"name": one} for one in promised.asked],
        bring_until=promised.due_on,
        bring_assumed=_assumed(_clock(case, ClockKind.LAPSE)),
        basis=laws_of(guide, "later_laws", otherwise=_LATER),
        contact=_contact(guide),
        **optional,
    )


def give_supplement(
    by: Actor, hall: Hall, case: Case, guide: CaseGuide, asked: Sequence[str], due_on: date | None
) -> None:
    """补正告知书."""
    if not guide.is_licence:
        return
    assumed = _assumed(_clock(case, ClockKind.SUPPLEMENT))
    optional: dict[str, Any] = {"reply_until": due_on, "assumed": assumed} if due_on else {}
    _issue(
        by,
        hall,
        case,
        "supplement",
        received_on=timezone.localdate(case.received_at),
        materials=[{"name": f"第 {place} 项", "what": line} for place, line in enumerate(asked, start=1)],
        contact=_contact(guide),
        **optional,
    )


def give_non_acceptance(by: Actor, hall: Hall, case: Case, guide: CaseGuide, reasons: str) -> None:
    """不予受理通知书."""
    if not guide.is_licence or not _has_remedies(case):
        return
    _issue(
        by,
        hall,
        case,
        "non_acceptance",
        received_on=timezone.localdate(case.received_at),
        reasons=reasons,
        basis=_ART_32,
        **_remedies(case),
    )


def give_special_procedure(by: Actor, hall: Hall, case: Case, guide: CaseGuide, made: SpecialProcedure) -> None:
    """特别程序告知书."""
    if guide.is_licence:
        _issue(
            by,
            hall,
            case,
            "special_procedure",
            procedure=made.get_kind_display(),
            basis=made.basis,
            begins_on=made.begins_on,
            duration=Limit.read(made.limit).words,
            contact=_contact(guide),
        )


def give_extension(by: Actor, hall: Hall, case: Case, guide: CaseGuide, extension: Extension) -> None:
    """延期告知书; nothing where no last day is known, since a special procedure lasts: then with its end."""
    clock = _clock(case, ClockKind.STATUTORY)
    if guide.is_licence and clock and clock.due_on and case.accepted_at:
        _issue(
            by,
            hall,
            case,
            "extension",
            accepted_on=timezone.localdate(case.accepted_at),
            reasons=extension.reason,
            extension=f"{extension.workdays}个工作日",
            due_on=clock.due_on,
            assumed=_assumed(clock),
        )


def give_decision(by: Actor, hall: Hall, case: Case, guide: CaseGuide, decision: CaseDecision) -> None:
    """准予 or 不予行政许可决定书."""
    if not guide.is_licence or case.accepted_at is None:
        return
    common = {"accepted_on": timezone.localdate(case.accepted_at), "basis": laws_of(guide)}
    if decision.outcome == CaseOutcome.GRANTED:
        _issue(by, hall, case, "permit", content=decision.reasons, **common)
    elif _has_remedies(case):
        _issue(by, hall, case, "refusal", reasons=decision.reasons, **common, **_remedies(case))


def give_receipt(by: Actor, hall: Hall, case: Case, decision: CaseDecision, *, manner: str, address: str) -> None:
    """送达回证, which who receives the decision signs: what is handed over, how and where. Raises Conflict where one
    was made for this decision."""
    documents = documents_of(CASE_KIND, [case.pk]).get(case.pk, [])
    if any(one.kind == _RECEIPT and one.created_at >= decision.created_at for one in documents):
        raise Conflict("这次决定的送达回证已经制发，在“文书”里打印。")
    served = [one for one in documents if one.kind in _SERVED and one.state == DocumentState.ISSUED]
    rows = [{"title": one.title, "number": one.number} for one in served]
    applicant = applicant_with_id(hall.pk, case.applicant_id)
    issue_document(
        by=by,
        hall=hall,
        kind=_RECEIPT,
        owner_kind=CASE_KIND,
        owner_id=case.pk,
        values={
            "case_number": case.number,
            "recipient": (applicant.body_name or applicant.name.plain) if applicant else "",
            "address": address,
            "manner": manner,
            "documents": rows or [{"title": f"{decision.get_outcome_display()}的决定", "number": case.number}],
            "served_by": by.shown_name,
        },
        issuer=issuer_of(hall, case),
    )


def take_back_decisions(by: Actor, hall: Hall, case: Case, reason: str) -> None:
    """What was written of a wrong decision holds no more: who checks it is told so."""
    # who may put the decision right need not be one of those who keep the hall's documents
    carrier = system_actor(by.shown_name)
    for document in documents_of(CASE_KIND, [case.pk]).get(case.pk, []):
        if document.kind in _OF_DECISIONS and document.state == DocumentState.ISSUED:
            revoke_document(by=carrier, hall=hall, document_id=document.pk, reason=reason)


def give_result(
    by: Actor, hall: Hall, case: Case, guide: CaseGuide, decision: CaseDecision, delivery: Delivery
) -> None:
    """办理结果通知单, for what is no licence; with the papers (证件) that the case has granted."""
    if guide.is_licence:
        return
    granted = [{"name": one.name, "number": one.number} for one in licences_of_case(case.pk) if one.holds]
    optional: dict[str, Any] = {"papers": granted} if granted else {}
    _issue(
        by,
        hall,
        case,
        "result",
        received_on=timezone.localdate(case.received_at),
        result=decision.reasons,
        finished_on=delivery.served_on,
        delivery=delivery.get_way_display(),
        **optional,
    )


def _issue(by: Actor, hall: Hall, case: Case, kind: str, **values: Any) -> None:
    issue_for_case(by, hall, case, kind, values)


def issue_for_case(
    by: Actor, hall: Hall, case: Case, kind: str, values: Mapping[str, Any], *, document_id: UUID | None = None
) -> IssuedDocument:
    """Issue one that says whose case it is, in the name of the department that has it. Raises as ``issue_document``
    does."""
    applicant = applicant_with_id(hall.pk, case.applicant_id)
    name = (applicant.body_name or applicant.name.plain) if applicant else ""
    return issue_document(
        by=by,
        hall=hall,
        kind=kind,
        owner_kind=CASE_KIND,
        owner_id=case.pk,
        values={"applicant": name, "case_number": case.number, "item": case.item_name, **values},
        issuer=issuer_of(hall, case),
        document_id=document_id,
    )


def issuer_of(hall: Hall, case: Case) -> str:
    """The department in whose name its documents are issued; "" for the hall's."""
    unit = Unit.objects.filter(pk=case.unit_id, hall_id=hall.pk).first() if case.unit_id else None
    return unit.name if unit else ""


def _clock(case: Case, kind: ClockKind) -> Clock | None:
    return Clock.objects.filter(owner_kind=CASE_KIND, owner_id=case.pk, kind=kind, ended_on=None).first()


def _assumed(clock: Clock | None) -> str:
    """What stands behind its last day where that lies behind a year without a notice."""
    return f"（{ASSUMED}）" if clock and clock.is_assumed else ""


def _has_remedies(case: Case) -> bool:
    return bool(case.setup.review_body and case.setup.court)


def _remedies(case: Case) -> Mapping[str, str]:
    return {"review_body": case.setup.review_body, "court": case.setup.court}


def laws_of(guide: CaseGuide, name: str = "laws", *, otherwise: str = _ART_32) -> str:
    """The first three that the guide names under this element, with their articles."""
    rows = guide.values.get(name) or []
    said = [f"《{row.get('law', '').strip('《》')}》{row.get('article') or ''}" for row in rows[:3] if row.get("law")]
    return "、".join(said) or otherwise


def _contact(guide: CaseGuide) -> str:
    return str(guide.values.get("consult") or _UNKNOWN)
