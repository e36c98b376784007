"""What the applicant of a case has to bring, as the hall reads it that took it in for them (代办)."""

from typing import Final

from province.cases.operations import report_asked
from province.cases.queries.referrals import receipt_of_case
from province.cases.queries.supplements import WhatIsAsked
from province.cases.states import CaseChannel
from standards.forms.excerpts import excerpts_of
from tenants.casework.models import Case, LackingPromise
from tenants.casework.queries.corrections import fields_to_write, what_to_bring
from tenants.workflow.queries.forms import definition_of

_ASKING: Final = ("ask_for_correction", "accept_lacking", "return_lacking")


def say_what_is_asked(case: Case) -> None:
    """Report what the applicant is to bring now, or that it is nothing any more, where the application was taken in for
    them. The caller holds the case; once more changes nothing."""
    receipt = receipt_of_case(case.pk) if case.channel == CaseChannel.VILLAGE else None
    if receipt:
        report_asked(receipt=receipt, asked=_asked(case))


def _asked(case: Case) -> WhatIsAsked | None:
    asked = what_to_bring(case)
    act = case.acts.filter(act__in=_ASKING).order_by("-pk").first() if asked else None
    if asked is None or act is None:
        return None
    wrong = [act.said] if act.act == "return_lacking" else []
    named = definition_of(case.filled.version).named_fields
    fields = excerpts_of(named[name] for name in fields_to_write(case, asked) if name in named)
    return WhatIsAsked(
        asking_id=act.pk,
        lines=[*wrong, *asked.asked],
        fields=[*fields],
        is_promised=isinstance(asked, LackingPromise),
    )
