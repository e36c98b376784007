"""Pictures of halls: how many are in which state."""

from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse

from foundation.design.charts import ChartPoint, FigureChart
from province.console.slots import Area
from province.halls.models import Hall
from province.halls.states import HallState


def halls_charts(area: Area) -> Iterator[FigureChart]:
    """The halls of the area by state; one query."""
    halls = Hall.objects.filter(division__code__startswith=area.prefix).order_by()
    counts = dict(halls.values_list("state").annotate(Count("pk")))
    address = reverse("console-halls") if area.is_console else ""
    yield FigureChart(
        key="halls",
        title="服务厅状态",
        points=[
            ChartPoint(str(state.label), (counts.get(state, 0),), address and f"{address}?state={state}")
            for state in HallState
        ],
        series=("服务厅",),
        address=address,
        heading="状态",
    )
