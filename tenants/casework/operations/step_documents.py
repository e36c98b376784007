"""制发文书 as a step of the flow that examines a case: one action outside for each kind of document that steps may give
the applicant. A visit of a run has one document, whose id is the call's key, however often it is asked for."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.db import transaction
from pydantic import BaseModel, create_model

from foundation.errors import Invalid
from foundation.events.outgoing import Refused
from province.registries.queries import number_with_id
from province.rights.queries import system_actor
from standards.documents.filling import LONGEST_LONG_TEXT, LONGEST_TEXT
from standards.documents.kinds import DocumentField, DocumentKind, FieldType
from standards.flows.plugins import ContentRight
from tenants.casework.models import Case
from tenants.casework.operations.documents import STEP_DOCUMENTS, issue_for_case
from tenants.casework.operations.rows import held_case_of_run, note_act, tell_applicant
from tenants.casework.queries.guides import guide_of_case
from tenants.casework.queries.setups import NO_CASE_FLOW, guide_of_setup, setups_of_flow
from tenants.documents.models import IssuedDocument
from tenants.workflow.models import Flow
from tenants.workflow.operations.plugin_calls import hold_asked
from tenants.workflow.slots import FlowPlugin, Judging, OutsideStep, plugin_port

# what the case itself says
_OF_CASE: Final = frozenset({"applicant", "case_number", "item"})
# the law that they name is that of licences
_FOR_LICENCES: Final = frozenset({"hearing_notice"})
_LONGEST: Final[Mapping[FieldType, int]] = {FieldType.TEXT: LONGEST_TEXT, FieldType.LONG_TEXT: LONGEST_LONG_TEXT}
_TYPES: Final[Mapping[FieldType, Any]] = {FieldType.DATE: date, FieldType.NUMBER: Decimal}


class StepDocument(BaseModel):
    """What was issued. ``code``: by which anybody checks it."""

    number: str = plugin_port("文号", min_length=1, max_length=60)
    issued_on: date = plugin_port("制发日期")
    code: str = plugin_port("验证码", default="", max_length=40)


def document_plugins() -> list[FlowPlugin[Any, StepDocument]]:
    """All kinds that steps may issue."""
    return [document_plugin(kind) for kind in STEP_DOCUMENTS]


def document_plugin(kind: DocumentKind) -> FlowPlugin[Any, StepDocument]:
    """Its inputs are the kind's fields, without those that the case says; what people read in a field of the form goes
    into a field of text. What anybody may read who checks the document takes nothing personal."""
    fields: dict[str, Any] = {one.name: _input(one) for one in kind.fields if one.name not in _OF_CASE}
    call: Callable[[OutsideStep, BaseModel], StepDocument] = partial(_issue, kind)
    return FlowPlugin(
        code=f"document_{kind.code}",
        label=f"制发文书：{kind.name}",
        given=create_model(f"document_{kind.code}_given", **fields),
        answered=StepDocument,
        call=call,
        why_not=partial(_why_not, kind),
    )


def _input(field: DocumentField) -> tuple[Any, Any]:
    limits: dict[str, Any] = {} if field.is_required else {"default": None}
    right = ContentRight.PLAIN if field.is_public else ContentRight.PERSONAL
    if longest := _LONGEST.get(field.type):
        limits |= {"max_length": longest, "as_read": True, "has_lines": field.type is FieldType.LONG_TEXT}
        limits |= {"min_length": 1} if field.is_required else {}
    type_ = _TYPES.get(field.type, str)
    return (type_ if field.is_required else type_ | None), plugin_port(field.label, right=right, **limits)


def _why_not(kind: DocumentKind, flow: Flow) -> Judging:
    found = list(_against(kind, flow))
    return lambda _: found


def _against(kind: DocumentKind, flow: Flow) -> Iterator[str]:
    setups = setups_of_flow(flow)
    if not setups:
        yield f"“{kind.name}”{NO_CASE_FLOW}"
    if kind.code in _FOR_LICENCES:
        for setup in setups:
            guide = guide_of_setup(setup)
            if guide and not guide.is_licence:
                yield f"“{kind.name}”依照行政许可法制发，“{guide.name}”不是行政许可：请换一种文书。"


def _issue(kind: DocumentKind, step: OutsideStep, given: BaseModel) -> StepDocument:
    document = _issued(kind, step, given.model_dump(exclude_none=True))
    return StepDocument(number=document.number, issued_on=document.issued_on, code=document.code)


@transaction.atomic
def _issued(kind: DocumentKind, step: OutsideStep, values: Mapping[str, Any]) -> IssuedDocument:
    """Killed anywhere, nothing of it is kept and no number is taken; of two at once the second finds the first one's.
    Raises Refused with what a person can do about it."""
    case = held_case_of_run(step.run_id)
    if case is None:
        raise Refused("这个流程不是在审查办件，没有申请人可以送。请改在办件的流程里制发，或者手工填写结果并继续。")
    hold_asked(step)
    if known := IssuedDocument.objects.filter(pk=step.key).first():
        return known
    if number := number_with_id(step.key):
        # the hall came out of an archive that is older than it: the paper is in somebody's hands
        message = f"恢复备份以前已经制发过这份文书，文号是 {number}，不能再制发一份。请核对以后手工填写结果并继续。"
        raise Refused(message)
    _check_case(kind, case)
    by = system_actor()
    try:
        document = issue_for_case(by, step.hall, case, kind.code, values, document_id=step.key)
    except Invalid as refusal:
        raise Refused(_said(refusal)) from refusal
    note_act(by, step.hall, case, "give_notice", said=f"制发《{kind.name}》（{document.number}），请在文书里查看。")
    tell_applicant(step.hall, case)
    return document


def _check_case(kind: DocumentKind, case: Case) -> None:
    if not case.is_open:
        raise Refused("办件已经结束，不再制发文书。")
    if kind.code in _FOR_LICENCES and not guide_of_case(case).is_licence:
        message = f"“{kind.name}”依照行政许可法制发，这个办件不是行政许可。请手工填写结果并继续。"
        raise Refused(message)


def _said(refusal: Invalid) -> str:
    """Never a word of what was to be written: failures stand in the clear."""
    if refusal.faults:
        return f"文书没有制发：{''.join(one.message for one in refusal.faults)}"
    return "文书没有制发：内容里有的字没有字体，印不出来。请换一个字，或请管理员为平台加上字体。"
