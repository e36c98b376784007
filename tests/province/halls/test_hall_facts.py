from colorsys import hls_to_rgb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.design.contrast import LEAST_CONTRAST, contrast
from foundation.errors import Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.halls.models import Hall, HallGeneration
from province.halls.operations import touch_hall, update_hall
from province.halls.queries.facts import fact_faults
from tests.conftest import person

WORKDAYS = [1, 2, 3, 4, 5]


def fault(name: str, value: Any) -> str:
    found = fact_faults({name: value})
    return found[0].message if found else ""


@pytest.mark.django_db
class TestUpdateHall:
    def test_changes_only_what_is_named(self, north: Hall) -> None:
        update_hall(by=person("sun"), hall=north, slogan="便民利民", phone="0717-3222222")
        found = Hall.objects.get(pk=north.pk)
        assert (found.slogan, found.phone, found.name) == ("便民利民", "0717-3222222", north.name)

    def test_makes_every_cached_page_stale(self, north: Hall) -> None:
        before = HallGeneration.objects.get(hall=north).generation
        update_hall(by=person("sun"), hall=north, slogan="便民利民")
        assert HallGeneration.objects.get(hall=north).generation == before + 1

    def test_leaves_the_values_before_and_after(self, north: Hall) -> None:
        update_hall(by=person("sun"), hall=north, slogan="便民利民")
        entry = AuditEntry.objects.get(act="halls.update")
        assert (entry.changes, entry.hall_id) == ({"slogan": ["", "便民利民"]}, north.id)

    def test_leaves_nothing_where_nothing_changes(self, north: Hall) -> None:
        update_hall(by=person("sun"), hall=north, slogan="")
        assert not AuditEntry.objects.filter(act="halls.update").exists()

    def test_is_refused_to_another_halls_editor(self, north: Hall) -> None:
        with pytest.raises(NotAllowed):
            update_hall(by=person("zhou"), hall=north, slogan="便民利民")

    def test_gives_its_name_by_the_province_alone(self, north: Hall) -> None:
        with pytest.raises(NotAllowed):
            update_hall(by=person("sun"), hall=north, name="当阳市政务服务中心")
        assert update_hall(by=person("zhao"), hall=north, name="当阳市政务服务中心").name == "当阳市政务服务中心"

    def test_names_every_wrong_value(self, north: Hall) -> None:
        with pytest.raises(Invalid) as refusal:
            update_hall(by=person("sun"), hall=north, site_code="123", phone="请打电话", state="live")
        assert {one.where for one in refusal.value.faults} == {"site_code", "phone", "state"}
        assert Hall.objects.get(pk=north.pk).site_code == ""


class TestFact:
    @pytest.mark.parametrize(
        ("name", "value", "word"),
        [
            ("short_name", "", "请填写"),
            ("short_name", "名" * 21, "20"),
            ("slogan", "两\n行", "换行"),
            ("slogan", 7, "文字"),
            ("site_code", "420582000", "10 位"),
            ("site_code", "42058200012", "10 位"),
            ("site_code", "\uff14205820001", "10 位"),
            ("accent_colour", "blue", "六位"),
            ("accent_colour", "#1257A8", "小写"),
            ("accent_colour", "#ffd54a", "对比度"),
            ("phone", "javascript:alert(1)", "数字"),
            ("emblem_key", "k" * 201, "200"),
            ("emblem_key", "halls/0197/ab/another.png", "上传"),
            ("schema_name", "public", "不能"),
        ],
    )
    def test_is_refused_where_a_site_could_not_show_it(self, name: str, value: Any, word: str) -> None:
        assert word in fault(name, value)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("site_code", ""),
            ("site_code", "4205820001"),
            ("phone", "(0717)3222222转8001"),
            ("phone", "（0717）3222222，3222223"),
            ("accent_colour", "#c8161d"),
        ],
    )
    def test_is_taken_where_it_is_right(self, name: str, value: Any) -> None:
        assert fault(name, value) == ""

    @given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
    def test_allows_exactly_the_colours_that_can_be_read(self, hue: float, light: float, saturation: float) -> None:
        colour = "#" + "".join(f"{round(channel * 255):02x}" for channel in hls_to_rgb(hue, light, saturation))
        assert (fault("accent_colour", colour) == "") == (contrast(colour, "#ffffff") >= LEAST_CONTRAST)


class TestOpeningHours:
    @pytest.mark.parametrize(
        ("value", "word"),
        [
            ("周一到周五", "列表"),
            ([{"days": WORKDAYS, "from": "08:30"}], "第 1 行"),
            ([{"days": [], "from": "08:30", "to": "12:00"}], "至少选择一天"),
            ([{"days": [0], "from": "08:30", "to": "12:00"}], "1（周一）"),
            ([{"days": [True], "from": "08:30", "to": "12:00"}], "1（周一）"),
            ([{"days": [1, 1], "from": "08:30", "to": "12:00"}], "重复"),
            ([{"days": [1], "from": "8:30", "to": "12:00"}], "08:30"),
            ([{"days": [1], "from": "12:00", "to": "12:00"}], "晚于"),
            (
                [{"days": [1], "from": "08:30", "to": "12:00"}, {"days": [1, 2], "from": "11:00", "to": "17:00"}],
                "重叠",
            ),
            ([{"days": [1], "from": "08:30", "to": "09:00"}] * 22, "21"),
        ],
    )
    def test_are_refused_where_nobody_could_keep_them(self, value: Any, word: str) -> None:
        assert word in fault("opening_hours", value)

    def test_may_have_a_pause_at_noon(self) -> None:
        hours = [{"days": WORKDAYS, "from": "08:30", "to": "12:00"}, {"days": WORKDAYS, "from": "14:00", "to": "17:30"}]
        assert fault("opening_hours", hours) == ""


@pytest.mark.django_db
class TestTouchHall:
    def test_begins_where_there_was_no_generation(self, north: Hall) -> None:
        HallGeneration.objects.filter(hall=north).delete()
        touch_hall(north.id)
        assert HallGeneration.objects.get(hall=north).generation == 2
