"""送达地址确认书, as it is signed at the window."""

from django.utils import timezone

from foundation.paper.forms import FormField, FormPart, PaperForm
from province.cases.queries.applicants import applicant_with_id
from province.halls.models import Hall
from tenants.casework.models import Case
from tenants.casework.queries.serving import CONSENT_TEXT, CONSENT_VERSION, ways_to_choose


def paper_of_service(hall: Hall, case: Case) -> PaperForm:
    """The ways of service to choose from, with room for the address and the signature: who signs writes both by hand.
    One query."""
    applicant = applicant_with_id(hall.pk, case.applicant_id)
    ways = "　".join(f"□ {label}" for _, label in ways_to_choose(case))
    facts = (
        (FormField("办件编号", case.number, is_printed=True),),
        (FormField("事项", case.item_name, is_printed=True),),
        (FormField("申请人", applicant.shown_name if applicant else "", is_printed=True),),
    )
    chosen = (
        (FormField("送达方式", ways, is_printed=True),),
        (FormField("邮寄地址", lines=2),),
        (FormField("联系电话"), FormField("日期")),
        (FormField("申请人签名", lines=2),),
    )
    return PaperForm(
        title="送达地址确认书",
        subtitle=f"第 {CONSENT_VERSION} 版",
        heads=(hall.name, case.short_number),
        parts=(
            FormPart("办件", facts),
            FormPart("电子送达的说明", text=(CONSENT_TEXT,)),
            FormPart("申请人选择", chosen),
        ),
        notes=("只选一种。选电子送达的，须用网上账号申请。送达以前可以随时改选。",),
        made_at=timezone.localtime(case.received_at),
    )
