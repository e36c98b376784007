"""Pictures of adoption, and what halls are late with."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from foundation.design.charts import ChartPoint, FigureChart
from province.catalogue.models import HallItem
from province.catalogue.queries.validity import items_valid_at, newest_numbers_sql, with_whole_version
from province.catalogue.states import AdoptionState
from province.console.slots import Area, Figure, FindingKind, Light, LightPart, PlaceFinding, WallShare
from province.halls.models import Division, Hall
from province.halls.states import HallState

_OVERDUE = f"""
SELECT report.hall_id, count(*)
FROM catalogue_hallitem AS report
    JOIN ({newest_numbers_sql()}) AS newest ON newest.item_id = report.item_id
WHERE report.state = 'published' AND report.version_number < newest.required
GROUP BY 1
"""  # noqa: S608 - only constants of ours


def adoption_charts(area: Area) -> Iterator[FigureChart]:
    """How many items the halls of each place show, the most first; four queries."""
    # of the places compared their own halls alone, not the villages below them
    halls = Hall.objects.exclude(state=HallState.RETIRED).filter(
        division__code__startswith=area.prefix, division__code__endswith="0" * (12 - area.digits)
    )
    own = dict(halls.order_by().values_list("pk", "division__code"))
    reported = HallItem.objects.filter(state=AdoptionState.PUBLISHED, hall_id__in=list(own)).order_by()
    shown = with_whole_version(reported)
    counts = dict(shown.values_list("hall_id").annotate(Count("pk")))
    names = dict(Division.objects.filter(code__in=own.values(), valid_to=None).values_list("code", "name"))
    rows = sorted(((code, counts.get(pk, 0)) for pk, code in own.items()), key=lambda row: (-row[1], row[0]))
    counted = items_valid_at(timezone.now()).aggregate(
        total=Count("pk"), incomplete=Count("pk", filter=Q(is_complete=False))
    )
    lacking = f"，其中 {counted['incomplete']:,} 项内容不齐，只列名录" if counted["incomplete"] else ""
    address = reverse("console-matrix") if area.is_console else ""
    yield FigureChart(
        key="adoption",
        title="事项公布排行",
        points=[
            ChartPoint(
                f"{place}. {names.get(code, code)}",
                (number,),
                address and f"{address}?under={code}",
            )
            for place, (code, number) in enumerate(rows, start=1)
        ],
        series=("已公布的事项",),
        unit="项",
        address=address,
        heading="地方",
        note=f"各地本级服务厅已向群众公布办事指南的事项；目录现有 {counted['total']:,} 项{lacking}。",
    )


def find_overdue(area: Area) -> Iterator[PlaceFinding]:
    """Guides that still follow a version of the item whose time to be replaced is over; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, {"now": timezone.now()})
        late: dict[UUID, int] = dict(cursor.fetchall())
    halls = Hall.objects.exclude(state=HallState.RETIRED).filter(
        pk__in=list(late), division__code__startswith=area.prefix
    )
    for hall_id, code in halls.values_list("pk", "division__code") if late else ():
        yield PlaceFinding("catalogue.overdue", code[: area.digits], late[hall_id])


def _matrix_page(code: str) -> str:
    return reverse("console-matrix", query={"under": code, "state": "o"})


ITEM_LIGHTS = LightPart(
    {"catalogue.overdue": FindingKind(Light.YELLOW, "项事项新版逾期未接受", _matrix_page)}, find_overdue
)


def wall_share() -> WallShare:
    items = items_valid_at(timezone.now()).count()
    shown = with_whole_version(HallItem.objects.filter(state=AdoptionState.PUBLISHED)).count()
    address = reverse("console-items")
    return WallShare(figures=(Figure(items, "目录事项", address), Figure(shown, "各厅已公布事项", address)))
