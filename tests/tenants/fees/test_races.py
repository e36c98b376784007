"""Two at once about one case or order, and a process that is killed: one order, one payment, nothing lost."""

from typing import Any

import pytest
from django.utils import timezone

from foundation import schemas
from foundation.errors import DomainError
from province.cases.models import CaseReport
from province.halls.models import Hall
from tenants.casework.models import Case, CaseSetup
from tenants.fees.models import FeeOrder, FeePayment
from tenants.fees.operations.paying import take_online_payment, take_payment
from tests.conftest import person
from tests.factories.casework import accepted
from tests.factories.fees import make_charged_setup, opened
from tests.factories.sites import inside
from tests.forked import killed
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("fresh_database")


def _told(slug: str, order_id: Any, reference: str) -> FeePayment:
    hall = Hall.objects.get(slug=slug)
    with schemas.enter(hall.schema_name):
        return take_online_payment(
            hall=hall, order_id=order_id, reference=reference, amount_fen=12_000, paid_at=timezone.now()
        )


class TestTwoAtOnce:
    def test_open_one_order_and_settle_it_once_and_survive_a_kill(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        make_charged_setup(north)
        with inside(north):
            case = accepted(north, CaseSetup.objects.get())
            other = accepted(north, CaseSetup.objects.get())

        def opening(of: Case) -> FeeOrder:
            with schemas.enter(north.schema_name):
                return opened(north, of)

        made = at_once(lambda: opening(case), lambda: opening(case))
        assert sum(isinstance(one, DomainError) for one in made) == 1, made
        order = next(one for one in made if isinstance(one, FeeOrder))

        # killed in the middle, nothing of it is kept; told again, it is there once
        killed(_told, "north", order.pk, "T1", dying_at=("tenants.fees.operations.paying", "move_order"))
        with inside(north):
            assert not FeePayment.objects.exists()
        killed(_told, "north", order.pk, "T1")
        told = at_once(lambda: _told("north", order.pk, "T1"), lambda: _told("north", order.pk, "T2"))
        assert all(isinstance(one, FeePayment) for one in told), told
        with inside(north):
            found = list(FeePayment.objects.order_by("reference").values_list("reference", "state"))
            assert found == [("T1", "received"), ("T2", "to_refund")]
            second = opened(north, other)

        def taking() -> FeePayment:
            with schemas.enter(north.schema_name):
                return take_payment(by=person("hua"), hall=north, order_id=second.pk, way="cash")

        taken = at_once(taking, taking, lambda: _told("north", second.pk, "T3"))
        assert sum(isinstance(one, FeePayment) for one in taken) >= 1, taken
        with inside(north):
            assert FeePayment.objects.filter(order=second, state="received").count() == 1
            assert FeePayment.objects.filter(order=second, reference="T3").count() == 1
            assert set(CaseReport.objects.values_list("owed_fen", flat=True)) == {0}
