"""Published answers, as readers of the site find them."""

from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.errors import NotFound
from foundation.masking import mask_name, scrub
from foundation.texts import visible
from foundation.written import models_once
from province.catalogue.models import ItemCode
from tenants.engagement.models import PublishedAnswer, Question
from tenants.engagement.queries.questions import Thread, thread_of
from tenants.engagement.queries.subjects import handlers_of
from tenants.engagement.states import PublishedState

MOST_OF_ITEM: Final = 3
_MOST_WORDS: Final = 5
# one character of a name is a word of any text
_SHORTEST_NAME: Final = 2
# digits by which people know a case
_SHORT_NUMBER: Final = 12
# between the names of who acted and for whom
_ACTS_FOR: Final = " 代 "


def shown_answers(words: str = "") -> QuerySet[PublishedAnswer]:
    """The newest first; ``words``: all of them in question or answer."""
    rows = PublishedAnswer.objects.filter(state=PublishedState.SHOWN)
    for word in visible(words).split()[:_MOST_WORDS]:
        rows = rows.filter(Q(asked__icontains=word) | Q(answered__icontains=word))
    return rows.order_by("-published_at", "-pk")


def shown_answers_of(item_id: UUID) -> list[PublishedAnswer]:
    """The newest of an item and of those that were merged into it, at most three: one query."""
    return models_once(PublishedAnswer, _answers_of, item_id)


def _answers_of(item_id: UUID) -> QuerySet[PublishedAnswer]:
    about = Q(item_id=item_id) | Q(item_id__in=ItemCode.objects.filter(item=item_id).values("borne_by"))
    return shown_answers().filter(about)[:MOST_OF_ITEM]


def shown_answer(answer_id: UUID) -> PublishedAnswer:
    """Raises NotFound, also for one that was taken down."""
    found = shown_answers().select_related("question").filter(pk=answer_id).first()
    if found is None:
        raise NotFound("没有这条公开答复，可能已经撤下。")
    return found


def published_of(question: Question) -> PublishedAnswer | None:
    """What was published of it, also where it was taken down."""
    return PublishedAnswer.objects.filter(question=question).first()


def masked_text(text: str, thread: Thread) -> str:
    """The text without resident and mobile numbers and without the asker's name, as it may be published; of a
    complaint also without the number of its case and the names of those who have handled it."""
    masked = scrub(text)
    asker = thread.asker.name.plain if thread.asker else ""
    handlers = [one for name in handlers_of(thread.question).values() for one in name.split(_ACTS_FOR)]
    for name in (asker, *handlers):
        if len(name) >= _SHORTEST_NAME:
            masked = masked.replace(name, mask_name(name))
    number = thread.case_number
    for shown in (number, number[-_SHORT_NUMBER:]) if number else ():
        masked = masked.replace(shown, "****")
    return masked


def proposed_texts(question: Question) -> tuple[str, str]:
    """Question and latest answer, masked: with what who publishes it begins."""
    thread = thread_of(question)
    reply = thread.reply
    return masked_text(thread.text, thread), masked_text(reply.text if reply else "", thread)
