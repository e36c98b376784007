"""What somebody takes along who has paid."""

from django.utils import timezone

from foundation.errors import Conflict
from foundation.paper.forms import FormField, FormPart, PaperForm
from province.cases.queries.applicants import applicant_with_id
from province.halls.models import Hall
from standards.fees import in_yuan
from tenants.fees.models import FeeOrder
from tenants.fees.states import PaymentState


def paper_of_receipt(hall: Hall, order: FeeOrder) -> PaperForm:
    """For what was paid, by lines of the standard. The payer is masked, as everywhere at the desk. Raises Conflict
    where nothing settles the order."""
    payment = order.payments.filter(state=PaymentState.RECEIVED).first()
    if payment is None:
        raise Conflict("这张缴费单没有收款，不能打印收款凭条。")
    applicant = applicant_with_id(hall.pk, order.case.applicant_id)
    day = timezone.localtime(payment.paid_at)
    lines = [
        (
            FormField("项目", f"{one.fee} {one.label}".strip(), share=3, is_printed=True),
            FormField(
                "金额",
                f"{in_yuan(one.price_fen)} 元/{one.unit} × {one.quantity} = {in_yuan(one.amount_fen)} 元",
                share=3,
                is_printed=True,
            ),
        )
        for one in order.lines.all()
    ]
    facts = (
        (FormField("缴费单号", order.number, is_printed=True),),
        (FormField("事项", order.case.item_name, is_printed=True),),
        (
            FormField("缴款人", applicant.shown_name if applicant else "", is_printed=True),
            FormField("缴款时间", f"{day:%Y-%m-%d %H:%M}", is_printed=True),
        ),
        (
            FormField("方式", payment.get_way_display(), is_printed=True),
            FormField("凭证号", payment.reference or "—", is_printed=True),
        ),
    )
    waived = f"{in_yuan(order.waived_fen)} 元" if order.waived_fen else ""
    less = ((FormField("减免", waived, is_printed=True),),) if waived else ()
    total = ((FormField("合计", f"{in_yuan(payment.amount_fen)} 元", is_printed=True),),)
    standards = tuple(dict.fromkeys(f"{one.fee}：{one.standard}" for one in order.lines.all()))
    return PaperForm(
        title="收款凭条",
        subtitle="",
        heads=(hall.name, f"{day:%Y年%m月%d日}"),
        parts=(
            FormPart("缴费", facts),
            FormPart("收费项目", (*lines, *less, *total)),
            FormPart("收费标准", text=standards),
        ),
        notes=("本凭条证明已经缴费，不是财政票据；财政票据按非税收入的规定另行开具。",),
        made_at=day,
    )
