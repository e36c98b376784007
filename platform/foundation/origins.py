"""Whence work comes: the number of the request that began it, its hall, and its place in a trace, carried by whatever
is left to later (events, tasks), so that logs, error reports and traces tell of one thing from end to end."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from structlog.contextvars import bound_contextvars, get_contextvars

# what of a request goes along; an account is its own: who it was, the audit says
_CARRIED = ("request_id", "hall")


class Tracing(Protocol):
    """What writes traces (config.tracing), where there is one."""

    def carried(self) -> Mapping[str, str]:
        """Return what the next process must know to go on with the trace at hand; empty outside of one."""

    def going_on(self, name: str, origin: Mapping[str, str]) -> AbstractContextManager[None]:
        """Go on with the trace of that origin, or begin one, by a span of this name."""


class _Traced:
    by: Tracing | None = None


def trace_by(tracing: Tracing | None) -> None:
    """Have all that goes on from an origin written into its trace. Once in each process; None: nothing is."""
    _Traced.by = tracing


def current_origin() -> dict[str, str]:
    """Return what is carried on from here, as plain text by name; empty where nobody's request is at work."""
    bound = get_contextvars()
    carried = {name: str(bound[name]) for name in _CARRIED if bound.get(name)}
    return carried if _Traced.by is None else {**carried, **_Traced.by.carried()}


@contextmanager
def going_on(name: str, origin: Mapping[str, str]) -> Iterator[None]:
    """Work on as part of what began there: logs bear its number and hall, its trace gets a span of this name."""
    span = nullcontext() if _Traced.by is None else _Traced.by.going_on(name, origin)
    with bound_contextvars(**{one: origin[one] for one in _CARRIED if origin.get(one)}), span:
        yield
