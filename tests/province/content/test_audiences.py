"""What an operator types and is told before a push goes; the rule itself is held by tests/properties."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.errors import Invalid
from province.content.operations.pushes import push_version
from province.content.queries.audiences import Audience, Scope, audience_of_codes, audience_preview
from province.content.queries.pushes import (
    home_pushes,
    listed_by_column,
    listed_pushes,
    offered_pushes,
    push_on_hall,
    search_pushes,
)
from province.content.queries.pushes.lists import _FIRST_PAGE
from province.content.queries.pushes.matching import hall_parameters
from province.content.states import PushMode
from province.halls.models import Hall, HallKind
from province.halls.states import HallState
from tests.conftest import person
from tests.factories.manuscripts import COUNTY, TITLE, make_approved_version
from tests.factories.pushes import EVERYBODY, make_push, withdraw
from tests.factories.registry import register_halls

pytestmark = pytest.mark.django_db


class TestCodes:
    def test_mean_everything_below_them(self) -> None:
        audience = audience_of_codes(["420500000000", "420582103200"], ["420583000000"])
        assert audience == Audience((Scope("4205"),), (Scope("420583"),))

    def test_are_narrowed_by_kinds_where_they_are_sent_to(self) -> None:
        audience = audience_of_codes(["420500000000"], ["420583000000"], ["village"])
        assert audience == Audience((Scope("4205", ("village",)),), (Scope("420583"),))

    def test_that_no_division_has_are_named_one_by_one(self) -> None:
        with pytest.raises(Invalid) as refused:
            audience_of_codes(["420599000000", "4205", "42058x000000", "42050000000０"], ["999999999999"], ["街道"])
        assert [(fault.where, fault.message) for fault in refused.value.faults] == [
            ("420599000000", "没有这个区划代码。"),
            ("42058x000000", "区划代码应为 12 位数字。"),
            ("42050000000０", "区划代码应为 12 位数字。"),
            ("999999999999", "没有这个区划代码。"),
            ("街道", "没有这种服务厅类型。"),
        ]

    def test_none_at_all_are_refused(self) -> None:
        with pytest.raises(Invalid, match="没有指定"):
            audience_of_codes([])


class TestPreview:
    def test_says_why_some_halls_would_not_show_it(self) -> None:
        Hall.objects.filter(slug="south").update(state=HallState.SUSPENDED)
        preview = audience_preview(EVERYBODY)
        assert preview.sentence == "将在 2 个服务厅显示（共 3 个：1 个已暂停）"
        assert [line.name for line in preview.suspended] == ["枝江市县政务服务中心"]

    def test_counts_what_is_excluded_and_not_yet_open_and_leaves_out_what_is_closed_for_good(self) -> None:
        Hall.objects.filter(slug="village").update(state=HallState.PLANNED)
        preview = audience_preview(Audience((Scope("42"),), (Scope("420583"),)))
        assert preview.sentence == "将在 1 个服务厅显示（共 2 个：1 个尚未开通），另有 1 个被排除"
        Hall.objects.update(state=HallState.RETIRED)
        assert audience_preview(EVERYBODY).sentence == "这个范围内没有服务厅。"

    def test_counts_only_halls_that_have_the_column(self, north: Hall) -> None:
        north.figures.columns = {"dangjian": {"name": "党建", "articles": 0, "last_published_at": None}}
        north.figures.save()
        preview = audience_preview(EVERYBODY, column="dangjian")
        assert preview.sentence == "将在 1 个服务厅显示（共 3 个：2 个没有这个栏目）"
        assert [line.name for line in preview.showing] == [north.name]
        assert len(preview.no_column) == 2
        offered = audience_preview(EVERYBODY, column="dangjian", mode=PushMode.OFFERED)
        assert offered.sentence == audience_preview(EVERYBODY, column="news", mode=PushMode.OFFERED).sentence


def _queries_of(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


class TestQueries:
    def test_are_as_many_for_ten_halls_as_for_ten_thousand(self) -> None:
        halls = register_halls((f"4399010{n:02}", HallKind.TOWNSHIP) for n in range(10))
        few = self._count(halls[0], Audience((Scope("43"),)))
        register_halls((f"44{n // 100:04}{n % 100:03}", HallKind.TOWNSHIP) for n in range(10_000))
        many = self._count(Hall.objects.filter(prefixes__contains=["44"])[0], Audience((Scope("44"),)))
        assert few == many
        assert few["home"] == 1

    @staticmethod
    def _count(hall: Hall, audience: Audience) -> dict[str, int]:
        version, zhao = make_approved_version(), person("zhao")
        pushed = []

        def push() -> None:
            pushed.append(push_version(by=zhao, version=version, audience=audience, column="news"))

        return {
            "preview": _queries_of(lambda: audience_preview(audience)),
            "push": _queries_of(push),
            "lists": _queries_of(lambda: listed_by_column(hall, ["news", "notices"], limit=8)),
            "home": _queries_of(lambda: home_pushes(hall, ["news", "notices"], limit=8)),
            "column": _queries_of(lambda: listed_pushes(hall, "news", limit=20)),
            "page": _queries_of(lambda: push_on_hall(hall, pushed[0].pk)),
            "withdraw": _queries_of(lambda: withdraw(pushed[0])),
        }

    def test_of_a_list_read_one_range_of_the_index_for_each_prefix(self, north: Hall) -> None:
        with connection.cursor() as cursor:
            # so few rows as here would be read whole
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {_FIRST_PAGE}", hall_parameters(north) | {"columns": ["news"], "limit": 20})
            plan = "\n".join(line for (line,) in cursor.fetchall())
        scan = plan[plan.index("content_scope_listed") :]
        condition = scan.splitlines()[1]
        assert all(word in condition for word in ("prefix", "mode", '"column"'))
        assert "Sort" not in scan.partition("content_hallpushdecision")[0]


class TestList:
    def test_pages_on_without_losing_or_repeating_anything(self, north: Hall) -> None:
        """One moment for all of them, and one in two audiences."""
        pushes = [
            make_push(title=f"第{n}篇", is_pinned=n == 3, audience=EVERYBODY if n % 2 else Audience((Scope(COUNTY),)))
            for n in range(7)
        ]
        whole = [line.id for line in listed_pushes(north, "news", limit=20)]
        paged, place = [], None
        while lines := listed_pushes(north, "news", limit=2, before=place):
            paged += [line.id for line in lines]
            place = lines[-1].place
        assert paged == whole
        assert whole[0] == pushes[3].pk
        assert sorted(whole) == sorted(push.pk for push in pushes)


class TestIsolation:
    """One hall's pushes never reach another, by any door."""

    def test_holds_for_lists_pages_banners_offers_and_search(self, north: Hall, south: Hall) -> None:
        county = Audience((Scope(COUNTY),))
        push = make_push(audience=county, is_urgent=True)
        offer = make_push(audience=county, mode=PushMode.OFFERED)
        assert push_on_hall(north, push.pk)
        assert [found.id for found in search_pushes(north, TITLE)] == [push.pk]
        for found in (
            push_on_hall(south, push.pk),
            push_on_hall(south, offer.pk),
            listed_pushes(south, "news", limit=5),
            listed_by_column(south, ["news"], limit=5)["news"],
            home_pushes(south, ["news"], limit=5)[0]["news"],
            home_pushes(south, ["news"], limit=5)[1],
            offered_pushes(south),
            search_pushes(south, TITLE),
        ):
            assert not found
