"""Traces by OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT says to whom: a request, its statements, the events that
it leaves, the tasks that these set off, all in one trace. Without it no library of it is loaded and nothing is asked.

A span is built of what says nothing about anybody: names of routes, subscribers and tasks, statements without their
values, the hall and the request's number. It bears no address, no message of an error, no account.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bound_contextvars, get_contextvars

from foundation.origins import trace_by

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

# the log's name of what is bound -> a span's
_BOUND = {"request_id": "yizhan.request_id", "hall": "yizhan.hall"}
# values that somebody wrote into a statement all the same
_LITERAL = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_LONGEST_STATEMENT = 2_000
_VERB = re.compile(r"\s*(\w+)")


class _Traces:
    """What writes them in this process; None: nobody does."""

    by: "Traces | None" = None


def watch_traces() -> None:
    """Once in each process, after the settings are read. Does nothing without OTEL_EXPORTER_OTLP_ENDPOINT."""
    if settings.TRACES.endpoint and _Traces.by is None:
        _Traces.by = Traces(_tracer())
        trace_by(_Traces.by)
        connection_created.connect(_watch_statements, dispatch_uid="config.tracing")


def request_span(request: HttpRequest) -> AbstractContextManager[Callable[[HttpResponse], None]]:
    """The request's own span, which begins a trace; what is called gets the answer."""
    return nullcontext(_say_nothing) if _Traces.by is None else _Traces.by.request_span(request)


def _say_nothing(_: HttpResponse) -> None:
    """Where nobody writes traces."""


def _tracer() -> "Tracer":
    # imported here because most machines trace nothing
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    # no process, host or command line
    resource = Resource({SERVICE_NAME: settings.TRACES.service, SERVICE_VERSION: version("yizhan")})
    # the sampler is chosen by OTEL_TRACES_SAMPLER, as the SDK reads it
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(
        endpoint=f"{settings.TRACES.endpoint.rstrip('/')}/v1/traces", headers=settings.TRACES.headers, timeout=5
    )
    # a thread sends them; where the collector is away, what does not fit into the queue is dropped
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider.get_tracer("yizhan")


class Traces:
    """Writes spans of requests, statements, and of what goes on from an origin (foundation.origins)."""

    def __init__(self, tracer: "Tracer") -> None:
        from opentelemetry import trace  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        self._tracer, self._api = tracer, trace
        self._propagator = TraceContextTextMapPropagator()

    def carried(self) -> Mapping[str, str]:
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        return {"traceparent": carrier["traceparent"]} if "traceparent" in carrier else {}

    @contextmanager
    def going_on(self, name: str, origin: Mapping[str, str]) -> Iterator[None]:
        before = self._propagator.extract({"traceparent": origin.get("traceparent", "")})
        with self._span(name, self._api.SpanKind.CONSUMER, before):
            yield

    @contextmanager
    def request_span(self, request: HttpRequest) -> Iterator[Callable[[HttpResponse], None]]:
        # what a reader sends along is no trace of ours
        from opentelemetry.context import Context  # noqa: PLC0415

        with self._span(str(request.method), self._api.SpanKind.SERVER, Context()) as span:

            def say(response: HttpResponse) -> None:
                route = request.resolver_match.route if request.resolver_match else ""
                span.update_name(f"{request.method} /{route}" if route else str(request.method))
                span.set_attribute("http.request.method", str(request.method))
                span.set_attribute("http.route", f"/{route}")
                span.set_attribute("http.response.status_code", response.status_code)
                if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    span.set_status(self._api.StatusCode.ERROR)

            yield say

    @contextmanager
    def _span(self, name: str, kind: Any, before: Any) -> Iterator["Span"]:
        with (
            self._tracer.start_as_current_span(
                name, before, kind, record_exception=False, set_status_on_exception=False
            ) as span,
            bound_contextvars(trace_id=f"{span.get_span_context().trace_id:032x}"),
        ):
            try:
                yield span
            except BaseException as error:
                self._fail(span, error)
                raise
            finally:
                bound = get_contextvars()
                span.set_attributes({_BOUND[one]: str(bound[one]) for one in _BOUND if bound.get(one)})

    def statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
        """Execute it within a span, where it is part of something: what programs ask for all day long is not."""
        if not self._api.get_current_span().is_recording():
            return execute(sql, params, many, context)
        verb = _VERB.match(sql)
        attributes = {
            "db.system.name": "postgresql",
            "db.query.text": _LITERAL.sub("'…'", sql)[:_LONGEST_STATEMENT],
        }
        with self._tracer.start_as_current_span(
            verb[1].upper() if verb else "SQL",
            kind=self._api.SpanKind.CLIENT,
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                return execute(sql, params, many, context)
            except Exception as error:
                self._fail(span, error)
                raise

    def _fail(self, span: "Span", error: BaseException) -> None:
        """Its kind alone: what it says may quote a row."""
        span.set_attribute("error.type", type(error).__qualname__)
        span.set_status(self._api.StatusCode.ERROR)


def _watch_statements(connection: BaseDatabaseWrapper, **_: object) -> None:
    if _Traces.by is not None and _Traces.by.statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_Traces.by.statement)
