"""How a question stands, as its asker is told."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as in_words

from province.opinion.states import QuestionState
from standards.workdays import ASSUMED
from tenants.engagement.queries.questions import Thread
from tenants.engagement.queries.readers import due_above, is_nobodys, raised_way
from tenants.engagement.queries.settings import WINDOW


def status_sentence(thread: Thread) -> str:
    """One plain sentence with the day that was promised."""
    question = thread.question
    match question.state:
        case QuestionState.RAISED:
            return _raised_sentence(thread)
        case QuestionState.WAITING:
            return _waiting_sentence(thread)
        case QuestionState.ANSWERED:
            reply = thread.reply
            who = (reply.unit_name if reply else "") or WINDOW
            return f"{who}已在{_day(reply.created_at if reply else question.state_at)}答复，见下方。"
        case QuestionState.REFUSED:
            return "这件事不归本厅办理，该去哪里办，见下方说明。"
        case _:
            return f"这条{question.get_kind_display()}已在{_day(question.state_at)}办结。"


def _waiting_sentence(thread: Thread) -> str:
    question, due = thread.question, _day(thread.question.due_on)
    word = question.get_kind_display()
    if question.is_complaint and is_nobodys(question):
        return f"本厅和上级服务厅现在都没有能回避的人处理这条{word}，请拨打 12345 反映；有人能处理了，会在这里答复您。"
    if question.is_overdue:
        return f"抱歉让您久等了：这条{word}应在{due}前答复，已经超过期限，{thread.unit_name}还没有答复。"
    if question.is_due_assumed:
        return f"{thread.unit_name}预计最迟在{due}答复您（{ASSUMED}）。"
    return f"{thread.unit_name}最迟在{due}答复您。"


def _raised_sentence(thread: Thread) -> str:
    """With whom it is, and until when that hall answers."""
    way = raised_way(thread.question)
    above = way.to_hall.name if way else "上级服务厅"
    begun = f"本厅能处理投诉的人都参与过这个办件，这条投诉已转{above}处理"
    due_on = due_above(way) if way else None
    if due_on is None:
        return f"{begun}，对方签收以后开始计时，答复会显示在这里。"
    if due_on < timezone.localdate():
        return f"抱歉让您久等了：{begun}，应在{_day(due_on)}前答复，已经超过期限，您可以拨打 12345 反映。"
    return f"{begun}，最迟在{_day(due_on)}答复您，答复会显示在这里。"


def _day(moment: date | datetime) -> str:
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return in_words(day, "Y年n月j日")
