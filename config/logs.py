"""One JSON line per log record, from structlog and the standard library alike; no personal number leaves with it.

All processes write the same fields (docs/runbooks/log-line.schema.json): ``time``, ``level``, ``logger``,
``message``, ``process``, what it belongs to (``request_id``, ``hall``, ``account_id``, ``trace_id``), ``exception``,
and what else the program says of it in ``details``. A trace of many lines stands in one.
"""

import logging
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from config import environment
from foundation.masking import scrub

# where they are known; as text
_BELONGS_TO = ("request_id", "hall", "account_id", "trace_id")
_LEVELS = frozenset(("debug", "info", "warning", "error", "critical"))


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
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
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


class _Fields:
    """Puts what a record holds under the names that all processes have."""

    def __init__(self, process: str) -> None:
        self._process = process

    def __call__(self, _: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        rest = dict(event)
        level = str(rest.pop("level", "info"))
        line: dict[str, Any] = {
            "time": rest.pop("time"),
            # what libraries in other languages call trace
            "level": level if level in _LEVELS else "debug",
            "logger": str(rest.pop("logger", None) or ""),
            "message": str(rest.pop("event", "")),
            "process": self._process,
        }
        for name in _BELONGS_TO:
            if value := rest.pop(name, None):
                line[name] = str(value)
        if exception := rest.pop("exception", None):
            line["exception"] = str(exception)
        return line | ({"details": rest} if rest else {})


class JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """Writes a record as one line. ``process``: which program this is; by itself as its command says."""

    def __init__(self, process: str = "") -> None:
        super().__init__(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_numbers,
                _Fields(process or process_of(sys.argv)),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )


# modules that are programs (``python -m config.…``), and the tests' web server
_MODULES = {
    "web_server.py": "web",
    "granian": "web",
    "worker.py": "worker",
    "scheduler.py": "beat",
    "programs.py": "programs",
}


def process_of(command: list[str]) -> str:
    """Return what lines call the process of this command: ``web``, ``worker``, ``builder``, ``beat``, ``relay``,
    ``release``; else the program, or the first word of ``yizhan …``."""
    program, *words = [Path(command[0]).name, *command[1:]] if command else ["python"]
    if program in _MODULES:
        return _MODULES[program]
    if program == "celery":
        node = words[words.index("-n") + 1] if "-n" in words[:-1] else "worker"
        return node.partition("@")[0]
    if program == "yizhan":
        return next((word for word in words if not word.startswith("-")), program)
    return program or "python"


def configure_logs() -> None:
    """Have structlog write by the standard library, and warnings and what nobody caught be lines as well."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def log_what_ends_the_process() -> None:
    """Of a program that runs by itself: warnings, and the error that nobody caught, are lines of its log."""
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("config.logs").critical("uncaught", exc_info=(kind, error, trace))


def line_of(message: str, level: int = logging.WARNING) -> bytes:
    """Return a whole line that says this, for handlers of signals: they write it by themselves."""
    record = logging.LogRecord("yizhan", level, "", 0, "%s", (message,), None)
    return f"{JsonFormatter().format(record)}\n".encode()


def failure_line(error: BaseException, *, request_id: str) -> str:
    """Return the whole line of an error, its trace in it, for a file of its own."""
    trace = (type(error), error, error.__traceback__)
    record = logging.LogRecord("yizhan", logging.ERROR, "", 0, "uncaught", None, trace)
    with bound_contextvars(request_id=request_id):
        return f"{JsonFormatter().format(record)}\n"


def log_of_program() -> structlog.stdlib.BoundLogger:
    """Return the log of a program that runs by itself, where nobody sits at a terminal: it tells of each step, and
    writes also where no settings could be read."""
    configure_logs()
    log_what_ends_the_process()
    root, own = logging.getLogger(), logging.getLogger("yizhan")
    if not root.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(JsonFormatter())
        root.addHandler(handler)
    if not environment.is_set("LOG_LEVEL"):
        own.setLevel(logging.INFO)
    found: structlog.stdlib.BoundLogger = structlog.get_logger("yizhan")
    return found
