"""Nothing of one hall reaches another: routes, rows, files and kept pages, generated from what there is."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client, RequestFactory

from foundation import schemas
from province.content.models import HallPushDecision, LibraryOffer, MediaAccount
from province.halls.models import Hall
from province.identity.models import Account
from tenants.portal.page_cache import page_key
from tests.isolation.conftest import Filled
from tests.isolation.routes import hall_routes

pytestmark = pytest.mark.django_db

HALL_MODELS = [
    model for config in apps.get_app_configs() if config.name.startswith("tenants.") for model in config.get_models()
]
# nobody; an editor of the hall that is asked; an editor of the other one
PEOPLE = ("", "sun", "zhou")


def everything_of(hall: Hall) -> dict[str, Any]:
    """Every row of the hall's schema, and what it owns in public."""
    with schemas.enter(hall.schema_name):
        rows: dict[str, Any] = {
            model._meta.label: sorted(map(str, model.objects.values_list())) for model in HALL_MODELS
        }
    rows["decisions"] = list(HallPushDecision.objects.filter(hall_id=hall.pk).values_list())
    rows["offers"] = list(LibraryOffer.objects.filter(hall_id=hall.pk).values_list())
    rows["accounts"] = list(MediaAccount.objects.filter(hall_id=hall.pk).values_list())
    rows["hall"] = list(Hall.objects.filter(pk=hall.pk).values_list())
    return rows


def client_at(host: str, username: str) -> Client:
    client = Client(headers={"host": host}, raise_request_exception=False)
    if username:
        client.force_login(Account.objects.get(username=username))
    return client


@pytest.mark.parametrize("route", hall_routes())
class TestRoute:
    def test_shows_and_changes_nothing_of_another_hall(
        self, route: str, filled_north: Filled, filled_south: Filled
    ) -> None:
        """Whoever asks the north for what is the south's learns nothing and changes nothing there."""
        path = route.format_map(filled_south.parameters)
        before = everything_of(filled_south.hall)
        for username in PEOPLE:
            for method in ("get", "post"):
                client = client_at("north.yizhan.test", username)
                response = getattr(client, method)(path)
                assert response.status_code < 500, (username, method, response.content[-300:])
                assert filled_south.secret not in response.text, (username, method)
        assert everything_of(filled_south.hall) == before

    def test_of_the_desk_is_closed_to_others(self, route: str, filled_north: Filled) -> None:
        """An editor of the south, or nobody, changes nothing in the north and reads no draft there."""
        if not route.startswith(("/desk/", "/api/")):
            return
        path = route.format_map(filled_north.parameters)
        before = everything_of(filled_north.hall)
        for username in ("", "zhou", "wu"):
            for method in ("get", "post"):
                response = getattr(client_at("north.yizhan.test", username), method)(path)
                assert filled_north.secret not in response.text, (username, method)
        assert everything_of(filled_north.hall) == before


@pytest.mark.parametrize("model", HALL_MODELS, ids=lambda model: model._meta.label)
class TestTable:
    def test_holds_its_own_halls_rows(self, model: Any, filled_north: Filled, filled_south: Filled) -> None:
        with schemas.enter(filled_south.hall.schema_name):
            keys = set(model.objects.values_list("pk", flat=True))
        assert keys, "give the halls of this suite such a row (conftest.py)"
        with schemas.enter(filled_north.hall.schema_name):
            assert not model.objects.filter(pk__in=keys).exists()

    def test_does_not_stand_in_public(self, model: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s)", [f"public.{model._meta.db_table}"])
            assert cursor.fetchone() == (None,)


class TestFolder:
    def test_is_no_part_of_another_halls(self) -> None:
        folders = [f"{hall.folder}/" for hall in Hall.objects.all()]
        assert len(set(folders)) == len(folders) == 3
        assert not any(one != other and one.startswith(other) for one in folders for other in folders)


@pytest.mark.parametrize("route", hall_routes())
class TestKeyOfAPage:
    def test_is_of_one_hall_alone(self, route: str, filled_north: Filled, north: Hall, south: Hall) -> None:
        path = route.format_map(filled_north.parameters)
        keys = [_key(hall, path, mode) for hall in (north, south) for mode in ("", "elder")]
        assert len(set(keys)) == 4


def _key(hall: Hall, path: str, mode: str) -> str:
    request = RequestFactory().get(path, headers={"host": "north.yizhan.test"})
    request.COOKIES["mode"] = mode
    request.hall = hall  # type: ignore[attr-defined]
    request.generations = "h1.0.0"  # type: ignore[attr-defined]
    return page_key(request)
