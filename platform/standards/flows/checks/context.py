"""What a check needs to know of the world, as a value."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from standards.flows.nodes import StepLimit
from standards.flows.people import AnyWho
from standards.flows.plugins import PluginPorts


def _unknown(who: AnyWho) -> int | None:  # noqa: ARG001 - the shape of a callback
    return None


@dataclass(frozen=True, slots=True)
class FlowContext:
    """``count_people``: how many people a rule finds today; None where that depends on the run. ``promise``: what the
    hall has promised for the whole. ``code``: the flow's own; ``calls``: every other published flow of the hall by its
    code, with the codes of those that it calls. ``plugins``: by code those that there are; None: not looked at."""

    count_people: Callable[[AnyWho], int | None] = _unknown
    promise: StepLimit | None = None
    code: str = ""
    calls: Mapping[str, Collection[str]] | None = None
    plugins: Mapping[str, PluginPorts] | None = None
