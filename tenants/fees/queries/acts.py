"""What the audit calls the acts on fees."""

from typing import Final

from province.audit.queries.acts import ActNames
from tenants.fees.states import FeeAsk, FeeState, PayWay, RefundCause

ACT_NAMES: Final = (
    ActNames(
        "收费",
        {
            "fees.open": "开缴费单",
            "fees.note_free": "登记本件不收费",
            "fees.cancel": "作废缴费单",
            "fees.take": "收款",
            "fees.take_online": "网上支付到账",
            "fees.take_surplus": "收到待退款项",
            "fees.ask": "申请减免或退费",
            "fees.grant": "同意减免或退费",
            "fees.refuse": "不同意减免或退费",
            "fees.note_refund": "登记退款",
        },
        objects={"fee_order": "缴费单"},
        fields={
            "number": "缴费单号",
            "total": "金额（元）",
            "way": "缴费方式",
            "reference": "凭证号",
            "asked": "申请",
            "basis": "减免依据",
            "waived": "减免（元）",
            "cause": "退款原因",
        },
        choices={
            ("fee_order", "state"): FeeState.choices,
            ("fee_order", "way"): PayWay.choices,
            ("fee_order", "asked"): FeeAsk.choices,
            ("fee_order", "cause"): RefundCause.choices,
        },
    ),
)
