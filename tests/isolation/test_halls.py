"""Nothing of one hall stands where another's does: rows, folders and kept pages, generated from what there is."""

import pytest
from django.db import connection
from django.test import RequestFactory

from foundation import schemas
from province.halls.models import Hall
from tenants.shell.page_cache import page_key
from tests.isolation.filled import Filled
from tests.isolation.markers import HALL_MODELS
from tests.isolation.routes import routes_of
from tests.strays import Strays

pytestmark = pytest.mark.django_db


class TestTable:
    def test_holds_its_own_halls_rows(self, filled_north: Filled, filled_south: Filled) -> None:
        with Strays(least=10) as strays:
            for model in HALL_MODELS:
                with strays.of(model._meta.label):
                    with schemas.enter(filled_south.hall.schema_name):
                        keys = set(model.objects.values_list("pk", flat=True))
                    assert keys, "give the halls of this suite such a row (conftest.py)"
                    with schemas.enter(filled_north.hall.schema_name):
                        assert not model.objects.filter(pk__in=keys).exists()

    def test_does_not_stand_in_public(self) -> None:
        with connection.cursor() as cursor, Strays(least=10) as strays:
            for model in HALL_MODELS:
                with strays.of(model._meta.label):
                    cursor.execute("SELECT to_regclass(%s)", [f"public.{model._meta.db_table}"])
                    assert cursor.fetchone() == (None,)


class TestFolder:
    def test_is_no_part_of_another_halls(self) -> None:
        folders = [f"{hall.folder}/" for hall in Hall.objects.all()]
        assert len(set(folders)) == len(folders) == 3
        assert not any(one != other and one.startswith(other) for one in folders for other in folders)


class TestKeyOfAPage:
    def test_is_of_one_hall_alone(self, filled_north: Filled, north: Hall, south: Hall) -> None:
        keys = [
            _key(hall, filled_north.path(route), mode)
            for route in routes_of("hall")
            for hall in (north, south)
            for mode in ("", "elder")
        ]
        # two routes of the same path (asked in different ways) are one page
        assert len(set(keys)) == 4 * len({filled_north.path(route) for route in routes_of("hall")})


def _key(hall: Hall, path: str, mode: str) -> str:
    request = RequestFactory().get(path, headers={"host": "north.yizhan.localhost"})
    request.COOKIES["mode"] = mode
    request.hall = hall  # type: ignore[attr-defined]
    request.generations = "h1.0.0"  # type: ignore[attr-defined]
    return page_key(request)
