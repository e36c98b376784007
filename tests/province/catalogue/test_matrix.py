"""Items × halls, from what the halls report alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from foundation.errors import NotFound
from foundation.events.operations import drain_events
from province.catalogue.models import HallItem, Item
from province.catalogue.operations.assignments import assign_items, end_assignment
from province.catalogue.queries.matrix.cells import Matrix, MatrixFilters, matrix_of, places_below
from province.catalogue.queries.uses import adoption_figures, uses_of
from province.catalogue.states import CellState
from province.halls.models import Hall, HallKind
from province.halls.operations import retire_hall
from tenants.services.operations.adoptions import stop_adoption
from tenants.services.operations.hall_guides import return_hall_guide
from tenants.services.operations.versions import accept_version
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for, make_shown, save, show, submit
from tests.factories.catalogue import REASON, make_item, make_published, suspend
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

COUNTY = "420582"


def letters(**asked: Any) -> list[str]:
    return [row.letters for row in matrix_of(COUNTY, MatrixFilters(**asked)).rows]


class TestMatrix:
    def test_has_the_place_and_all_below_it_as_columns(self) -> None:
        make_published()
        assert [hall.name for hall in matrix_of(COUNTY).halls] == ["当阳市", "红联村"]
        assert [hall.name for hall in matrix_of("4205").halls] == ["当阳市", "红联村", "枝江市"]
        assert [hall.name for hall in matrix_of("420582103").halls] == ["红联村"]
        assert letters() == ["u-"]

    def test_leaves_out_retired_halls_and_items_that_nobody_can_adopt(self, north: Hall) -> None:
        paused = make_published()
        adopt(north, paused)
        make_item(1)
        suspend(paused.item, reason=REASON)
        assert matrix_of(COUNTY).rows == []
        retire_hall(by=person("zhao"), hall=Hall.objects.get(slug="village"), reason=REASON)
        assert [hall.name for hall in matrix_of(COUNTY).halls] == ["当阳市"]

    def test_follows_an_item_through_its_life_in_a_hall(self, north: Hall) -> None:
        version = make_published()
        adoption = adopt(north, version)
        assert letters() == ["f-"]
        assert list(matrix_of(COUNTY).rows[0].scores) == [adoption.score, 0]
        submit(north, save(north, adoption))
        assert letters() == ["s-"]
        with inside(north):
            return_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, number=1, reason="不对")
        assert letters() == ["r-"]
        show(north, save(north, adoption))
        assert letters() == ["p-"]
        save(north, adoption, part=hall_guide_for(Item.objects.get(), consult="0700-9999999"))
        assert letters() == ["c-"]
        with inside(north):
            stop_adoption(by=person("li"), hall=north, adoption_id=adoption.pk, reason=REASON)
        assert letters() == ["x-"]

    def test_tells_who_has_not_accepted_a_newer_version_and_who_shows_it_all_the_same(self, north: Hall) -> None:
        version = make_published()
        adoption = make_shown(north, version)
        begins = timezone.now() + timedelta(days=3)
        make_published(version.item, valid_from=begins, promised_days=9)
        assert letters() == ["n-"]
        later = matrix_of(COUNTY, at=begins + timedelta(days=400)).rows[0].letters
        assert later == "o-"
        with inside(north):
            accept_version(by=person("li"), hall=north, adoption_id=adoption.pk, number=2)
        assert letters() == ["p-"]

    def test_tells_what_was_handed_down_and_not_taken_up_yet(self, north: Hall) -> None:
        version = make_published()
        made = assign_items(
            by=person("sun"), prefix=COUNTY, kinds=[HallKind.VILLAGE], item_ids=[version.item_id], hall_guides={}
        )
        assert letters() == ["ua"]
        assert [row.letters for row in matrix_of("420582103").rows] == ["a"]
        end_assignment(by=person("sun"), assignment_id=made.pk)
        assert letters() == ["u-"]
        assign_items(by=person("sun"), prefix=COUNTY, kinds=[HallKind.VILLAGE], item_ids=[version.item_id])
        drain_events()
        assert letters() == ["uf"]

    def test_asks_four_queries_however_much_there_is(
        self, north: Hall, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(3):
            adopt(north, make_published(make_item(number)))
        # the connection finds back to the public schema
        matrix_of(COUNTY)
        with django_assert_num_queries(4):
            found = matrix_of(COUNTY)
            assert found.counts
            assert found.columns
            assert [row.strokes for row in found.rows]


class TestFilters:
    def test_narrow_halls_and_items(self, north: Hall) -> None:
        adopt(north, make_published(name="食品经营许可"))
        make_published(make_item(1, name="公共场所卫生许可"))
        assert letters() == ["f-", "u-"]
        assert letters(kind="village") == ["-", "-"]
        assert letters(below="420582103000") == ["-", "-"]
        assert letters(below="420583000000") == ["", ""]
        assert letters(words="食品 经营") == ["f-"]
        assert letters(words="420131001") == ["u-"]
        assert letters(family="service") == []
        assert letters(department="民政局") == []
        assert letters(state="f") == ["f"]
        assert letters(item="420131000000", hall="420582000000") == ["f"]

    def test_refuse_what_is_elsewhere(self) -> None:
        make_published()
        for asked in ({"hall": "420583000000"}, {"hall": "x"}, {"item": "420131009000"}):
            with pytest.raises(NotFound):
                matrix_of(COUNTY, MatrixFilters(**asked))

    def test_take_no_notice_of_nonsense_in_an_address(self) -> None:
        assert MatrixFilters.read({"kind": "castle", "state": "?", "words": "\0a" + "b" * 500}).kind == ""
        assert len(MatrixFilters.read({"words": "b" * 500}).words) == 80

    def test_offer_the_divisions_directly_below(self) -> None:
        assert places_below(COUNTY) == [("420582103000", "河溶镇")]
        assert places_below("420582103200") == []


class TestSums:
    def test_are_of_rows_columns_and_all(self, north: Hall) -> None:
        make_shown(north)
        make_published(make_item(1))
        found = matrix_of(COUNTY)
        assert [(row.shown, row.counts) for row in found.rows] == [
            (1, [(CellState.PUBLISHED, 1)]),
            (0, [(CellState.NONE, 1)]),
        ]
        assert [(one.hall.name, one.shown) for one in found.columns] == [("当阳市", 1), ("红联村", 0)]
        assert dict(found.counts)[CellState.NONE] == 1
        # both are the county's: the village has nothing to show, and nothing is counted there
        assert [(one.hall.name, one.due) for one in found.columns] == [("当阳市", 2), ("红联村", 0)]
        assert CellState.ELSEWHERE not in dict(found.counts)

    def test_of_nothing_are_nothing(self) -> None:
        found = matrix_of(COUNTY)
        assert (found.size, [one.shown for one in found.columns]) == (0, [0, 0])


class TestDrawing:
    def test_joins_the_runs_of_each_state(self, north: Hall) -> None:
        adopt(north)
        row = matrix_of(COUNTY).rows[0]
        assert row.strokes == [("f", "M0 12m0 0h24"), ("-", "M0 12m24 0h24")]
        wide = type(row)(row.item_id, "", "", "power", "", b"uffupff", bytes(7))
        assert dict(wide.strokes) == {"f": "M0 12m24 0h48m48 0h48", "p": "M0 12m96 0h24"}

    def test_says_every_cell_in_words(self, north: Hall) -> None:
        adoption = adopt(north)
        found: Matrix = matrix_of(COUNTY)
        assert [cell.words for cell in found.list_cells()] == [f"待完善 {adoption.score}%", "不在本级办理"]
        assert next(found.lines())[5:] == [f"待完善 {adoption.score}%", "不在本级办理"]
        assert found.headings[5:] == ["当阳市", "红联村"]


class TestUses:
    def test_count_halls_that_have_it_show_it_and_are_behind(self, north: Hall, south: Hall) -> None:
        version = make_published()
        assert uses_of(version.item) == []
        make_shown(north, version)
        adopt(south, version, by="zhou")
        figures = adoption_figures(version.item)
        assert (figures.adopted, figures.shown, figures.behind, figures.overdue) == (2, 1, 0, 0)
        assert [use.sentence for use in uses_of(version.item)] == ["认领：2 个服务厅（当阳市、枝江市）"]
        make_published(version.item, promised_days=9)
        later = adoption_figures(version.item, timezone.now() + timedelta(days=400))
        assert (later.behind, later.overdue) == (1, 1)
        retire_hall(by=person("zhao"), hall=south, reason=REASON)
        assert adoption_figures(version.item).adopted == 1
        assert HallItem.objects.count() == 2
