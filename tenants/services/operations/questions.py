"""我有问题: what citizens ask about an item, and somebody at the hall answers."""

import secrets
from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.errors import Fault, Invalid
from foundation.texts import visible
from province.audit.operations import record_act
from province.citizens.operations.guest_contacts import keep_guest_contact
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.services.models import Question
from tenants.services.queries.shown import shown_item

LONGEST_QUESTION: Final = 500
_STRANGER: Final = Actor(None, "未登录的群众", ())
_LEAST_NUMBER: Final = 10_000_000


@transaction.atomic
def ask_question(*, hall: Hall, item_id: UUID, text: str, name: str, phone: str, address: str, proof: str) -> Question:
    """Keep a question from somebody who is not signed in; ``proof`` as for ``keep_guest_contact``.

    Raises NotFound where the hall does not show the item, Invalid without a question or a mobile number, TooMany.
    """
    shown = shown_item(item_id)
    asked = _clean(text)
    guest_contact = keep_guest_contact(hall_id=hall.pk, name=name, phone=phone, address=address, proof=proof)
    question = Question.objects.create(
        number=_draw_number(),
        item_id=item_id,
        item_version_id=shown.version.pk,
        text=asked,
        guest_contact_id=guest_contact.pk,
    )
    record_act(
        by=_STRANGER,
        act="services.ask_question",
        object_type="question",
        object_id=question.pk,
        hall_id=hall.pk,
        changes={"number": [None, question.number], "basic_code": [None, shown.version.item.basic_code]},
    )
    return question


def _clean(text: str) -> str:
    asked = visible(text).strip()
    message = ""
    if not asked:
        message = "请写下您的问题。"
    elif len(asked) > LONGEST_QUESTION:
        message = f"问题最多 {LONGEST_QUESTION} 个字，现在有 {len(asked)} 个。"
    if message:
        raise Invalid(message, faults=[Fault("text", message)])
    return asked


def _draw_number() -> int:
    """Draw a free number at random, so that it does not tell how many questions there are."""
    while True:
        number = _LEAST_NUMBER + secrets.randbelow(9 * _LEAST_NUMBER)
        if not Question.objects.filter(number=number).exists():
            return number
