"""Who waits for a row finds it as the other one left it, with what is joined to it."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from foundation import schemas
from foundation.errors import Conflict
from province.halls.models import Hall
from tenants.workflow.models import Form, FormVersion, Run
from tenants.workflow.operations.forms import publish_form
from tenants.workflow.operations.run_rows import held_run
from tests.conftest import person
from tests.factories.forms import make_form
from tests.factories.runs import HANDLERS, begin_run, free_step, row_of
from tests.factories.sites import inside
from tests.races import at_once, somebody_waits
from tests.servers import wait_until

pytestmark = pytest.mark.usefixtures("fresh_database")


def one_waits_for(hall: Hall, row: Form | Run, first: Callable[[], Any], then: Callable[[], Any]) -> list[Any]:
    """``first`` is done by who holds the row, as soon as ``then`` waits for it."""
    is_held = Event()

    def hold() -> Any:
        with schemas.enter(hall.schema_name), transaction.atomic():
            type(row).objects.select_for_update().get(pk=row.pk)
            is_held.set()
            wait_until(somebody_waits, what="who waits for the row")
            return first()

    def follow() -> Any:
        is_held.wait(10)
        with schemas.enter(hall.schema_name), transaction.atomic():
            return then()

    return at_once(hold, follow)


class TestWhoWaits:
    def test_for_a_form_does_not_publish_it_a_second_time(self) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            form = make_form(north)

        def publish() -> FormVersion:
            return publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=form.revision)

        version, refusal = one_waits_for(north, form, publish, publish)
        assert version.number == 1
        assert isinstance(refusal, Conflict)

    def test_for_a_run_finds_it_on_the_version_that_it_was_moved_to(self) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            run = begin_run(north, row_of(north, free_step("hand", HANDLERS)))
            newer = row_of(north, free_step("hand", HANDLERS), code="newer").newest

        def move() -> None:
            Run.objects.filter(pk=run.pk).update(version=newer)

        _, found = one_waits_for(north, run, move, lambda: held_run(run.pk))
        assert found.version_id == newer.pk
