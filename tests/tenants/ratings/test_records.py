"""How a case was rated, in its record for the national exchange (满意度, A.8 of GB/T 39046-2020)."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from province.cases.operations.feed import number_changes
from province.halls.models import Hall
from province.people.models import Position
from province.rights.actors import Actor
from province.rights.roles import Role
from standards.cases import CaseTable, write_case_xml
from standards.cases.tables import XSD
from tenants.casework.models import CaseSetup
from tenants.casework.operations.exchange import export_cases, read_case_feed
from tenants.ratings.models import Rating
from tenants.ratings.operations.opening import default_rating
from tests.conftest import person
from tests.factories.kills import Killed, killed_at
from tests.factories.ratings import awaited, rated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]


@pytest.fixture
def rating(at_north: Hall) -> Rating:
    """Of a case that Cao took in and served."""
    return awaited(at_north, CaseSetup.objects.get())


def exported(hall: Hall, rating: Rating, by: str) -> Any:
    """What the record says of it; None: nothing."""
    assert rating.case_id
    [record] = export_cases(by=person(by), hall=hall, case_ids=[rating.case_id])
    return record.rows[CaseTable.RESULT][0].get("satisfaction")


def told(hall: Hall, after: int, by: Actor | None = None) -> tuple[list[str | None], int]:
    """What the feed says after the cursor, and where it is then."""
    number_changes()
    page = read_case_feed(by=by or person("he"), hall=hall, after=after, limit=100)
    rows = [one.rows for one in page.lines if one.rows]
    assert len(rows) == len(page.lines)
    return [one[CaseTable.RESULT][0].get("satisfaction") for one in rows], page.cursor


class TestRatedRecord:
    def test_says_how_once_somebody_has_rated_and_the_feed_tells_it_again(
        self, at_north: Hall, rating: Rating, tmp_path: Path
    ) -> None:
        before, cursor = told(at_north, 0)
        assert (before, told(at_north, cursor)) == ([None], ([], cursor))
        # nobody's grade is none
        default_rating(hall=at_north, rating_id=rating.pk)
        assert exported(at_north, rating, "he") is None
        rated(at_north, rating, 4)
        after, cursor = told(at_north, cursor)
        assert (after, exported(at_north, rating, "he")) == (["4"], "4")
        # the same once more changes nothing
        rated(at_north, rating, 4)
        assert told(at_north, cursor) == ([], cursor)
        [record] = export_cases(by=person("he"), hall=at_north, case_ids=[rating.case_id or rating.pk])
        (tmp_path / "cases.xml").write_bytes(b"".join(write_case_xml([record.rows], is_masked=True)))
        etree.XMLSchema(etree.parse(XSD)).assertValid(etree.parse(tmp_path / "cases.xml"))

    def test_is_as_it_was_where_the_rating_is_killed(self, at_north: Hall, rating: Rating) -> None:
        cursor = told(at_north, 0)[1]
        for statement in range(1, 9):
            with pytest.raises(Killed), killed_at(statement):
                rated(at_north, rating, 1)
            assert told(at_north, cursor) == ([], cursor)
        rated(at_north, rating, 1)
        assert told(at_north, cursor)[0] == ["1"]

    def test_says_it_to_nobody_who_was_rated_or_answers_no_low_rating(self, at_north: Hall, rating: Rating) -> None:
        rated(at_north, rating, 5)
        # Cao was rated; Tao answers low ratings; Hua serves at the window
        assert [exported(at_north, rating, one) for one in ("cao", "tao", "he")] == [None, "5", "5"]
        Position.objects.filter(account__username="hua").update(role=Role.HANDLER)
        assert exported(at_north, rating, "hua") is None
        Rating.objects.filter(pk=rating.pk).update(clerk_id=person("he").id)
        assert exported(at_north, rating, "he") is None
        assert told(at_north, 0)[0] == [None]
