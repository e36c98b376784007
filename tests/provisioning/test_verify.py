import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.errors import NotAllowed
from province.halls.models import Hall
from provisioning.create import provision_halls
from provisioning.models import HallSchema
from provisioning.verify import verify_halls
from tests.conftest import person
from tests.provisioning.conftest import MakeVillages

pytestmark = pytest.mark.django_db


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


class TestVerifyHalls:
    def test_finds_nothing_where_nothing_was_altered(self) -> None:
        found = verify_halls(by=person("zhao"))
        assert (found.checked, found.behind, found.drifts) == (3, 0, ())

    @pytest.mark.parametrize(
        ("sql", "difference"),
        [
            ("DROP INDEX {}.portal_article_of_column", "缺少索引"),
            ("ALTER TABLE {}.portal_column ADD COLUMN extra integer", "多出字段 portal_column.extra integer"),
            ("ALTER TABLE {}.portal_column ALTER COLUMN name DROP NOT NULL", "缺少字段 portal_column.name"),
            ("ALTER TABLE {}.portal_articleversion DROP CONSTRAINT one_article_version_per_number", "缺少约束"),
            ("DROP SCHEMA {} CASCADE", "缺少整个结构"),
            ("CREATE TABLE {}.stray (id integer)", "多出表 stray"),
        ],
    )
    def test_names_what_was_altered(self, sql: str, difference: str, north: Hall) -> None:
        run(sql.format(north.schema_name))
        [drift] = verify_halls(by=person("zhao")).drifts
        assert (drift.schema_name, drift.code, drift.name) == (north.schema_name, "420582000000", north.name)
        assert any(one.startswith(difference) for one in drift.differences)

    def test_names_schemas_that_nobody_registered(self) -> None:
        run('CREATE SCHEMA "hall_000999"')
        [drift] = verify_halls(by=person("zhao")).drifts
        assert (drift.schema_name, drift.differences) == ("hall_000999", ("没有登记的结构",))

    def test_counts_halls_that_wait_for_an_upgrade_apart(self, north: Hall) -> None:
        HallSchema.objects.filter(hall=north).update(digest="0" * 64)
        found = verify_halls(by=person("zhao"))
        assert (found.checked, found.behind, found.drifts) == (2, 1, ())

    def test_takes_the_same_queries_for_few_and_many(self, make_villages: MakeVillages) -> None:
        actor = person("zhao")
        with CaptureQueriesContext(connection) as few:
            verify_halls(by=actor)
        make_villages(40)
        provision_halls(by=actor, under="420582", kinds=["village"], workers=1)  # type: ignore[list-item]
        with CaptureQueriesContext(connection) as many:
            assert verify_halls(by=actor).checked == 43
        assert len(many) == len(few)

    def test_is_refused_to_a_halls_editor(self) -> None:
        with pytest.raises(NotAllowed):
            verify_halls(by=person("sun"))
