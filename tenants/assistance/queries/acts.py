"""What the audit calls the acts on what is taken in for people."""

from typing import Final

from province.audit.queries.acts import ActNames
from province.cases.states import Consent
from tenants.assistance.states import AssistanceState

ACT_NAMES: Final = (
    ActNames(
        "代办",
        {
            "assistance.begin_assistance": "开始代办",
            "assistance.add_file": "上传代办材料",
            "assistance.hand_over": "交办",
            "assistance.take_back": "取回交办",
            "assistance.end_consent": "本人撤回委托",
            "assistance.drop_assistance": "删除代办草稿",
            "assistance.bring_rest": "代办补交",
            "assistance.take_over": "接手代办",
            "assistance.bring_answer": "收到代办的结果",
        },
        objects={"assistance": "代办"},
        fields={"item": "事项", "to_hall": "办理的服务厅", "consent": "委托方式", "clerk": "代办人"},
        choices={
            ("assistance", "state"): AssistanceState.choices,
            ("assistance", "consent"): Consent.choices,
        },
    ),
)
