"""Where steps of flows wait for somebody because a system outside did not do what it was asked for."""

from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse

from foundation.events.models import OutsideCall
from province.console.slots import Area, FindingKind, Light, LightPart, PlaceFinding
from province.halls.models import Hall
from tenants.workflow.queries.calls import PLUGIN_CALL

_KIND = "workflow.outside_failed"


def failed_calls() -> int:
    """How many there are in all halls."""
    return OutsideCall.objects.filter(kind=PLUGIN_CALL, state=OutsideCall.State.DEAD).count()


def find_failed(area: Area) -> Iterator[PlaceFinding]:
    """Two queries; what they read goes where somebody has dealt with it."""
    dead = OutsideCall.objects.filter(kind=PLUGIN_CALL, state=OutsideCall.State.DEAD)
    numbers = dict(dead.values_list("hall_id").annotate(Count("pk")))
    halls = Hall.objects.filter(pk__in=numbers, division__code__startswith=area.prefix)
    for pk, code in halls.values_list("pk", "division__code"):
        yield PlaceFinding(_KIND, code[: area.digits], numbers[pk])


def _halls_page(code: str) -> str:
    return reverse("console-halls", query={"under": code})


CALL_LIGHTS = LightPart(
    {_KIND: FindingKind(Light.YELLOW, "个流程环节的外部动作没有成功", _halls_page)},
    find_failed,
)
