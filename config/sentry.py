"""Errors go to the service that collects them (Sentry, GlitchTip) at SENTRY_DSN; never what is personal.

A report is built of what is known to say nothing about anybody; whatever else the library adds, today or in a later
version, stays here. The log has the rest, under the request's number.
"""

import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from django.conf import settings
from structlog.contextvars import get_contextvars

from config.logs import scrubbed

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

# as the log has them: from an error one finds its lines
_TAGS = ("request_id", "hall", "account_id")
# of a report, what it is about and which program it comes from: no user, breadcrumbs, arguments, modules, variables
_KEPT = (
    *("event_id", "timestamp", "level", "platform", "release", "environment", "server_name", "sdk"),
    *("logger", "transaction", "transaction_info", "exception", "logentry"),
)
# of a request, what says where it went wrong
_REQUEST = ("method", "url")
_EXCEPTION = ("type", "module", "mechanism")
_FRAME = (
    *("filename", "abs_path", "function", "module", "lineno", "in_app"),
    *("pre_context", "context_line", "post_context"),
)
# what names, addresses and whole sentences of people are written with here
_CHINESE = re.compile(r"[^\x00-\x7f]+")
# what a message quotes, where it is no mere name of a column or a class: keys of sessions, mail addresses, passwords
_QUOTED = re.compile(r"""(['"])[^'"\s]*[\d@][^'"\s]*\1""")


def watch_errors() -> None:
    """Once in each process, after the settings are read. Does nothing without SENTRY_DSN."""
    if settings.SENTRY_DSN:
        # imported here because it takes a while, and most machines report to nobody
        import sentry_sdk  # noqa: PLC0415

        sentry_sdk.init(
            dsn=settings.SENTRY_DSN,
            environment=settings.BASE_DOMAIN,
            release=f"yizhan@{version('yizhan')}",
            send_default_pii=False,
            # variables of frames hold what people typed
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            # nothing that counts visits, and no word of us in what we ask of others
            auto_session_tracking=False,
            trace_propagation_targets=[],
            before_send=without_persons,
        )


def without_persons(event: "Event", hint: "Hint") -> "Event":
    """The event without anything that people said: of each error its kind, its place in the code, and a message from
    which Chinese words, quoted values and numbers are cut; of the request its method and address without the query."""
    whole: dict[str, Any] = dict(event)
    report = {name: whole[name] for name in _KEPT if whole.get(name)}
    request = whole.get("request") or {}
    report["request"] = {name: str(request[name]).partition("?")[0] for name in _REQUEST if name in request}
    bound = get_contextvars()
    report["tags"] = {name: str(bound[name]) for name in _TAGS if bound.get(name)}
    if "logentry" in report:
        report["logentry"] = {"message": _said_by_program(hint, report["logentry"])}
    if "exception" in report:
        report["exception"] = {"values": [_exception(one) for one in report["exception"].get("values", ())]}
    clean: Event = scrubbed(report)
    return clean


def _said_by_program(hint: "Hint", entry: dict[str, Any]) -> str:
    """The name of what happened (structlog), or the message before anything was put into it."""
    message = getattr(hint.get("log_record"), "msg", None)
    if isinstance(message, dict):
        message = message.get("event")
    return _cut(str(message or entry.get("message") or ""))


def _exception(one: dict[str, Any]) -> dict[str, Any]:
    kept = {name: one[name] for name in _EXCEPTION if one.get(name)}
    kept["value"] = _cut(str(one.get("value") or ""))
    frames = (one.get("stacktrace") or {}).get("frames", ())
    kept["stacktrace"] = {"frames": [{name: frame[name] for name in _FRAME if name in frame} for frame in frames]}
    return kept


def _cut(message: str) -> str:
    # the database's later lines quote whole rows, a validator's the value that it refused
    first, *_ = message.splitlines() or [""]
    return _QUOTED.sub("'…'", _CHINESE.sub("…", first))
