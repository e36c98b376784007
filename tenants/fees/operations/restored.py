"""What stands outside the hall's schema of its orders is made to agree with the hall's rows again."""

from django.db import transaction

from foundation.events.calls import drop_calls_of_hall, want_calls
from province.cases.operations import report_owed_fees
from province.halls.models import Hall
from tenants.fees.models import FeeOrder
from tenants.fees.queries.online import PAYMENT_CALL
from tenants.fees.states import FeeState


@transaction.atomic
def report_fees_again(*, hall: Hall) -> None:
    """The hall's rows came out of an archive: what is owed is reported as it stood, and the payment interface is asked
    about every order that it was told of, since money may have come meanwhile."""
    orders = list(FeeOrder.objects.select_for_update().filter(state=FeeState.OPEN).prefetch_related("lines"))
    report_owed_fees(hall_id=hall.pk, owed={one.case_id: one.total_fen for one in orders})
    drop_calls_of_hall(kind=PAYMENT_CALL, hall_id=hall.pk)
    placed = FeeOrder.objects.exclude(pay_address="").values_list("pk", flat=True)
    want_calls(kind=PAYMENT_CALL, hall_id=hall.pk, subject_ids=list(placed))
