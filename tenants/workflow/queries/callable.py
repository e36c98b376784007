"""What a flow of the hall can name and call, as designers pick it: people, actions outside and other flows, each of
these with what goes in and comes out."""

from typing import Any, Final

from province.designers.queries.flow_tables import FlowVocabulary
from province.halls.models import Hall
from standards.flows.people import WHO_TITLES
from standards.flows.plugins import PluginPort
from tenants.workflow.models import Flow
from tenants.workflow.queries.flows import people_choices
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.queries.plugins import ports_at
from tenants.workflow.states import DesignState

_MOST_FLOWS: Final = 200


def vocabulary_of(flow: Flow, hall: Hall) -> FlowVocabulary:
    """All that this flow can name."""
    choices = people_choices(hall)
    return FlowVocabulary(choices=choices, kinds=WHO_TITLES, plugins=plugin_choices(hall), flows=flow_choices(flow))


def plugin_choices(hall: Hall) -> list[dict[str, Any]]:
    """As JSON: ``code``, ``label``, ``inputs`` and ``outputs``, each a list of ports."""
    return [
        {
            "code": code,
            "label": ports.label,
            "inputs": [_port(name, port) for name, port in ports.inputs.items()],
            "outputs": [_port(name, port) for name, port in ports.outputs.items()],
        }
        for code, ports in ports_at(hall).items()
    ]


def _port(name: str, port: PluginPort) -> dict[str, Any]:
    facts = {"name": name, "label": port.label, "required": port.required, "right": port.right.value}
    return facts | {"words": list(port.words.items())}


def flow_choices(flow: Flow) -> list[dict[str, Any]]:
    """The other flows of the hall that are published, as JSON: ``code``, ``title``, ``fields`` (name and label). One
    query."""
    published = Flow.objects.filter(state=DesignState.PUBLISHED, newest__isnull=False).exclude(pk=flow.pk)
    return [
        {
            "code": one.code,
            "title": one.title,
            "fields": [
                (name, field.label)
                for name, field in definition_of(one.newest.form_version).named_fields.items()
                if field.is_filled
            ]
            if one.newest and one.newest.form_version
            else [],
        }
        for one in published.select_related("newest__form_version").order_by("title")[:_MOST_FLOWS]
    ]
