"""Who is on duty at a moment: what flows ask."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from standards.flows.people import OnDuty
from tenants.duty.models import DutyTurn
from tenants.duty.states import DutyPart


def people_on_duty(at: datetime, who: OnDuty) -> list[UUID]:
    """The accounts of those whose shift holds at this moment by the hall's clock: of the whole hall or of the rule's
    department, the leaders on duty where it asks for them. One query, of two days."""
    part = DutyPart.LEADER if who.leading else DutyPart.PERSON
    return [one.account_id for one in turns_at(at) if one.part == part and one.shift.unit_id == who.unit_id]


def turns_at(at: datetime) -> list[DutyTurn]:
    """Whose turn it is at this moment, in all shifts that are in use: one query."""
    moment = timezone.localtime(at).replace(tzinfo=None)
    # a night shift is that of the day on which it began
    days = (moment.date() - timedelta(days=1), moment.date())
    turns = DutyTurn.objects.filter(on__in=days, shift__is_in_use=True).select_related("shift")
    found = turns.order_by("shift__starts_at", "part", "place", "pk")
    return [one for one in found if one.shift.covers(one.on, moment)]
