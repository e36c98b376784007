"""Which kinds of events there are, what each of them says, and who acts on them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from foundation.events.models import Event

type Handler[P: Payload] = Callable[[ReceivedEvent[P]], None]


class Payload(BaseModel):
    """What an event says beside its subject and its hall. In the database it is JSON; a field that this release does
    not know is passed over, so that events which another release wrote can still be read."""

    # an error that quoted a payload would carry it into logs and reports
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class NoPayload(Payload):
    """The subject says it all."""


@dataclass(frozen=True, slots=True, eq=False)
class EventKind[P: Payload]:
    """A kind as ``declare_event`` made it. ``without_subscribers``: why nobody needs to act on it; ``is_kept``: its
    events are read long after they were handled, and so never forgotten."""

    name: str
    payload_type: type[P]
    without_subscribers: str = ""
    is_kept: bool = False
    subscribers: dict[str, Handler[P]] = field(default_factory=dict)
    # of those that act only where something is set up: whether it is
    conditions: dict[str, Callable[[], bool]] = field(default_factory=dict)

    @property
    def listening(self) -> list[str]:
        """The names of the subscribers that get what is emitted now."""
        return [name for name in self.subscribers if name not in self.conditions or self.conditions[name]()]

    def payload_of(self, event: Event) -> P:
        return self.payload_type.model_validate(event.payload)


@dataclass(frozen=True, slots=True)
class ReceivedEvent[P: Payload]:
    """An event as a subscriber gets it."""

    row: Event
    payload: P

    @property
    def id(self) -> UUID:
        return self.row.pk

    @property
    def created_at(self) -> datetime:
        return self.row.created_at

    @property
    def subject_id(self) -> UUID:
        """Raises ValueError where the event has no subject."""
        if self.row.subject_id is None:
            message = f"an event of {self.row.kind} has no subject"
            raise ValueError(message)
        return self.row.subject_id

    @property
    def hall_id(self) -> UUID:
        """Raises ValueError where the event belongs to no hall."""
        if self.row.hall_id is None:
            message = f"an event of {self.row.kind} belongs to no hall"
            raise ValueError(message)
        return self.row.hall_id


class EventRegistry:
    """All kinds with their subscribers. The program has one (``REGISTRY``)."""

    def __init__(self) -> None:
        self._kinds: dict[str, EventKind[Any]] = {}
        self._kind_of_subscriber: dict[str, EventKind[Any]] = {}

    def declare[P: Payload](
        self, name: str, payload: type[P], *, without_subscribers: str = "", is_kept: bool = False
    ) -> EventKind[P]:
        """Raises RuntimeError for a second declaration."""
        if name in self._kinds:
            message = f"{name} is declared twice"
            raise RuntimeError(message)
        kind = EventKind(name, payload, without_subscribers, is_kept)
        self._kinds[name] = kind
        return kind

    def subscribe[P: Payload](
        self, kind: EventKind[P], name: str, *, only_if: Callable[[], bool] | None = None
    ) -> Callable[[Handler[P]], Handler[P]]:
        """Raises RuntimeError for a name that is taken, also by a subscriber of another kind."""
        self.check_declared(kind)

        def register(handler: Handler[P]) -> Handler[P]:
            if name in self._kind_of_subscriber:
                message = f"two subscribers are called {name}"
                raise RuntimeError(message)
            kind.subscribers[name] = handler
            if only_if:
                kind.conditions[name] = only_if
            self._kind_of_subscriber[name] = kind
            return handler

        return register

    def check_declared(self, kind: EventKind[Any]) -> None:
        """Raises RuntimeError for a kind that was not made by ``declare``."""
        if self._kinds.get(kind.name) is not kind:
            message = f"{kind.name} is not declared"
            raise RuntimeError(message)

    def check_subscribers(self) -> None:
        """Raises RuntimeError for a kind that nobody acts on although it does not say so, or that says so wrongly."""
        for kind in self._kinds.values():
            if not kind.subscribers and not kind.without_subscribers:
                message = f"nobody subscribes to {kind.name}; if that is right, declare why (without_subscribers=)"
                raise RuntimeError(message)
            if kind.subscribers and kind.without_subscribers:
                message = f"{kind.name} is declared to have no subscribers, but {min(kind.subscribers)} is one"
                raise RuntimeError(message)

    def kind_of_subscriber(self, name: str) -> EventKind[Any]:
        """Raises KeyError where nobody is called so."""
        return self._kind_of_subscriber[name]

    @property
    def kinds(self) -> Collection[EventKind[Any]]:
        return self._kinds.values()

    @property
    def subscriber_names(self) -> Collection[str]:
        return self._kind_of_subscriber.keys()


REGISTRY = EventRegistry()


def declare_event[P: Payload](
    name: str, payload: type[P], *, without_subscribers: str = "", is_kept: bool = False
) -> EventKind[P]:
    """Make a kind of event known: once, in the ``events`` module of the app that emits it.

    A kind on which nobody acts says why (``without_subscribers``); otherwise the program does not start without a
    subscriber. ``is_kept``: somebody asks for its events after they were handled; all others are forgotten then.
    """
    return REGISTRY.declare(name, payload, without_subscribers=without_subscribers, is_kept=is_kept)


def subscribes[P: Payload](
    kind: EventKind[P], name: str, *, only_if: Callable[[], bool] | None = None
) -> Callable[[Handler[P]], Handler[P]]:
    """Have the function called for every event of the kind that is emitted from now on; ``only_if``: of those that are
    emitted while it says yes. Of the others no delivery is written for this subscriber.

    ``name`` ("app.verb_object") is kept with each delivery: never change it while deliveries wait. The function runs
    in a transaction with its delivery locked, perhaps more than once; what it writes commits together with "done".
    """
    return REGISTRY.subscribe(kind, name, only_if=only_if)
