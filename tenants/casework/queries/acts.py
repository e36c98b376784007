"""What the audit calls the acts on cases."""

from typing import Final

from province.audit.queries.acts import ActNames
from province.cases.states import CaseOutcome, CaseState
from standards.items.codelists import ExcludedStep
from tenants.casework.states import Consent, SetupState

# in a case's history, and in the audit
CASE_ACTS: Final = {
    "receive": "收件",
    "use_licence": "使用证照",
    "take": "认领办件",
    "put_back": "放回办件",
    "take_over": "接手办件",
    "note_materials": "登记材料",
    "ask_for_correction": "补正告知",
    "bring_the_rest": "补正",
    "accept": "受理",
    "accept_lacking": "容缺受理",
    "remind_of_lacking": "提醒补交",
    "bring_lacking": "补交材料",
    "return_lacking": "退回补交的材料",
    "confirm_lacking": "补交材料已齐",
    "lapse": "逾期未补，终止办理",
    "decline": "不予受理",
    "begin_special_procedure": "启动特别程序",
    "end_special_procedure": "结束特别程序",
    "extend": "延长期限",
    "suspend": "中止审查",
    "resume": "恢复审查",
    "withdraw": "撤回申请",
    "terminate": "终止办理",
    "transfer": "移送",
    "decide": "作出决定",
    "correct_decision": "更正决定",
    "serve": "送达办结",
    "archive": "归档",
    "hand_up": "上报",
    "take_back": "取回上报",
    "send_on": "转送",
    "send_back": "退回",
    "bring_result": "收到上级决定",
    "have_again": "退回本厅",
    "late": "期限已过",
}

ACT_NAMES: Final = (
    ActNames(
        "办件",
        {
            **{f"casework.{act}": label for act, label in CASE_ACTS.items()},
            "casework.agree_to_licence": "同意使用证照",
            "casework.begin_collecting": "开始代收",
            "casework.collect": "代收送出",
            "casework.set_up": "开始设置办件",
            "casework.change_setup": "修改办件设置",
            "casework.open_setup": "开通申请",
            "casework.close_setup": "停办申请",
        },
        objects={"case": "办件", "case_setup": "办件设置", "collection": "代收"},
        fields={
            "number": "编号",
            "materials": "材料份数",
            "kind": "种类",
            "workdays": "工作日",
            "outcome": "决定",
            "digest": "目录摘要",
            "is_online": "网上申请",
            "item": "事项",
            "consent": "委托方式",
            "licence": "证照",
            "agreed": "同意方式",
        },
        choices={
            ("case", "state"): CaseState.choices,
            ("case", "outcome"): CaseOutcome.choices,
            ("case", "kind"): ExcludedStep.choices,
            ("case_setup", "state"): SetupState.choices,
            ("collection", "consent"): Consent.choices,
        },
    ),
)
