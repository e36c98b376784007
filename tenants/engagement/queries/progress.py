"""查进度: where a question is, for who knows its number and the end of the phone that was left."""

from uuid import UUID

from django.utils.crypto import constant_time_compare

from province.citizens.models import Citizen, GuestContact
from province.halls.models import Hall
from tenants.engagement.models import NUMBER_DIGITS, Question
from tenants.shell.slots import FoundProgress

_NOBODY = UUID(int=0)


def find_progress(hall: Hall, number: str, tail: str) -> FoundProgress | None:  # noqa: ARG001 - the slot's signature
    """A complaint that came from a hall below is looked up there alone. Asks the same queries whether the number or the
    tail is wrong."""
    if not (number.isascii() and number.isdecimal() and len(number) == NUMBER_DIGITS):
        return None
    question = Question.objects.filter(number=int(number), referral_id=None).first()
    citizen_id = question.citizen_id if question else None
    guest_contact_id = question.guest_contact_id if question else None
    asker = (
        Citizen.objects.filter(pk=citizen_id).first()
        if citizen_id
        else GuestContact.objects.filter(pk=guest_contact_id or _NOBODY).first()
    )
    phone = asker.phone.plain if asker else ""
    # somebody without a phone is found by none
    is_right = constant_time_compare(phone[-len(tail) :] or "none", tail)
    return FoundProgress(question.pk, f"/engagement/questions/{question.pk}/") if question and is_right else None
