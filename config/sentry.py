"""Errors go to the service that collects them (Sentry, GlitchTip) at SENTRY_DSN; never what is personal."""

from typing import TYPE_CHECKING

from django.conf import settings
from structlog.contextvars import get_contextvars

from config.logs import scrubbed

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

# as the log has them: from an error one finds its lines
_TAGS = ("request_id", "hall", "account_id")
# of a request, what says where it went wrong
_REQUEST = ("method", "url")


def watch_errors() -> None:
    """Once in each process, after the settings are read. Does nothing without SENTRY_DSN."""
    if settings.SENTRY_DSN:
        # imported here because it takes a while, and most machines report to nobody
        import sentry_sdk  # noqa: PLC0415

        sentry_sdk.init(
            dsn=settings.SENTRY_DSN,
            environment=settings.BASE_DOMAIN,
            send_default_pii=False,
            # variables of frames hold what people typed
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=20,
            before_send=without_persons,
        )


def without_persons(event: "Event", _: "Hint") -> "Event":
    """The event with numbers masked in every text, without cookies, headers, bodies and queries of the request."""
    request = event.get("request") or {}
    event["request"] = {name: str(request[name]).partition("?")[0] for name in _REQUEST if name in request}
    bound = get_contextvars()
    event["tags"] = {name: str(bound[name]) for name in _TAGS if bound.get(name)}
    event.pop("user", None)
    clean: Event = scrubbed(event)
    return clean
