from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from foundation.errors import NotAllowed
from province.halls.models import Hall, HallDomain, HallFigures
from province.halls.queries import halls_table, site_check_figures, site_checks
from province.halls.states import HallState
from tests.conftest import person


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def column(name: str, last: datetime | None, articles: int = 1) -> dict[str, Any]:
    return {"name": name, "articles": articles, "last_published_at": last.isoformat() if last else None}


def report(hall: Hall, columns: dict[str, Any], last: datetime | None = None) -> None:
    """What the hall says of its site; it was reached a moment ago."""
    served = {"services_shown": 5, "services_sampled": 5, "services_checked_at": timezone.now()}
    HallFigures.objects.filter(hall=hall).update(columns=columns, last_published_at=last, **served)
    HallDomain.objects.filter(tenant=hall).update(checked_at=timezone.now(), check_fault="")


def lights(hall: Hall) -> dict[str, str]:
    return {check.key: check.light for check in site_checks(hall)}


@pytest.mark.django_db
class TestSiteChecks:
    def test_are_all_green_on_a_site_that_is_kept(self, north: Hall) -> None:
        report(north, {"news": column("要闻", days_ago(1)), "guides": column("指南", days_ago(30))}, days_ago(1))
        assert set(lights(north).values()) == {"green"}

    @pytest.mark.parametrize(("days", "light"), [(6, "green"), (8, "yellow"), (15, "red")])
    def test_watch_the_home_page(self, north: Hall, days: int, light: str) -> None:
        report(north, {}, days_ago(days))
        assert lights(north)["home"] == light

    @pytest.mark.parametrize(("days", "light"), [(6, "green"), (8, "yellow"), (15, "red")])
    def test_watch_the_news(self, north: Hall, days: int, light: str) -> None:
        report(north, {"news": column("要闻", days_ago(days))})
        assert lights(north)["news"] == light

    @pytest.mark.parametrize(("number", "light"), [(0, "green"), (1, "yellow"), (2, "yellow")])
    def test_watch_notices_and_policies(self, north: Hall, number: int, light: str) -> None:
        codes = ["notices", "policies"]
        report(north, {code: column(code, days_ago(200 if place < number else 1)) for place, code in enumerate(codes)})
        assert lights(north)["notices"] == light

    @pytest.mark.parametrize(("number", "light"), [(0, "green"), (9, "yellow"), (10, "red")])
    def test_watch_other_columns(self, north: Hall, number: int, light: str) -> None:
        report(north, {f"own-{place}": column("栏目", days_ago(400)) for place in range(number)})
        assert lights(north)["others"] == light

    @pytest.mark.parametrize(("number", "light"), [(0, "green"), (4, "yellow"), (5, "red")])
    def test_count_empty_columns(self, north: Hall, number: int, light: str) -> None:
        report(north, {f"own-{place}": column("栏目", None, articles=0) for place in range(number)})
        assert lights(north)["empty"] == light

    @pytest.mark.parametrize(
        ("shown", "poor", "faults", "days", "light", "words"),
        [
            (0, 0, [], 0, "red", "没有公布办事服务"),
            (9, 5, [], 0, "red", "5 个事项的办事指南缺 4 类以上要素"),
            (9, 4, [], 0, "green", "抽查最常用的 5 个事项，要素齐全，说法一致"),
            (3, 3, [], 0, "red", "全部如此"),
            (9, 0, [["临时救助", "缺少办理地点"]], 0, "yellow", "“临时救助”缺少办理地点"),
            (9, 0, [], 4, "yellow", "三天没有核对过"),
        ],
    )
    def test_judge_guides(
        self, north: Hall, shown: int, poor: int, faults: list[list[str]], days: int, light: str, words: str
    ) -> None:
        report(north, {"guides": column("办事指南", None, articles=0)})
        HallFigures.objects.filter(hall=north).update(
            services_shown=shown,
            services_poor=poor,
            services_sampled=5,
            services_faults=faults,
            services_checked_at=days_ago(days),
        )
        assert lights(north)["services"] == light
        assert words in {check.key: check.detail for check in site_checks(north)}["services"]

    def test_tell_whether_readers_reach_it(self, north: Hall) -> None:
        report(north, {})
        assert lights(north)["reach"] == "green"
        HallDomain.objects.filter(tenant=north).update(checked_at=days_ago(8))
        assert lights(north)["reach"] == "yellow"
        HallDomain.objects.filter(tenant=north).update(check_fault="网站答复 502，应为 200。")
        assert lights(north)["reach"] == "red"

    @pytest.mark.parametrize(
        ("visits", "light", "words"),
        [
            ({1: [20, 0], 5: [20, 0]}, "green", "全部域名都能打开；最近一周访问 40 次，0 次没有打开。"),
            ({0: [20, 1], 1: [20, 0]}, "green", "访问 40 次，1 次没有打开"),
            ({0: [20, 1], 1: [20, 1]}, "red", "最近一周访问 40 次，2 次没有打开；达到 5% 即不合格。"),
            # that was a week ago, and a few visits say nothing yet
            ({1: [20, 0], 8: [20, 20]}, "green", "访问 20 次，0 次"),
            ({0: [19, 1]}, "green", "1 次没有打开"),
        ],
    )
    def test_count_a_week_of_visits(self, north: Hall, visits: dict[int, list[int]], light: str, words: str) -> None:
        report(north, {})
        today = timezone.now().astimezone(UTC).date()
        counted = {(today - timedelta(days=ago)).isoformat(): counts for ago, counts in visits.items()}
        HallDomain.objects.filter(tenant=north).update(visits=counted)
        found = next(check for check in site_checks(north) if check.key == "reach")
        assert (found.light, words in found.detail) == (light, True), found.detail

    def test_say_in_words_what_is_wrong(self, north: Hall) -> None:
        report(north, {"guides": column("办事指南", None, articles=0)})
        details = {check.key: check.detail for check in site_checks(north)}
        assert details["empty"] == "1 个栏目没有内容：办事指南；达到 5 个即不合格。"

    def test_cost_one_query(self, north: Hall, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(1):
            site_checks(north)


@pytest.mark.django_db
class TestHallsTable:
    def test_shows_each_halls_worst_light(self, north: Hall, south: Hall) -> None:
        report(north, {}, days_ago(1))
        report(south, {}, days_ago(8))
        Hall.objects.filter(slug="village").update(state=HallState.PLANNED)
        assert [(hall.slug, hall.light) for hall in halls_table()] == [  # type: ignore[attr-defined]
            ("north", "green"),
            ("village", None),
            ("south", "yellow"),
        ]

    def test_finds_halls_by_their_light(self, north: Hall, south: Hall) -> None:
        report(north, {}, days_ago(1))
        report(south, {}, days_ago(8))
        assert list(halls_table(light="yellow")) == [south]
        assert list(halls_table(light="green")) == [north]

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            ({"search": "当阳"}, ["north"]),
            ({"search": "420582"}, ["north", "village"]),
            ({"kind": "village"}, ["village"]),
            ({"state": "live"}, ["north", "village", "south"]),
            ({"under": "420582000000"}, ["north", "village"]),
            ({"under": "420500000000", "kind": "county"}, ["north", "south"]),
            ({"search": "%"}, []),
        ],
    )
    def test_finds_halls(self, wanted: dict[str, str], expected: list[str]) -> None:
        assert [hall.slug for hall in halls_table(**wanted)] == expected


@pytest.mark.django_db
class TestSiteCheckFigures:
    def test_count_open_sites_by_light(
        self, north: Hall, south: Hall, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        report(north, {}, days_ago(1))
        report(south, {}, days_ago(8))
        Hall.objects.filter(slug="village").update(state=HallState.SUSPENDED)
        zhao = person("zhao")
        with django_assert_num_queries(1):
            figures = {one.key: (one.red, one.yellow, one.green) for one in site_check_figures(by=zhao)}
        assert figures["all"] == (0, 1, 1)
        assert figures["home"] == (0, 1, 1)
        assert figures["empty"] == (0, 0, 2)

    def test_are_the_provinces(self) -> None:
        with pytest.raises(NotAllowed):
            site_check_figures(by=person("sun"))
