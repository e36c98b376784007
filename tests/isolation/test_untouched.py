"""What is said of changed rows is true: of every way of writing, and of the hall's own rows alone."""

import pytest

from foundation import schemas
from province.halls.models import Hall, HallDomain
from tenants.portal.models import Column
from tests.factories.sites import make_columns
from tests.isolation.untouched import HallRows, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(north: Hall) -> HallRows:
    make_columns(north)
    return HallRows(north)


class TestUndone:
    def test_names_what_was_written_and_takes_it_back(self, north: Hall, rows: HallRows) -> None:
        with undone(rows) as changed:
            assert not Column.objects.none().exists()
        assert changed == []
        for change in ("insert", "update", "delete"):
            with undone(rows) as changed, schemas.enter(north.schema_name):
                match change:
                    case "insert":
                        Column.objects.create(code="further", name="另一栏目")
                    case "update":
                        Column.objects.filter(parent=None).update(name="改了")
                    case "delete":
                        Column.objects.filter(children=None).delete()
            assert changed == ["north: portal.Column"], change
        assert rows.changed() == []

    def test_tells_public_rows_of_this_hall_from_anothers(self, north: Hall, south: Hall, rows: HallRows) -> None:
        with undone(rows) as changed:
            HallDomain.objects.filter(tenant=south).update(is_primary=False)
        assert changed == []
        with undone(rows) as changed:
            HallDomain.objects.filter(tenant=north).update(is_primary=False)
        assert changed == ["north: halls.HallDomain"]

    def test_is_not_taken_in_by_a_savepoint_that_was_given_back(self, north: Hall, rows: HallRows) -> None:
        with undone(rows) as changed:
            with undone():
                HallDomain.objects.filter(tenant=north).delete()
            assert rows.changed() == []
        assert changed == []

    def test_finds_what_was_written_outside_of_it(self, north: Hall, rows: HallRows) -> None:
        HallDomain.objects.filter(tenant=north).delete()
        assert rows.changed() == ["halls.HallDomain"]
