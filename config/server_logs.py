"""How the web server (Granian) writes the few lines of its own: as every other process does (config.logs)."""

import logging
from typing import Any


class LateFormatter(logging.Formatter):
    """Loads what writes lines with the first of them: the server's parent process seldom has any to write, and would
    hold 20 MB for it."""

    def format(self, record: logging.LogRecord) -> str:
        from config.logs import JsonFormatter  # noqa: PLC0415

        return JsonFormatter().format(record)


def granian_logs() -> dict[str, Any]:
    """What Granian's option --log-config reads from a file, as ``logging.config`` has it."""
    handler = {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
    own = {"handlers": ["stderr"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "config.server_logs.LateFormatter"}},
        "handlers": {"stderr": handler},
        "loggers": {"_granian": own, "granian.access": own},
    }
