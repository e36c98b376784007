"""Which departments of this hall others may ask for an opinion on their 联办件."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.errors import Invalid
from province.audit.operations import record_act
from province.cases.operations import report_opinion_offers
from province.cases.queries.opinions import offered_units
from province.halls.models import Hall
from province.people.models import Unit
from province.rights.actors import Actor
from tenants.casework.queries.access import SET_UP
from tenants.portal.operations.figures import require_in_hall

MOST_OFFERED: Final = 50


@transaction.atomic
def offer_opinions(*, by: Actor, hall: Hall, unit_ids: Collection[UUID | None]) -> list[UUID | None]:
    """Say which departments halls of the same county, above and below may ask from now on; None: those who work for the
    whole hall. What was asked before goes on. Once more changes nothing. Returns them.

    Raises NotAllowed, Invalid for a department that there is not, or too many.
    """
    require_in_hall(by, SET_UP, hall)
    wanted = {one for one in unit_ids if one}
    if len(wanted) > MOST_OFFERED:
        message = f"最多选 {MOST_OFFERED} 个部门。"
        raise Invalid.at("units", message)
    known = Unit.objects.filter(pk__in=wanted, hall_id=hall.pk, retired_at=None).count()
    if known < len(wanted):
        raise Invalid.at("units", "没有这个部门，请重新选择。")
    before = offered_units(hall)
    if {*before} == {*unit_ids}:
        return before
    report_opinion_offers(hall_id=hall.pk, unit_ids=unit_ids)
    record_act(
        by=by,
        act="casework.offer_opinions",
        object_type="opinion_offers",
        object_id=hall.pk,
        hall_id=hall.pk,
        changes={"departments": [len(before), len({*unit_ids})]},
    )
    return offered_units(hall)
