"""What the audit calls the acts on the roster."""

from typing import Final

from province.audit.queries.acts import ActNames
from tenants.duty.states import DutyDays, DutyPart, SwapState

ACT_NAMES: Final = (
    ActNames(
        "值班表",
        {
            "duty.create_shift": "添加班次",
            "duty.change_shift": "修改班次",
            "duty.use_shift": "启用班次",
            "duty.end_shift": "停用班次",
            "duty.write_turns": "编排值班",
            "duty.swap_turn": "换班",
            "duty.ask_for_swap": "申请换班",
            "duty.agree_to_swap": "同意换班",
            "duty.refuse_swap": "不同意换班",
            "duty.withdraw_swap": "撤回换班申请",
            "duty.confirm_swap": "确认换班",
            "duty.decline_swap": "不批准换班",
            "duty.take_over_turn": "值班移交",
        },
        objects={"duty_shift": "值班班次", "duty_swap_request": "换班申请"},
        fields={
            "name": "名称",
            "unit": "部门",
            "starts_at": "开始",
            "ends_at": "结束",
            "days": "哪些天",
            "needs_leader": "要带班领导",
            "is_in_use": "在用",
            "on": "日期",
            "part": "值班身份",
            "people": "值班人",
        },
        choices={
            ("duty_shift", "days"): DutyDays.choices,
            ("duty_shift", "part"): DutyPart.choices,
            ("duty_swap_request", "part"): DutyPart.choices,
            ("duty_swap_request", "state"): SwapState.choices,
        },
    ),
)
