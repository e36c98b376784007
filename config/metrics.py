"""The figures that Prometheus fetches: requests as all web processes counted them, and rows as they stand now."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import or_

from django.db import DatabaseError, connection
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from foundation.events.models import DueTime, EventDelivery
from foundation.full_text.clients import is_chosen
from foundation.full_text.status import changes_behind, engine_answers
from province.audit.models import AuditPending
from province.content.models import ChannelDelivery, Push
from province.content.states import DeliveryState, PushState
from province.halls.models import Hall
from province.halls.states import HallState

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_requests = Counter("yizhan_requests", "Requests answered", ["method", "status"])
_durations = Histogram(
    "yizhan_request_seconds", "How long an answer took", buckets=(0.002, 0.005, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
)


class RequestFigures:
    """Counts every answer and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began_at = time.perf_counter()
        response = self.get_response(request)
        _durations.observe(time.perf_counter() - began_at)
        method = request.method if request.method in _METHODS else "other"
        _requests.labels(method, response.status_code).inc()
        return response


def render_metrics() -> tuple[bytes, str]:
    """The exposition text and its media type."""
    rows = CollectorRegistry()
    rows.register(_RowFigures())
    return generate_latest(_process_figures()) + generate_latest(rows), CONTENT_TYPE_LATEST


def _process_figures() -> CollectorRegistry:
    """Of all web processes of this machine where they share a folder (config/machine/parts.py), else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]  # the library's
    return shared


class _RowFigures(Collector):
    def collect(self) -> Iterable[GaugeMetricFamily]:
        reached = GaugeMetricFamily("yizhan_database_up", "1 where the database answers")
        try:
            figures = list(_row_figures())
        except DatabaseError:
            connection.close()
            figures = []
        reached.add_metric([], 1 if figures else 0)
        return [reached, *figures]


def _row_figures() -> Iterator[GaugeMetricFamily]:
    # what is done only ever grows in number and says nothing about today
    yield _by_state(
        "yizhan_event_deliveries",
        "Deliveries of events to their subscribers",
        EventDelivery.objects.all(),
        (EventDelivery.State.WAITING, EventDelivery.State.DEAD),
    )
    late = GaugeMetricFamily("yizhan_due_times_late", "Due times that have come and are not yet events")
    late.add_metric([], DueTime.objects.filter(due_at__lte=timezone.now()).count())
    yield late
    waiting = GaugeMetricFamily("yizhan_audit_waiting", "Audit entries that no chain has yet")
    waiting.add_metric([], AuditPending.objects.count())
    yield waiting
    yield from _search_figures()
    yield _by_state("yizhan_halls", "Halls", Hall.objects.all(), HallState)
    yield _by_state("yizhan_pushes", "Pushes", Push.objects.all(), PushState)
    yield _by_state(
        "yizhan_channel_deliveries",
        "Deliveries to accounts on other platforms",
        ChannelDelivery.objects.all(),
        (DeliveryState.WAITING, DeliveryState.DEAD),
    )


def _search_figures() -> Iterator[GaugeMetricFamily]:
    """Where no search engine is set, nothing is wrong with it."""
    away = GaugeMetricFamily("yizhan_search_engine_away", "1 where a search engine is set and does not answer")
    away.add_metric([], int(is_chosen() and not engine_answers()))
    yield away
    behind = GaugeMetricFamily("yizhan_search_behind_seconds", "How long the oldest change has waited to be filed")
    behind.add_metric([], changes_behind() if is_chosen() else 0)
    yield behind


def _by_state[M: Model](name: str, text: str, rows: QuerySet[M], states: Iterable[str]) -> GaugeMetricFamily:
    """One figure a state, 0 included: an alert on a missing line never fires."""
    figures = GaugeMetricFamily(name, text, labels=["state"])
    # joined by OR, each finds its own partial index; IN (…) would read the table
    asked = reduce(or_, (Q(state=state) for state in states))
    counted = dict(rows.filter(asked).order_by().values_list("state").annotate(Count("pk")))
    for state in states:
        figures.add_metric([str(state)], counted.get(str(state), 0))
    return figures
