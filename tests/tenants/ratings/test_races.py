"""Two at once about one rating: one of them is heard."""

import pytest

from foundation import schemas
from foundation.errors import Conflict
from province.halls.models import Hall
from province.satisfaction.models import RatingFigure
from tenants.ratings.models import LowRating, Rating
from tenants.ratings.operations.opening import open_visit_rating
from tests.conftest import person
from tests.factories.ratings import rated
from tests.factories.sites import inside
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("fresh_database")


class TestTwoAtOnce:
    def test_give_one_rating(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            visit = open_visit_rating(by=person("cao"), hall=north)

        def giving(grade: int) -> Rating:
            with schemas.enter(north.schema_name):
                return rated(north, visit, grade)

        answers = at_once(lambda: giving(1), lambda: giving(5))
        assert sum(isinstance(one, Conflict) for one in answers) == 1, answers
        found = RatingFigure.objects.get(hall=north)
        assert found.very_good + found.very_bad == 1
        with inside(north):
            kept = Rating.objects.get()
            assert LowRating.objects.count() == int(kept.is_low)
