"""A decision as it would be on paper."""

from typing import Final

from django.utils import timezone

from foundation.paper.forms import FormField, FormPart, PaperForm
from province.cases.queries.applicants import applicant_with_id
from province.halls.models import Hall
from tenants.casework.queries.own_cases import OwnDecision

_TITLES: Final = {"granted": "准予办理决定", "refused": "不予办理决定"}


def paper_of_decision(hall: Hall, decided: OwnDecision) -> PaperForm:
    """For the applicant: for whom, what was decided and why, and what one may do against it. One query."""
    case, made = decided.case, decided.decision
    applicant = applicant_with_id(hall.pk, case.applicant_id)
    name = (applicant.body_name or applicant.name.plain) if applicant else ""
    day = timezone.localtime(made.created_at)
    facts = (
        (FormField("办件编号", case.number, is_printed=True),),
        (FormField("事项", case.item_name, is_printed=True),),
        (FormField("申请人", name, is_printed=True),),
        (
            FormField("收件日期", f"{timezone.localtime(case.received_at):%Y-%m-%d}", is_printed=True),
            FormField("决定日期", f"{day:%Y-%m-%d}", is_printed=True),
        ),
        (FormField("决定", case.get_outcome_display(), is_printed=True),),
    )
    return PaperForm(
        title=_TITLES.get(made.outcome, "决定"),
        subtitle="更正后的决定，以本件为准" if decided.is_corrected else "",
        heads=(hall.name, f"{day:%Y年%m月%d日}"),
        parts=(
            FormPart("办件", facts),
            FormPart("理由", text=tuple(made.reasons.split("\n"))),
            FormPart("不服本决定的，可以", text=decided.remedies),
        ),
        notes=("本件由系统按决定的内容生成，供申请人查阅。",),
        made_at=day,
    )
