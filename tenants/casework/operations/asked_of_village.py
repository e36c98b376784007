"""What the applicant of a case has to bring, as the hall reads it that took it in for them (代办)."""

from typing import Final

from province.cases.operations import report_asked
from province.cases.queries.referrals import receipt_of_case
from province.cases.queries.supplements import WhatIsAsked
from province.cases.states import CaseChannel, CaseState
from standards.forms.excerpts import excerpts_of
from tenants.casework.models import Case
from tenants.casework.queries.corrections import correction_of, fields_of_materials, promise_of
from tenants.casework.states import LackingState
from tenants.workflow.queries.forms import definition_of

_ASKING: Final = ("ask_for_correction", "accept_lacking", "return_lacking")


def say_what_is_asked(case: Case) -> None:
    """Report what the applicant is to bring now, or that it is nothing any more, where the application was taken in for
    them. The caller holds the case; once more changes nothing."""
    receipt = receipt_of_case(case.pk) if case.channel == CaseChannel.VILLAGE else None
    if receipt:
        report_asked(receipt=receipt, asked=_asked(case))


def fields_asked(case: Case) -> list[str]:
    """Names of the fields of the form into which it goes; none where nothing is asked."""
    if case.state == CaseState.CORRECTING and (correction := correction_of(case)):
        return [*correction.fields] or fields_of_materials(case.pk)
    promised = promise_of(case) if case.is_open and case.lacking == LackingState.PROMISED else None
    return [*promised.fields] if promised else []


def _asked(case: Case) -> WhatIsAsked | None:
    is_correction = case.state == CaseState.CORRECTING
    is_promised = case.is_open and case.lacking == LackingState.PROMISED
    asked = correction_of(case) if is_correction else promise_of(case) if is_promised else None
    act = case.acts.filter(act__in=_ASKING).order_by("-pk").first() if asked else None
    if asked is None or act is None:
        return None
    wrong = [act.said] if act.act == "return_lacking" else []
    named = definition_of(case.filled.version).named_fields
    fields = excerpts_of(named[name] for name in fields_asked(case) if name in named)
    return WhatIsAsked(asking_id=act.pk, lines=[*wrong, *asked.asked], fields=[*fields], is_promised=not is_correction)
