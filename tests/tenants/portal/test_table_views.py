"""Tables of desk and console that people arrange: the view that somebody wants first is where a bare address leads."""

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
    "/desk/ratings/": ("desk.low_ratings", "state=late&order=-rated&column=item&column=rated"),
    "/desk/fees/": ("desk.fees", "state=paid&order=-opened"),
    "/desk/cases/referrals/": ("desk.referrals", "way=in&order=item"),
}
OF_THE_PROVINCE = {
    "/console/deliveries/": ("console.deliveries", "state=dead&order=-attempts"),
    "/console/items/materials/": ("console.materials", "order=-name&column=name&column=uses"),
}


@pytest.mark.django_db
class TestFirstView:
    def test_is_led_to_and_shown_with_everything_else_a_click_away(self, north: Hall) -> None:
        seen = {}
        desk, console = client_of("he", "north.yizhan.localhost"), client_of("zhao")
        for who, hall_id, browser, tables in (("he", north.pk, desk, TABLES), ("zhao", None, console, OF_THE_PROVINCE)):
            for address, (table, query) in tables.items():
                save_view(by=person(who), table=table, hall_id=hall_id, name="先看", query=query, is_first=True)
                bare = browser.get(address)
                seen[address] = bare.status_code, bare.get("Location"), browser.get(f"{address}?{query}").status_code
                assert browser.get(f"{address}?all=").status_code == 200
        wanted = (TABLES | OF_THE_PROVINCE).items()
        assert seen == {address: (302, f"{address}?{query}", 200) for address, (_, query) in wanted}
