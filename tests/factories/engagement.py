"""Questions to halls, and what was said about them."""

from typing import Any
from uuid import UUID

from province.halls.models import Hall
from province.people.models import Account, Position, Unit
from province.rights.roles import Reach, Role
from tenants.engagement.models import Question, QuestionMessage
from tenants.engagement.operations.answering import reply_to_question
from tenants.engagement.operations.asking import Guest, Inquiry, ask_as_guest
from tenants.engagement.operations.publication import publish_answer
from tests.conftest import person
from tests.factories.citizens import phone_of
from tests.factories.halls import make_person
from tests.factories.sites import inside

TEXT = "刚搬来，还没有房产证，用租房合同可以吗？"
REPLY = "可以。请带租房合同和身份证，到综合窗口办理，电话 0717-3251234。"


def make_question(hall: Hall, item_id: UUID | None = None, **facts: Any) -> Question:
    """By a guest; ``text``, ``name``, ``phone``, ``unit_id``, ``consents`` and others as given."""
    who = {name: facts.pop(name) for name in ("name", "phone", "address", "proof") if name in facts}
    with inside(hall):
        return ask_as_guest(
            hall=hall,
            inquiry=Inquiry(item_id=item_id, **{"text": TEXT} | facts),
            guest=Guest(**{"phone": phone_of()} | who),
        )


def last_of(question: Question) -> UUID:
    """The last message; inside the hall."""
    return question.messages.latest("pk").pk


def reply(hall: Hall, question: Question, by: str, text: str = REPLY) -> QuestionMessage:
    with inside(hall):
        return reply_to_question(by=person(by), hall=hall, question_id=question.pk, text=text, after=last_of(question))


def make_published(hall: Hall, item_id: UUID | None = None, *, by: str, **facts: Any) -> Question:
    """Asked, answered and published."""
    question = make_question(hall, item_id, consents=True, **facts)
    reply(hall, question, by)
    with inside(hall):
        asked = question.messages.earliest("pk").text
        publish_answer(by=person(by), hall=hall, question_id=question.pk, asked=asked, answered=REPLY)
    return question


def make_handler(hall: Hall, username: str, unit: str) -> Account:
    """Somebody who answers for one department of the hall."""
    account = make_person(username, f"{unit[:1]}某")
    Position.objects.create(
        account=account,
        role=Role.HANDLER,
        hall_id=hall.pk,
        reach_prefix=hall.prefixes[-1],
        reach=Reach.UNIT,
        unit=Unit.objects.get_or_create(hall_id=hall.pk, name=unit)[0],
    )
    return account
