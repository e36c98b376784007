"""What the staff fill in about fees."""

from typing import Any, Final

from django import forms

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from standards.fees import in_yuan, read_yuan
from tenants.fees.models import LONGEST_REASON, LONGEST_REFERENCE
from tenants.fees.operations.opening import MOST_UNITS, LineWish
from tenants.fees.queries.rates import FeeList
from tenants.fees.states import AT_COUNTER

_COUNTER: Final = [(one.value, one.label) for one in AT_COUNTER]


def _reason(label: str, ask: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(ask),
        max_length=LONGEST_REASON,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": ask},
    )


def _reference(label: str, *, required: bool = False, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=LONGEST_REFERENCE, help_text=help_text)


class FeeLinesForm(FaultyForm):
    """A quantity for each rate of the guide, and a price where the standard leaves a range."""

    def __init__(self, *args: Any, fees: FeeList, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fees = fees
        for one in fees.rates:
            name = f"{one.fee}{f'（{one.rate.label}）' if one.rate.label else ''}"
            least, most = in_yuan(one.rate.least_fen), in_yuan(one.rate.most_fen)
            said = f"{least} 元" if one.rate.is_fixed else f"{least} 元到 {most} 元"
            self.fields[f"quantity_{one.place}"] = forms.IntegerField(
                label=f"{name}：数量（{one.rate.unit}）",
                required=False,
                min_value=0,
                max_value=MOST_UNITS,
                error_messages={"min_value": "数量不能是负数。", "invalid": "请填写整数。"},
                help_text=f"每{one.rate.unit} {said}。标准：{one.standard}",
            )
            if not one.rate.is_fixed:
                self.fields[f"price_{one.place}"] = forms.CharField(
                    label=f"{name}：单价（元）", required=False, max_length=20, help_text=f"{least} 到 {most} 之间。"
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        lines = []
        for one in self.fees.rates:
            quantity, price = data.get(f"quantity_{one.place}"), data.get(f"price_{one.place}", "")
            if quantity:
                fen = read_yuan(price) if price else None
                if price and fen is None:
                    self.add_error(f"price_{one.place}", "请填写金额，如 80 或 80.50。")
                lines.append(LineWish(one.place, quantity, fen))
        return {"lines": lines}


class NothingDueForm(FaultyForm):
    reason = _reason("按哪一条不收费", "请写明按哪一条不收费。", "如：首次申领不收工本费。")


class PaymentForm(FaultyForm):
    way = forms.ChoiceField(
        label="收款方式",
        choices=_COUNTER,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择收款方式。"},
    )
    reference = _reference("凭证号", help_text="刷卡填签购单号，缴款书填票号；现金不填。")


class CancelFeeForm(FaultyForm):
    reason = _reason("作废的原因", "请写明作废的原因。", "以后到账的钱会列为待退款。")


class WaiverForm(FaultyForm):
    """``rules``: who need not pay, as the guide says."""

    basis = forms.ChoiceField(label="减免依据", error_messages={"required": "请选择指南写明的减免情形。"})
    fen = forms.CharField(
        label="减免多少（元）",
        required=False,
        max_length=20,
        help_text="不填就是全部减免；依据写明减半、减一部分的，填减掉的金额。",
    )
    reason = _reason("申请人怎样符合", "请写明理由。", "由别人批准，自己不能批准自己的申请。")

    def __init__(self, *args: Any, rules: tuple[str, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("basis", [(one, one) for one in rules])

    def clean_fen(self) -> int | None:
        typed = self.cleaned_data["fen"]
        fen = read_yuan(typed) if typed else None
        if typed and fen is None:
            raise forms.ValidationError("请填写金额，如 80 或 80.50。")
        return fen


class RefundAskForm(FaultyForm):
    reason = _reason("退费的理由", "请写明理由。", "全额退费，由别人批准。")


class GrantForm(FaultyForm):
    note = _reason("意见", "", "可以不填。")


class RefuseForm(FaultyForm):
    note = _reason("不同意的理由", "请写明不同意的理由。")


class RefundNoteForm(FaultyForm):
    reference = _reference("退款凭证号", required=True, help_text="转账流水号、退款单号；退现金填收据号。")


class DaysForm(FaultyForm):
    """Days whose payments are summed."""

    first = DayField(label="从", required=False)
    last = DayField(label="到", required=False)
