"""What the doctor asks does not grow with the number of halls."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.doctor import audit, schemas, services
from config.doctor.findings import DoctorFault
from province.halls.models import Division, Hall
from provisioning import verify
from provisioning.create import provision_halls
from standards.numbers.divisions import DivisionLevel
from tests.conftest import person
from tests.factories.halls import make_division
from tests.plugin import ask
from tests.provisioning.conftest import MakeVillages

CHECKS: tuple[Callable[[], DoctorFault | None], ...] = (
    schemas.halls_match_their_template,
    *(services.events_handled, services.no_dead_events, services.subscribers_there),
    *(audit.audit_guarded, audit.audit_key_right, audit.audit_witnessed, audit.audit_linked),
)


def _asked() -> tuple[int, int]:
    """How many statements all checks ask, and how many halls' schemas they look into."""
    with CaptureQueriesContext(connection) as queries:
        for check in CHECKS:
            check()
    names = {name for query in queries for name in re.findall(r"'(hall_[0-9]+)'", query["sql"])}
    return len(queries), len(names)


@pytest.mark.django_db
class TestDoctor:
    def test_asks_as_much_among_many_halls_and_looks_into_a_few(self, make_villages: MakeVillages) -> None:
        make_villages(9)
        provision_halls(by=person("zhao"), under="420582", workers=1)
        few = Hall.objects.count()
        statements, seen = _asked()
        assert seen == few
        _make_more_villages()
        provision_halls(by=person("zhao"), under="420582", workers=1)
        assert Hall.objects.count() > few + schemas.SAMPLE
        more = _asked()
        # a kind of which none was drawn is asked less
        assert more[0] <= statements
        assert more[1] == schemas.SAMPLE

    def test_reads_the_list_of_all_relations_once_however_many_halls_it_looks_into(self) -> None:
        """It has no index by schema: each reading of it costs what all halls have."""
        names = list(Hall.objects.values_list("schema_name", flat=True))
        assert len(names) > 1
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {verify.DIGESTS}", [names])
            [[[plan]]] = cursor.fetchall()
        readings = [
            step["Actual Loops"]
            for step in _steps(plan["Plan"])
            if step["Node Type"] == "Seq Scan" and step["Relation Name"] == "pg_class"
        ]
        assert readings == [1]

    def test_says_that_it_looked_into_some(self, north: Hall) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {north.schema_name}.portal_column ADD COLUMN stray int")
        found = schemas.halls_match_their_template()
        assert found
        assert f"抽查的 {Hall.objects.count()} 个" in found.fault


def _steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield step
    for below in step.get("Plans", ()):
        yield from _steps(below)


def _make_more_villages() -> None:
    """Sixty below the township that has some."""
    township = Division.objects.get(code="420582001000")
    for number in range(60):
        make_division(f"420582001{300 + number}", f"第{number}村委会", DivisionLevel.VILLAGE, township)


class TestPostgres:
    def test_begins_again_without_opening_every_file(self) -> None:
        """After a kill -9 it would wait for 220,000 of them."""
        assert ask("SHOW recovery_init_sync_method") == ["syncfs"]
