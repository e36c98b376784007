"""One JSON line per log record, from structlog and the standard library alike; no personal number leaves with it."""

from typing import Any

import structlog

from foundation.masking import scrub


def _bound_to_request(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Number, hall and account of the request that a record of Django's speaks of, where it has ended already."""
    request = getattr(event.get("_record"), "request", None)
    bound: dict[str, Any] = getattr(request, "bound", {})
    return {**bound, **event}


_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    _bound_to_request,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def scrubbed(value: Any) -> Any:
    """A copy of the value with resident and phone numbers masked in every text, however deep."""
    match value:
        case str():
            return scrub(value)
        case dict():
            return {scrub(key) if isinstance(key, str) else key: scrubbed(one) for key, one in value.items()}
        case list() | tuple():
            return [scrubbed(one) for one in value]
        case None | bool() | int() | float():
            return scrub(str(value)) if isinstance(value, int) and scrub(str(value)) != str(value) else value
        case _:
            # as the renderer would write it
            return scrub(repr(value))


def _without_numbers(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    found: structlog.typing.EventDict = scrubbed(event)
    return found


class JsonFormatter(structlog.stdlib.ProcessorFormatter):
    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_numbers,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )


def configure_logs() -> None:
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
