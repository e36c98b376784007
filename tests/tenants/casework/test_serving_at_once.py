"""What two at once leave of service: a document is opened once, and nothing is served electronically against a consent
that was withdrawn before."""

from collections.abc import Callable

import pytest

from foundation.errors import Conflict
from province.halls.models import Hall
from tenants.casework.models import Case
from tenants.casework.operations.serving import ServiceWish
from tests.factories.adoptions import make_shown
from tests.factories.casework import apply_online, give_all, make_setup
from tests.factories.citizens import make_proved
from tests.factories.sites import inside
from tests.races import at_once
from tests.tenants.casework.test_serving import accept_case, choose, decide_case, opened_by, person, serve


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_open_once_and_serve_by_what_was_said_first(self) -> None:
        north, citizen = Hall.objects.get(slug="north"), make_proved(1)
        adoption = make_shown(north)
        north.refresh_from_db()
        with inside(north):
            setup = make_setup(north, adoption)
            cases = [apply_online(north, setup, citizen) for _ in range(2)]
            for one in cases:
                give_all(north, one)
                accept_case(by=person("cao"), hall=north, case_id=one.pk)
                decide_case(by=person("he"), hall=north, case_id=one.pk, outcome="granted", reasons="")
                choose(north, one, citizen)
        first, second = cases

        def within(act: Callable[[], object]) -> Callable[[], object]:
            def run() -> object:
                with inside(north):
                    return act()

            return run

        at_once(within(lambda: serve(north, first)), within(lambda: serve(north, first)))
        at_once(*[within(lambda: opened_by(north, first, citizen))] * 3)
        paper = ServiceWish(way="window")
        served, said = at_once(
            within(lambda: serve(north, second)), within(lambda: choose(north, second, citizen, paper))
        )
        with inside(north):
            found = Case.objects.get(pk=first.pk)
            assert len(found.serving.served) == 1
            assert found.acts.filter(act="serve").count() == 1
            assert found.acts.filter(act="open_served").count() == 1
            # one of the two was too late
            assert isinstance(served, Conflict) is not isinstance(said, Conflict)
            assert bool(Case.objects.get(pk=second.pk).serving.served) is isinstance(said, Conflict)
