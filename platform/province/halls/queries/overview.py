"""What the console's overview shows of halls."""

from django.db.models import Count
from django.urls import reverse

from province.console.slots import Figure, OverviewShare
from province.halls.models import Hall
from province.halls.states import HallState
from province.rights.actors import Actor
from province.rights.queries import may


def halls_overview(by: Actor) -> OverviewShare:
    """How many there are, by state: for who manages those of the whole province. A county desk has its own figures."""
    if not may(by, "halls.manage"):
        return OverviewShare()
    figures = hall_figures()
    return OverviewShare(figures=figures, is_beginning=not figures[0].number)


def hall_figures() -> tuple[Figure, ...]:
    """How many halls there are, and how many in each state that occurs."""
    counts = dict(Hall.objects.values_list("state").annotate(Count("pk")))
    address = reverse("console-halls")
    by_state = [
        Figure(counts[state], HallState(state).label, f"{address}?state={state}")
        for state in HallState
        if counts.get(state)
    ]
    return Figure(sum(counts.values()), "服务厅", address), *by_state
