"""Cases as the national exchange has them (``standards.cases``): what was applied for, accepted, done and decided."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from foundation.masking import masked, scrub
from province.cases.models import CaseApplicant
from province.cases.states import CASE_KIND, NATIONAL_CHANNELS, ApplicantNature, CaseChannel, CaseOutcome, CaseState
from province.halls.models import Hall
from province.registries.states import DocumentState
from province.rights.actors import Actor
from province.workdays.models import Clock
from province.workdays.queries.clocks import clocks_of
from province.workdays.states import ClockKind
from standards.cases import CaseTable, Rows
from standards.items.codelists import NATIONAL_CASE_TYPES, ExcludedStep
from tenants.casework.models import (
    Case,
    CaseAct,
    CaseDecision,
    CaseMaterial,
    Extension,
    SpecialProcedure,
)
from tenants.casework.queries.acts import CASE_ACTS
from tenants.casework.queries.desk import cases_at_desk
from tenants.casework.queries.held import acts_of, decisions_of, materials_of_cases, sheets_of
from tenants.casework.slots import CASE_GRADES
from tenants.casework.states import MaterialState
from tenants.documents.models import IssuedDocument
from tenants.documents.queries.documents import documents_of
from tenants.services.models import HallGuideVersion
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import Desk
from tenants.workflow.models import RunAct, WorkItem
from tenants.workflow.states import ItemPart, WorkState

# whose work it is, and what lies on the table: nothing that happens to the application
_INTERNAL: Final = frozenset(
    {*("take", "put_back", "take_over", "note_materials", "without_flow"), *("confirm_service", "unopened")}
)
_STAGES: Final = {
    "receive": "收件",
    **dict.fromkeys(("ask_for_correction", "bring_the_rest"), "补正"),
    **dict.fromkeys(("accept", "accept_lacking", "decline"), "受理"),
    **dict.fromkeys(("decide", "correct_decision", "bring_result"), "决定"),
    "make_licence": "制证",
    **dict.fromkeys(("serve", "open_served", "serve_otherwise", "ask_for_paper"), "送达"),
    "archive": "归档",
}
_EXAMINATION: Final = "审查"
_MATERIAL_WAYS: Final = {
    MaterialState.GIVEN: "1",
    MaterialState.MISSING: "2",
    MaterialState.OWED: "3",
    MaterialState.NOT_NEEDED: "4",
}
# what it came to without a decision
_ENDINGS: Final = {
    CaseState.DECLINED: "3",
    CaseState.WITHDRAWN: "4",
    CaseState.TERMINATED: "5",
    CaseState.TRANSFERRED: "6",
}
_DONE_ITEMS: Final = {WorkState.DONE, WorkState.RETURNED}
_SHOWN_ITEMS: Final = (*_DONE_ITEMS, WorkState.TO_CLAIM, WorkState.CLAIMED)
_DECISIONS: Final = ("permit", "refusal", "result")
# what a 统一社会信用代码 begins with (GB 32100) → A.4 of GB/T 39046
_BODY_TYPES: Final = (("11", "5"), ("12", "3"), ("5", "4"), ("9", "2"))
_LONGEST_TEXT: Final = 2_000


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One case. ``revision``: of the case as it was read."""

    number: str
    revision: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class _Belongings:
    """What belongs to the cases of one reading, each by the case's id."""

    applicants: Mapping[UUID, CaseApplicant]
    guides: Mapping[UUID, HallGuideVersion]
    acts: Mapping[UUID, Sequence[CaseAct]]
    items: Mapping[UUID, Sequence[WorkItem]]
    outcomes: Mapping[UUID, str]
    decisions: Mapping[UUID, CaseDecision]
    materials: Mapping[UUID, Sequence[CaseMaterial]]
    procedures: Mapping[UUID, Sequence[SpecialProcedure]]
    extensions: Mapping[UUID, Extension]
    documents: Mapping[UUID, Sequence[IssuedDocument]]
    clocks: Mapping[UUID, Sequence[Clock]]
    grades: Mapping[UUID, int]


def case_records(by: Actor, hall: Hall, cases: Sequence[Case], *, is_masked: bool) -> list[CaseRecord]:
    """The records of these cases, in their order: fourteen queries, however many they are. ``is_masked``: names and
    numbers of people with stars, and none in what was written freely. ``by``: who reads them, for how they were rated
    is not everybody's to know."""
    found = _belongings(by, hall, cases)
    writer = _Masked() if is_masked else _Plain()
    return [CaseRecord(one.number, one.revision, _rows(one, found, writer)) for one in cases]


def picked_cases(desk: Desk, *, most: int, numbers: Collection[str] = (), **chosen: str) -> list[UUID]:
    """The ids of the cases that the list shows (``chosen``: as of ``cases_at_desk``), of those with these numbers where
    some are named; at most one more than ``most``."""
    rows = cases_at_desk(desk, **chosen)
    if numbers:
        rows = rows.filter(number__in=numbers)
    return list(rows.values_list("pk", flat=True)[: most + 1])


