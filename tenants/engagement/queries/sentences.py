"""How a question stands, as its asker is told."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as in_words

from province.opinion.states import QuestionState
from standards.workdays import ASSUMED
from tenants.engagement.queries.questions import Thread
from tenants.engagement.queries.settings import WINDOW


def status_sentence(thread: Thread) -> str:
    """One plain sentence with the day that was promised."""
    question, due = thread.question, _day(thread.question.due_on)
    word = question.get_kind_display()
    match question.state:
        case QuestionState.WAITING if question.is_overdue:
            return f"抱歉让您久等了：这条{word}应在{due}前答复，已经超过期限，{thread.unit_name}还没有答复。"
        case QuestionState.WAITING:
            if question.is_due_assumed:
                return f"{thread.unit_name}预计最迟在{due}答复您（{ASSUMED}）。"
            return f"{thread.unit_name}最迟在{due}答复您。"
        case QuestionState.ANSWERED:
            reply = thread.reply
            who = (reply.unit_name if reply else "") or WINDOW
            return f"{who}已在{_day(reply.created_at if reply else question.state_at)}答复，见下方。"
        case QuestionState.REFUSED:
            return "这件事不归本厅办理，该去哪里办，见下方说明。"
        case _:
            return f"这条{word}已在{_day(question.state_at)}办结。"


def _day(moment: date | datetime) -> str:
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return in_words(day, "Y年n月j日")
