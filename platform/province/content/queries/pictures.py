"""Pictures of pushes, and what is wrong with them by place."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Count, DateField, Q, Value
from django.db.models.functions import Left, TruncWeek
from django.urls import reverse
from django.utils import timezone

from foundation.design.charts import ChartPoint, FigureChart
from province.console.slots import Area, Figure, FindingKind, Light, LightPart, PlaceFinding, WallShare
from province.content.models import ProofBatch, Push, PushProof
from province.content.states import PushState
from province.halls.models import Hall

_WEEKS = 12
_PROOFS = 200
# of a push that are counted
_MOMENTS = ("published_at", "withdrawn_at")


def pushes_charts(area: Area) -> Iterator[FigureChart]:
    """What was pushed and withdrawn week by week, by the desks of the area; one query."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=back) for back in reversed(range(_WEEKS))]
    counted = _by_week(weeks[0], area)
    address = reverse("console-pushes") if area.is_console else ""
    yield FigureChart(
        key="pushes",
        title="每周推稿与撤稿",
        points=[
            ChartPoint(f"{week.month}/{week.day}", tuple(counted.get((name, week), 0) for name in _MOMENTS))
            for week in weeks
        ],
        series=("推稿", "撤稿"),
        unit="篇",
        address=address,
        is_over_time=True,
        heading="一周（自周一起）",
        note=f"最近 {_WEEKS} 周，按发布和撤稿的时间计。",
    )


def _by_week(since: date, area: Area) -> dict[tuple[str, date], int]:
    """How many, by the moment's name and the week's Monday."""
    begin = timezone.make_aware(datetime.combine(since, time.min))
    pushes = Push.objects.filter(desk_prefix__startswith=area.prefix) if area.prefix else Push.objects.all()
    published, withdrawn = (
        pushes.filter(**{f"{name}__gte": begin})
        .order_by()
        .annotate(moment=Value(name), week=TruncWeek(name, output_field=DateField()))
        .values_list("moment", "week")
        .annotate(Count("pk"))
        for name in _MOMENTS
    )
    return {(name, week): number for name, week, number in published.union(withdrawn, all=True)}


def find_in_proofs(area: Area) -> Iterator[PlaceFinding]:
    """Sites on which the newest proof of a push that is live or withdrawn saw something else, or nothing; three
    queries. Of the last 200 proofs."""
    newest = (
        PushProof.objects.filter(
            Q(push__state__in=(PushState.LIVE, PushState.WITHDRAWN)), is_overtaken=False, finished_at__isnull=False
        )
        .order_by("push_id", "-started_at")
        .distinct("push_id")
    )
    proofs = sorted(newest.values_list("started_at", "pk"), reverse=True)[:_PROOFS]
    batches = ProofBatch.objects.filter(proof__in=[pk for _, pk in proofs]).exclude(wrong=[], unreachable=[])
    numbers: dict[int, str] = {}
    for wrong, unreachable in batches.values_list("wrong", "unreachable"):
        numbers = dict.fromkeys(unreachable, "content.unreachable") | numbers | dict.fromkeys(wrong, "content.wrong")
    if not numbers:
        return
    halls = Hall.objects.filter(number__in=numbers, division__code__startswith=area.prefix)
    places = halls.annotate(place=Left("division__code", area.digits)).values_list("number", "place")
    for number, place in places:
        yield PlaceFinding(numbers[number], place, 1)


def _pushes_page(_: str) -> str:
    return reverse("console-pushes")


PROOF_LIGHTS = LightPart(
    {
        "content.wrong": FindingKind(Light.RED, "个网站的推稿核验不符", _pushes_page),
        "content.unreachable": FindingKind(Light.YELLOW, "个网站核验时打不开", _pushes_page),
    },
    find_in_proofs,
)


def wall_share() -> WallShare:
    live = Push.objects.filter(state=PushState.LIVE).count()
    return WallShare(figures=(Figure(live, "发布中的推稿", reverse("console-pushes")),))
