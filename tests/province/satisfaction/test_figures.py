"""How places were rated: summed from a row a hall and month, at the same cost however many halls there are."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from province.console.queries.months import chosen_months
from province.halls.models import Hall
from province.satisfaction.models import RatingFigure
from province.satisfaction.operations import change_rating_figure
from province.satisfaction.queries.figures import place_ratings, ratings_altogether
from tests.conftest import person
from tests.factories.people import client_of, program_of

pytestmark = pytest.mark.django_db

MONTH, NEXT = date(2026, 10, 1), date(2026, 11, 1)


class TestFigures:
    def test_of_places_are_summed_over_halls_and_months(self, north: Hall, south: Hall) -> None:
        village = Hall.objects.get(slug="village")
        change_rating_figure(hall_id=north.pk, month=MONTH, added={"very_good": 2, "bad": 1})
        change_rating_figure(hall_id=north.pk, month=MONTH, added={"answered": 1, "in_time": 1, "defaulted": 5})
        change_rating_figure(hall_id=north.pk, month=NEXT, added={"fair": 1})
        change_rating_figure(hall_id=south.pk, month=NEXT, added={"very_bad": 2})
        zhao = person("zhao")
        both = {one.code: one.sums for one in place_ratings(zhao, first=MONTH, last=NEXT)}
        counties = [hall.division.code[:6] for hall in (north, south)]
        assert both[counties[0]].counts == (2, 0, 1, 1, 0)
        assert both[counties[0]].average == 3.75
        assert (both[counties[0]].answered_share, both[counties[0]].defaulted) == (100.0, 5)
        assert both[counties[1]].good_share == 0.0
        assert ratings_altogether(zhao, first=MONTH, last=NEXT).given == 6
        halls = place_ratings(zhao, first=NEXT, last=NEXT, prefix=counties[0])
        assert [(one.code, one.name, one.sums.given) for one in halls] == [
            (north.division.code, north.division.name, 1)
        ]
        assert village.division.code not in both
        # somebody whose reach ends at a hall
        assert place_ratings(person("he"), first=MONTH, last=NEXT) == []

    def test_cost_the_same_for_ten_rows_and_for_ten_thousand(self, north: Hall) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as asked:
                place_ratings(person("zhao"), first=date(1000, 1, 1), last=NEXT)
            return len(asked) - before

        with CaptureQueriesContext(connection) as own:
            person("zhao")
        before = len(own)
        months = [date(1000 + number // 12, number % 12 + 1, 1) for number in range(10_000)]
        RatingFigure.objects.bulk_create(RatingFigure(hall=north, month=one, good=1) for one in months[:10])
        few = cost()
        RatingFigure.objects.bulk_create(RatingFigure(hall=north, month=one, good=1) for one in months[10:])
        assert few == cost() == 2
        [line] = place_ratings(person("zhao"), first=date(1000, 1, 1), last=NEXT)
        assert line.sums.given == 10_000

    def test_take_months_that_make_sense(self) -> None:
        today = date(2026, 11, 30)
        assert chosen_months({}, today) == (date(2025, 12, 1), NEXT)
        assert chosen_months({"from": "2026-11", "to": "2026-10"}, today) == (MONTH, NEXT)
        assert chosen_months({"from": "x", "to": "2026-13"}, today) == (date(2025, 12, 1), NEXT)


class TestPage:
    def test_shows_counties_and_leads_to_their_halls(self, north: Hall) -> None:
        change_rating_figure(hall_id=north.pk, month=MONTH, added={"very_good": 3, "very_bad": 1})
        zhao, months = client_of("zhao"), "from=2026-10&to=2026-10"
        page = zhao.get(f"/console/ratings/?{months}").text
        county = north.division.code[:6]
        for said in (f"?place={county}", "4.00", "75.0%", "0/1"):
            assert said in page, said
        assert north.division.name in zhao.get(f"/console/ratings/?place={county}&{months}").text
        assert "真实评价" in zhao.get(f"/console/ratings/?export=csv&{months}").text
        assert client_of("he").get("/console/ratings/").status_code == 403
        told = program_of("zhao").get("/api/province/v1/satisfaction/figures?since=2026-10&until=2026-10").json()
        assert [(one["code"], one["average"], one["low"]) for one in told] == [(county, 4.0, 1)]
        assert program_of("zhao", "halls.manage").get("/api/province/v1/satisfaction/figures").status_code == 403
