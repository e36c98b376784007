"""The figures that Prometheus fetches: requests as all web processes counted them, and rows as they stand now."""

import math
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
from foundation.events.queries import seconds_behind
from foundation.full_text.clients import is_chosen
from foundation.full_text.status import engine_answers
from foundation.full_text.unfiled import changes_behind
from province.audit.models import AuditPending
from province.audit.queries.lags import seconds_unsealed
from province.content.models import ChannelDelivery, Push
from province.content.states import DeliveryState, PushState
from province.halls.models import Hall
from province.halls.queries.certificates import days_left, refused_certificates
from province.halls.states import HallState
from provisioning.models import BackupState
from provisioning.queries import kept_wal

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
    late = DueTime.objects.filter(due_at__lte=timezone.now()).count()
    yield _one("yizhan_due_times_late", "Due times that have come and are not yet events", late)
    yield _one("yizhan_audit_waiting", "Audit entries that no chain has yet", AuditPending.objects.count())
    yield _one("yizhan_events_behind_seconds", "How long the delivery that is due first has waited", seconds_behind())
    yield _one("yizhan_audit_unsealed_seconds", "How long the oldest entry is unsealed", seconds_unsealed())
    yield from _search_figures()
    yield from _backup_figures()
    yield from _certificate_figures()
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
    is_away = is_chosen() and not engine_answers()
    yield _one("yizhan_search_engine_away", "1 where a search engine is set and does not answer", int(is_away))
    behind = changes_behind() if is_chosen() else 0
    yield _one("yizhan_search_behind_seconds", "How long the oldest change has waited to be filed", behind)


def _backup_figures() -> Iterator[GaugeMetricFamily]:
    """Nothing of what is not backed up from here; on Kubernetes the database's operator has figures of its own."""
    yield _one("yizhan_wal_kept_bytes", "WAL that the slot furthest behind has not fetched", kept_wal())
    failed = GaugeMetricFamily("yizhan_backup_failed", "1 where the last one did not go well", labels=["kind"])
    ages = {
        BackupState.Kind.MOMENT: GaugeMetricFamily("yizhan_backup_age_seconds", "What was written since would be lost"),
        BackupState.Kind.DRILL: GaugeMetricFamily("yizhan_backup_drill_age_seconds", "Since a backup was brought back"),
    }
    now = timezone.now()
    for state in BackupState.objects.all():
        failed.add_metric([state.kind], int(bool(state.fault)))
        if state.kind in ages:
            good = state.moment if state.kind == BackupState.Kind.MOMENT else state.done_at
            age = (now - good).total_seconds() if good else math.inf
            ages[BackupState.Kind(state.kind)].add_metric([], age)
    yield failed
    yield from ages.values()


def _certificate_figures() -> Iterator[GaugeMetricFamily]:
    left = GaugeMetricFamily("yizhan_certificate_days_left", "Until the first one ends; below 0: ended", labels=["of"])
    refused = GaugeMetricFamily("yizhan_certificates_refused", "Hosts where browsers let nobody in")
    for is_province, days in days_left().items():
        left.add_metric(["province" if is_province else "halls"], days)
    refused.add_metric([], refused_certificates().count())
    yield from (left, refused)


def _one(name: str, text: str, value: float) -> GaugeMetricFamily:
    figure = GaugeMetricFamily(name, text)
    figure.add_metric([], value)
    return figure


def _by_state[M: Model](name: str, text: str, rows: QuerySet[M], states: Iterable[str]) -> GaugeMetricFamily:
    """One figure a state, 0 included: an alert on a missing line never fires."""
    figures = GaugeMetricFamily(name, text, labels=["state"])
    # joined by OR, each finds its own partial index; IN (…) would read the table
    asked = reduce(or_, (Q(state=state) for state in states))
    counted = dict(rows.filter(asked).order_by().values_list("state").annotate(Count("pk")))
    for state in states:
        figures.add_metric([str(state)], counted.get(str(state), 0))
    return figures