class _Plain:
    """As the rows have it."""

    def name(self, text: str) -> str:
        return text

    def said(self, text: str) -> str:
        return text

    def personal(self, value: Any) -> str:
        return value.plain if value else ""


class _Masked(_Plain):
    """As people read it who need not know whose it is."""

    def name(self, text: str) -> str:
        return masked(text)

    def said(self, text: str) -> str:
        return scrub(text)

    def personal(self, value: Any) -> str:
        return str(value) if value else ""


def _belongings(by: Actor, hall: Hall, cases: Sequence[Case]) -> _Belongings:
    ids = [one.pk for one in cases]
    run_ids = [one.run_id for one in cases if one.run_id]
    runs = {one.run_id: one.pk for one in cases if one.run_id}
    items = WorkItem.objects.filter(run_id__in=run_ids, state__in=_SHOWN_ITEMS).order_by("pk")
    items = items.exclude(part__in=(ItemPart.WAIT, ItemPart.OUTSIDE))
    finished = RunAct.objects.filter(run_id__in=run_ids, item__isnull=False).exclude(outcome_label="").order_by("pk")
    applicants = CaseApplicant.objects.filter(hall_id=hall.pk).in_bulk([one.applicant_id for one in cases])
    guides = HallGuideVersion.objects.in_bulk({one.hall_guide_id for one in cases})
    procedures = SpecialProcedure.objects.filter(case_id__in=ids).order_by("pk")
    sheets = sheets_of(cases)
    return _Belongings(
        applicants=applicants,
        guides=guides,
        acts={
            case_id: [one for one in done if one.act not in _INTERNAL]
            for case_id, done in acts_of(cases, sheets).items()
        },
        items=_grouped((runs[one.run_id], one) for one in items),
        outcomes={one.item_id: one.outcome_label for one in finished if one.item_id},
        decisions={case_id: made[-1] for case_id, made in decisions_of(cases, sheets).items() if made},
        materials=materials_of_cases(cases, sheets),
        procedures=_grouped((one.case_id, one) for one in procedures),
        extensions={one.case_id: one for one in Extension.objects.filter(case_id__in=ids)},
        documents=documents_of(CASE_KIND, ids),
        clocks=clocks_of(CASE_KIND, ids),
        grades={case_id: one for ask in shown_at(CASE_GRADES, hall) for case_id, one in ask(by, hall, ids).items()},
    )


def _grouped[Owned](rows: Iterator[tuple[UUID, Owned]]) -> dict[UUID, list[Owned]]:
    found: dict[UUID, list[Owned]] = {}
    for case_id, row in rows:
        found.setdefault(case_id, []).append(row)
    return found


def _rows(case: Case, found: _Belongings, writer: _Plain) -> Rows:
    acts = found.acts.get(case.pk, ())
    items = found.items.get(case.pk, ())
    tables = {
        CaseTable.ACCEPT: [_accept(case, found, writer)],
        CaseTable.MATERIAL: [_material(one) for one in found.materials.get(case.pk, ())],
        CaseTable.PROCESS: sorted(
            [*(_act(one, writer) for one in acts), *(_item(one, found.outcomes, writer) for one in items)],
            key=lambda row: row["event_start_time"],
        ),
        CaseTable.SPECIAL: [
            *(_procedure(one, writer) for one in found.procedures.get(case.pk, ())),
            *(_extension(one, writer) for one in [found.extensions.get(case.pk)] if one),
        ],
        CaseTable.RESULT: [row for row in [_result(case, found, writer)] if row],
    }
    return {
        table: [{name: text for name, text in row.items() if text} for row in rows]
        for table, rows in tables.items()
        if rows
    }


def _accept(case: Case, found: _Belongings, writer: _Plain) -> dict[str, str]:
    guide = found.guides.get(case.hall_guide_id)
    begins = case.number[: -len(case.short_number)]
    documents = found.documents.get(case.pk, ())
    acceptance = next((one for one in documents if one.kind in {"acceptance", "lacking_acceptance"}), None)
    clocks = found.clocks.get(case.pk, ())
    promised = [one for one in clocks if one.kind == ClockKind.PROMISED and one.due_on]
    accepts = [one for one in found.acts.get(case.pk, ()) if one.act in {"accept", "accept_lacking"} and one.by_name]
    values: Mapping[str, Any] = guide.values if guide else {}
    return {
        "project_no": case.number,
        "task_code": begins.removesuffix(case.handling_code),
        "task_handle_item": begins if case.handling_code else "",
        "task_version": str(guide.number) if guide else "",
        "task_name": _text(case.item_name),
        "project_type": NATIONAL_CASE_TYPES[case.case_type],
        **_applicant(found.applicants.get(case.applicant_id), writer),
        "apply_date": _moment(case.received_at),
        "apply_type": NATIONAL_CHANNELS[CaseChannel(case.channel)],
        "accept_date": _moment(case.accepted_at),
        "accept_doc_no": acceptance.number if acceptance else "",
        "org_code": str(values.get("body_code") or ""),
        "org_name": _text(str(values.get("body_name") or "")),
        "handle_user_name": writer.name(accepts[-1].by_name) if accepts else "",
        "promise_date": _day(promised[-1].due_on) if promised else "",
    }


