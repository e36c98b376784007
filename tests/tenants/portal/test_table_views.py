"""Tables of the desk that people arrange: the view that somebody wants first is where a bare address leads."""

import pytest

from province.console.operations.saved_views import save_view
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.people import client_of

TABLES = {
    "/desk/library/": ("desk.library", "order=-uses&column=title&column=uses"),
    "/desk/accounts/": ("desk.accounts", "order=filed"),
    "/desk/items/offers/": ("desk.offers", "family=power&order=-name"),
    "/desk/lower-halls/guides/": ("desk.guides_below", "order=-submitted"),
}


@pytest.mark.django_db
class TestFirstView:
    def test_is_led_to_and_shown_with_everything_else_a_click_away(self, north: Hall) -> None:
        desk, seen = client_of("he", "north.yizhan.localhost"), {}
        for address, (table, query) in TABLES.items():
            save_view(by=person("he"), table=table, hall_id=north.pk, name="先看", query=query, is_first=True)
            bare = desk.get(address)
            seen[address] = bare.status_code, bare.get("Location"), desk.get(f"{address}?{query}").status_code
            assert desk.get(f"{address}?all=").status_code == 200
        assert seen == {address: (302, f"{address}?{query}", 200) for address, (_, query) in TABLES.items()}
