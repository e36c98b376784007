"""公开答复: an answer that others may need stands on the hall's site, without names and numbers."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import LONGEST_SHORT_REASON, clean_reason
from foundation.errors import Conflict
from province.halls.models import Hall
from province.halls.operations import touch_hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import Reach, Role
from tenants.engagement.models import LONGEST_QUESTION, LONGEST_REPLY, PublishedAnswer
from tenants.engagement.operations.answerers import tell_author_published
from tenants.engagement.operations.rows import clean_text, lock_question, record
from tenants.engagement.queries.published import masked_text, published_of
from tenants.engagement.queries.questions import thread_of
from tenants.engagement.states import PUBLISHED_TRANSITIONS, PublishedState

PUBLISH = declare(
    "engagement.publish",
    "公开咨询答复",
    reach=Reach.UNIT,
    roles={Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK, Role.VILLAGE_CLERK},
)


@transaction.atomic
def publish_answer(*, by: Actor, hall: Hall, question_id: UUID, asked: str, answered: str) -> PublishedAnswer:
    """Show question and answer on the site from the commit on, in the words of who publishes them; once more: in other
    words. Resident and mobile numbers and the asker's name are masked whatever was written; of a complaint also the
    number of its case and the names of those who have handled it.

    Raises Conflict where the asker did not agree, or nothing was answered; Invalid for a text that is missing or too
    long.
    """
    question = lock_question(by, hall, question_id, PUBLISH)
    thread = thread_of(question)
    if not question.consents:
        raise Conflict(f"本人没有同意公开，不能公开这条{question.get_kind_display()}。")
    if thread.reply is None:
        raise Conflict("还没有答复，不能公开。")
    asked = clean_text(asked, ask="请填写公开的问题。", most=LONGEST_QUESTION, field="asked")
    answered = clean_text(answered, ask="请填写公开的答复。", most=LONGEST_REPLY, field="answered")
    published = published_of(question)
    before = published.state if published else None
    if published is None:
        published = PublishedAnswer(question=question)
    else:
        PUBLISHED_TRANSITIONS.check(published.state, PublishedState.SHOWN)
    published.state = PublishedState.SHOWN
    # a complaint stands on no guide
    published.item_id = None if question.is_complaint else question.item_id
    published.asked = masked_text(asked, thread)[:LONGEST_QUESTION]
    published.answered = masked_text(answered, thread)[:LONGEST_REPLY]
    published.unit_name = thread.reply.unit_name
    published.published_at = timezone.now()
    published.published_by_name = by.shown_name
    published.withdrawn_reason = ""
    published.save()
    touch_hall(hall.pk)
    tell_author_published(hall, question, thread.reply.author_id, by_id=by.id)
    record(by, hall, question, "publish_answer", changes={"published": [before, published.state]})
    return published


@transaction.atomic
def withdraw_answer(*, by: Actor, hall: Hall, question_id: UUID, reason: str) -> PublishedAnswer:
    """Take it from the site, from the commit on; its words are kept. Raises Conflict where nothing is shown, Invalid
    without a reason."""
    question = lock_question(by, hall, question_id, PUBLISH)
    reason = clean_reason(reason, ask="请写明撤下的原因。", most=LONGEST_SHORT_REASON)
    published = published_of(question)
    if published is None:
        raise Conflict(f"这条{question.get_kind_display()}没有公开过。")
    PUBLISHED_TRANSITIONS.check(published.state, PublishedState.WITHDRAWN)
    before, published.state = published.state, PublishedState.WITHDRAWN
    published.withdrawn_reason = reason
    published.save(update_fields=["state", "withdrawn_reason"])
    touch_hall(hall.pk)
    record(by, hall, question, "withdraw_answer", reason=reason, changes={"published": [before, published.state]})
    return published