def _applicant(applicant: CaseApplicant | None, writer: _Plain) -> dict[str, str]:
    if applicant is None:
        return {}
    if applicant.kind == ApplicantNature.BODY:
        code = applicant.credit_code
        own = {
            "applyer_name": _text(applicant.body_name),
            "applyer_type": next((kind for begin, kind in _BODY_TYPES if code.startswith(begin)), "6"),
            "applyer_page_type": "001" if code else "",
            "applyer_page_code": code,
        }
    else:
        own = {
            "applyer_name": writer.personal(applicant.name),
            "applyer_type": "1",
            "applyer_page_type": "111" if applicant.number else "",
            "applyer_page_code": writer.personal(applicant.number),
        }
    # who came for them, or who acts for a body
    if applicant.agent_name:
        contact = (applicant.agent_name, applicant.agent_number, applicant.agent_phone)
    else:
        contact = (applicant.name, applicant.number, applicant.phone)
    names = ("contact_name", "contact_code", "contact_mobile")
    return own | {name: writer.personal(value) for name, value in zip(names, contact, strict=True)}


def _material(one: CaseMaterial) -> dict[str, str]:
    return {
        "order_num": str(one.position),
        "material_name": _text(one.name),
        "get_type": _MATERIAL_WAYS[MaterialState(one.state)],
    }


def _act(one: CaseAct, writer: _Plain) -> dict[str, str]:
    at = _moment(one.created_at)
    return {
        "process_name": _STAGES.get(one.act, _EXAMINATION),
        "event_name": CASE_ACTS[one.act],
        "event_start_time": at,
        "event_end_time": at,
        "process_state": "2",
        "handle_explain": _text(writer.said(one.said)),
        "handle_user_name": one.of_hall or writer.name(one.by_name),
    }


def _item(one: WorkItem, outcomes: Mapping[UUID, str], writer: _Plain) -> dict[str, str]:
    """A step of the flow, as one person has it."""
    is_done = one.state in _DONE_ITEMS
    said = "退回" if one.state == WorkState.RETURNED else outcomes.get(one.pk) or "办理"
    return {
        "process_name": _text(one.label),
        "event_name": said if is_done else "待办",
        "event_start_time": _moment(one.created_at),
        "event_end_time": _moment(one.done_at) if is_done else "",
        "process_state": "2" if is_done else "1",
        "handle_explain": _text(writer.said(one.opinion)),
        "handle_user_name": writer.name(one.owner_name),
    }


def _procedure(one: SpecialProcedure, writer: _Plain) -> dict[str, str]:
    return {
        "special_type": "2",
        "special_name": ExcludedStep(one.kind).label,
        "special_time": _day(one.begins_on),
        "end_time": _day(one.ends_on),
        "special_reason": _text(writer.said(one.basis)),
        "result": _text(writer.said(one.result)),
    }


def _extension(one: Extension, writer: _Plain) -> dict[str, str]:
    return {
        "special_type": "1",
        "special_name": "延长审批",
        "special_time": _day(timezone.localdate(one.created_at)),
        "special_reason": _text(writer.said(one.reason)),
        "special_explain": f"延长 {one.workdays} 个工作日",
        "applyer_user_name": writer.name(one.approved_by_name),
    }


def _result(case: Case, found: _Belongings, writer: _Plain) -> dict[str, str]:
    """Empty while nothing has come of it. What nobody has rated says nothing: 默认好评 is nobody's grade."""
    grade = str(found.grades.get(case.pk, ""))
    if ending := _ENDINGS.get(CaseState(case.state)):
        acts = found.acts.get(case.pk, ())
        said = acts[-1].said if acts else ""
        return {
            "result_date": _moment(case.ended_at),
            "result_type": ending,
            "result_explain": _text(writer.said(said)),
            "is_delivery_results": "0",
            "satisfaction": grade,
        }
    decision = found.decisions.get(case.pk)
    if decision is None:
        return {}
    issued = [
        one for one in found.documents.get(case.pk, ()) if one.kind in _DECISIONS and one.state == DocumentState.ISSUED
    ]
    return {
        "result_date": _moment(case.ended_at or decision.created_at),
        "result_type": "1" if decision.outcome == CaseOutcome.GRANTED else "2",
        "result_explain": _text(writer.said(decision.reasons)),
        "result_cetr_name": issued[-1].title if issued else "",
        "result_cetr_no": issued[-1].number if issued else "",
        "is_delivery_results": str(int(hasattr(decision, "delivery"))),
        "satisfaction": grade,
    }


def _text(text: str) -> str:
    """As the schema takes it: a text of some lines may be as long as its column, and has no bare carriage return."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()[:_LONGEST_TEXT]


def _day(day: date | None) -> str:
    return day.strftime("%Y%m%d") if day else ""


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y%m%d%H%M%S") if at else ""
