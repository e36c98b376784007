"""Actions outside that flows may use."""

from collections.abc import Mapping
from typing import Any

from province.halls.models import Hall
from standards.flows.plugins import PluginPorts
from tenants.shell.queries.apps import shown_at
from tenants.workflow.slots import FLOW_PLUGINS, FlowPlugin


def plugins_at(hall: Hall) -> dict[str, FlowPlugin[Any, Any]]:
    """By code, those of the apps that the hall has, and of systems that it may ask."""
    return {one.code: one for one in shown_at(FLOW_PLUGINS, hall) if one.serves(hall)}


def ports_at(hall: Hall) -> dict[str, PluginPorts]:
    """What each of them takes and gives."""
    return {code: one.ports for code, one in plugins_at(hall).items()}


def known_ports() -> Mapping[str, PluginPorts]:
    """As ``ports_at``, of all halls: a version that was published was checked for its own."""
    return {one.code: one.ports for one in FLOW_PLUGINS.entries()}
