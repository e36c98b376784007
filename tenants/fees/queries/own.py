"""An applicant's own order."""

from uuid import UUID

from foundation.errors import NotFound
from province.citizens.models import Citizen
from tenants.fees.models import FeeOrder
from tenants.fees.queries.access import NO_ORDER


def own_orders(citizen: Citizen, case_id: UUID) -> list[FeeOrder]:
    """Those of one of the citizen's own cases, the newest first; none for another person's."""
    rows = FeeOrder.objects.filter(case_id=case_id, case__citizen_id=citizen.pk)
    return list(rows.select_related("case").prefetch_related("lines").order_by("-pk"))


def own_order(citizen: Citizen, order_id: UUID) -> FeeOrder:
    """Raises NotFound, also for another person's and another hall's."""
    found = FeeOrder.objects.filter(pk=order_id, case__citizen_id=citizen.pk).select_related("case").first()
    if found is None:
        raise NotFound(NO_ORDER)
    return found
