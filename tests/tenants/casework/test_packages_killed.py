"""一件事, cut short: an application that is killed in between, or handed in, gone on with and withdrawn at once, leaves
each case once or not at all."""

import pytest

from province.cases.states import CaseState
from province.citizens.models import Citizen
from province.halls.models import Hall
from tenants.casework.models import Case, PackageApplication
from tenants.casework.operations import packages as operations
from tenants.casework.operations.packages import begin_package, withdraw_package
from tenants.workflow.models import FilledForm
from tenants.workflow.operations.filling import save_filling, send_filling
from tests.factories.casework import whole_values
from tests.factories.citizens import make_proved
from tests.factories.forms import citizen_filler
from tests.factories.packages import make_package, make_parts
from tests.factories.sites import inside
from tests.forked import killed
from tests.races import at_once
from tests.tenants.casework.test_packages import case_at, decide, places


@pytest.mark.usefixtures("fresh_database")
class TestCutShort:
    def test_loses_and_doubles_nothing_when_killed_and_of_two_at_once_one_wins(self) -> None:
        north, citizen = Hall.objects.get(slug="north"), make_proved(1)
        setups = make_parts(north)
        package = make_package(setups, in_order=True)
        with inside(north):
            begun = begin_package(who=citizen_filler(citizen), hall=north, package_id=package.pk, answers={})
            who, given = citizen_filler(citizen), {"hall": north, "filled_id": begun.filled_id}
            posted = whole_values(begun.filled, citizen)
            save_filling(who=who, **given, posted=posted, revision=0)  # type: ignore[arg-type]
        # after the first of its cases
        killed(send, north, citizen, begun, dying_at=(operations.__name__, "_record"))
        with inside(north):
            assert (Case.objects.count(), PackageApplication.objects.get().number) == (0, "")
        at_once(*[lambda: send(north, citizen, begun)] * 3)
        with inside(north):
            application = PackageApplication.objects.get()
            assert places(application) == [1, 2]
            decide(north, case_at(application, 1))
        killed(go_on, north, application, dying_at=(operations.__name__, "receive_case"))
        with inside(north):
            assert places(application) == [1, 2]
        at_once(*[lambda: go_on(north, application)] * 3, lambda: withdraw(north, citizen, application))
        with inside(north):
            application.refresh_from_db()
            last = Case.objects.filter(package=application, package_place=3).first()
            # received before the withdrawal, which then took it back; or never
            assert last.state == CaseState.WITHDRAWN if last else [one["place"] for one in application.ended] == [3]


def send(north: Hall, citizen: Citizen, begun: PackageApplication) -> None:
    with inside(north):
        filled = FilledForm.objects.get(pk=begun.filled_id)
        send_filling(who=citizen_filler(citizen), hall=north, filled_id=filled.pk, revision=filled.revision)


def go_on(north: Hall, application: PackageApplication) -> None:
    with inside(north):
        operations.go_on_with_package(hall=north, application_id=application.pk, cause_id=application.pk)


def withdraw(north: Hall, citizen: Citizen, application: PackageApplication) -> None:
    with inside(north):
        withdraw_package(who=citizen_filler(citizen), hall=north, application_id=application.pk)
