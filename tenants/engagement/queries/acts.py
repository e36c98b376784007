"""What the audit calls the acts on questions."""

from province.audit.queries.acts import ActNames
from province.opinion.states import QuestionState
from tenants.engagement.states import PublishedState, QuestionChannel

_QUESTIONS = ActNames(
    "群众咨询",
    {
        "engagement.ask_question": "群众咨询",
        "engagement.complain": "群众投诉",
        "engagement.enter_question": "代录咨询",
        "engagement.enter_complaint": "代录投诉",
        "engagement.raise_complaint": "投诉转上级处理",
        "engagement.take_up_complaint": "签收下级厅转来的投诉",
        "engagement.bring_answer": "收到上级的答复",
        "engagement.ask_further": "群众追问",
        "engagement.reply": "答复咨询或投诉",
        "engagement.transfer_question": "转办咨询",
        "engagement.refuse_question": "告知去处",
        "engagement.close_question": "办结咨询或投诉",
        "engagement.note_overdue": "超期未答复",
        "engagement.move_limit": "按新的工作日历重算答复期限",
        "engagement.publish_answer": "公开答复",
        "engagement.withdraw_answer": "撤下公开答复",
        "engagement.send_message_again": "再发短信通知",
        "engagement.end_contact": "删除提问人联系方式",
        "engagement.set_up": "修改咨询设置",
    },
    objects={"question": "群众咨询", "complaint": "群众投诉"},
    fields={
        "number": "编号",
        "basic_code": "基本编码",
        "unit": "答复部门",
        "due_on": "答复期限",
        "answer_days": "答复期限（工作日）",
        "complaint_days": "投诉处理期限（工作日）",
        "department": "主管部门",
        "published": "公开",
        "channel": "收到方式",
        "to_hall": "转往",
        "from_hall": "来自",
        "words": "字数",
    },
    choices={
        ("question", "state"): QuestionState.choices,
        ("question", "published"): PublishedState.choices,
        ("question", "channel"): QuestionChannel.choices,
        ("complaint", "channel"): QuestionChannel.choices,
        ("complaint", "state"): QuestionState.choices,
        ("complaint", "published"): PublishedState.choices,
    },
)

ACT_NAMES = (_QUESTIONS,)
