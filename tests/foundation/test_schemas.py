import pytest
from django.db import connection

from foundation import schemas
from province.halls.models import Hall
from tenants.portal.models import Column

pytestmark = pytest.mark.django_db


class TestEnter:
    def test_shows_one_hall_its_own_rows_alone(self) -> None:
        north, south = Hall.objects.get(slug="north"), Hall.objects.get(slug="south")
        with schemas.enter(north.schema_name):
            Column.objects.create(code="only-north", name="北厅栏目")
        with schemas.enter(south.schema_name):
            assert not Column.objects.filter(code="only-north").exists()
        with schemas.enter(north.schema_name):
            assert Column.objects.filter(code="only-north").exists()

    def test_leaves_the_schema_as_it_was_even_after_an_error(self) -> None:
        with pytest.raises(RuntimeError), schemas.enter("hall_000001"):
            raise RuntimeError
        assert schemas.current_schema() == schemas.PUBLIC

    def test_nests(self) -> None:
        with schemas.enter("hall_000001"):
            with schemas.enter("hall_000002"):
                assert schemas.current_schema() == "hall_000002"
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_schema()")
                assert cursor.fetchone() == ("hall_000001",)
