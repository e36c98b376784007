"""Places on a map: true to scale, each with a number that can be pressed, wherever there is room for it."""

import math
import re
from itertools import combinations
from typing import Any

import pytest

from province.designers.queries.place_maps import ZOOMS, PlaceMap, map_of
from province.designers.queries.places import places_of_field
from province.halls.models import Hall
from standards.forms.fields.places import MapPlaceField
from tests.factories.forms import begin, make_published_form
from tests.factories.sites import inside
from tests.standards.form_samples import field_of
from tests.tenants.citizen_pages.test_pages import clerk
from tests.tenants.workflow.test_fill_pages import page_of

_A_DEGREE = 111_195  # metres of a great circle


def drawn(*points: tuple[float, float] | None, **attributes: Any) -> PlaceMap | None:
    places: list[dict[str, Any]] = [{"code": f"p{n}", "label": f"点 {n}"} for n in range(len(points))]
    for place, point in zip(places, points, strict=True):
        if point:
            place |= {"longitude": point[0], "latitude": point[1]}
    given = {"type": "map_place", "name": "place", "label": "地点", "places": places}
    return map_of(places_of_field(MapPlaceField.model_validate(given | attributes), None))


def _metres_a_unit(found: PlaceMap) -> float:
    number, unit = found.bar_label.split()
    return float(number) * (1000 if unit == "千米" else 1) / found.bar


class TestAMap:
    def test_is_true_to_scale_with_north_above(self) -> None:
        found = drawn((112.0, 31.0), (112.1, 31.0), (112.0, 31.1), datum="gcj02")
        assert found
        west, east, north = ((one.x, one.y) for one in found.points)
        assert east[0] > west[0]
        assert north[1] < west[1]
        assert (east[1], north[0]) == (west[1], west[0])
        true = {"east": 0.1 * _A_DEGREE * math.cos(math.radians(31)), "north": 0.1 * _A_DEGREE}
        shown = {"east": math.dist(west, east), "north": math.dist(west, north)}
        for way, metres in true.items():
            assert shown[way] * _metres_a_unit(found) == pytest.approx(metres, rel=0.01), way
        assert found.datum == "互联网地图坐标系 GCJ-02"

    def test_is_drawn_only_where_it_says_something(self) -> None:
        here, there = (112.0, 31.0), (112.0, 31.01)
        assert [drawn(here), drawn(here, here, None), drawn(None, None)] == [None] * 3
        found = drawn(None, here, there)
        assert found
        assert ([one.number for one in found.points], found.unplaced) == ([2, 3], 1)

    def test_keeps_numbers_apart_inside_and_off_the_dots_of_others(self) -> None:
        strays = []
        for number in (3, 20, 200):
            near = [(112 + n * 0.618 % 1 / 5, 31 + n * 0.755 % 1 / 9) for n in range(number - 1)]
            # two in one building
            found = drawn(*near, near[0])
            assert found
            marks = [one.mark for one in found.points if one.mark]
            assert len(marks) == number - found.crowded
            if number < 30:
                assert found.crowded == 0
            strays += [pair for pair in combinations(marks, 2) if math.dist(*pair) < found.size]
            strays += [(x, y) for x, y in marks if not (13 <= x <= found.width - 13 and 13 <= y <= found.height - 13)]
            strays += [
                (one, other)
                for one in found.points
                for other in found.points
                if one.mark and (one.x, one.y) != (other.x, other.y) and math.dist(one.mark, (other.x, other.y)) < 13
            ]
        assert strays == []

    def test_has_room_for_more_numbers_the_larger_it_is_looked_at(self) -> None:
        found = drawn(*((112 + n * 0.618 % 1 / 5, 31 + n * 0.755 % 1 / 9) for n in range(200)))
        assert found
        steps = [
            [None if one == "-" else tuple(map(float, one.split(","))) for one in dot.steps.split()]
            for dot in found.points
        ]
        without = [sum(one[at] is None for one in steps) for at in range(len(ZOOMS))]
        assert without[0] == found.crowded > without[-1] == 0
        # and none covers another there
        last = [
            (dot.x * ZOOMS[-1] + step[-1][0], dot.y * ZOOMS[-1] + step[-1][1])
            for dot, step in zip(found.points, steps, strict=True)
            if step[-1]
        ]
        assert [pair for pair in combinations(last, 2) if math.dist(*pair) < found.size] == []
        lengths = [one.split("|") for one in found.bars.split(";")]
        assert lengths[0] == [f"{found.bar:g}", found.bar_label]
        assert len(lengths) == len(ZOOMS)

    def test_of_one_column_or_line_or_of_the_whole_country_fits(self) -> None:
        for points in (
            [(112.0, 31.0), (112.0, 33.0)],
            [(110.0, 31.0), (112.0, 31.0)],
            [(73.5, 53.0), (135.0, 4.0)],
            [(112.0, 31.0), (112.000001, 31.0)],
        ):
            found = drawn(*points)
            assert found
            assert 150 <= found.height <= 340
            assert 0 < found.bar <= 90
            assert all(0 < one.x < found.width and 0 < one.y < found.height for one in found.points)


@pytest.mark.django_db
class TestAPage:
    def test_has_a_label_on_the_map_for_the_very_button_of_the_list(self, north: Hall) -> None:
        with inside(north):
            field = field_of("map_place", name="place", label="地点")
            parts = [{"name": "all", "label": "全部", "fields": [field]}]
            form = make_published_form(north, {"format": 1, "title": "领取", "parts": parts}, code="map")
            filled = begin(north, form.pk)
        path = f"/desk/forms/filled/{filled.pk}/"
        page = page_of(clerk("cao"), path)
        marks = re.findall(r'<label class="place-mark" for="([^"]+)" title="([^"]+)">(\d+)<', page)
        assert marks == [("f-place", "东门", "1"), ("f-place-2", "大厅", "2")]
        buttons = re.findall(r'type="radio" id="([^"]+)" name="place" value="([^"]+)"', page)
        assert buttons == [("f-place", "gate"), ("f-place-2", "hall"), ("f-place-3", "else")]
        assert "有 1 个地点没有坐标，只在列表里。" in page
        assert "GCJ-02" in page
        assert "chosen" not in page
        chosen = clerk("cao").post(path, {"place": "hall", "_act": "look", "_revision": "0"}).content.decode()
        assert 'class="place-mark chosen" for="f-place-2"' in chosen
