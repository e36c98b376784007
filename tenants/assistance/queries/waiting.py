"""What of the things taken in waits for the clerk at the desk."""

from collections.abc import Iterator

from django.db.models import QuerySet

from province.cases.queries.ways import asked_elsewhere
from province.rights.queries import may
from tenants.assistance.models import Assistance
from tenants.assistance.queries.access import ASSIST
from tenants.assistance.queries.assistances import AssistanceLine, assistance_lines
from tenants.assistance.states import AssistanceState
from tenants.shell.slots import MOST_THINGS, Desk, Once, WaitingThing

# of what is under way that are looked at: more than a village ever has
_MOST_OPEN = 200


def waiting_assistances(desk: Desk) -> Iterator[WaitingThing]:
    """What the other hall asks for or sent back, then what was not handed over yet."""
    if not may(desk.by, ASSIST, hall_id=desk.hall.pk):
        return
    for line in _waiting(desk)[: MOST_THINGS + 1]:
        tag, look = (line.waits_words, "warning") if line.waits_words else (line.state_words, "accent")
        name = line.applicant.shown_name if line.applicant else ""
        yield WaitingThing(tag, look, line.assistance.item_name, name, "desk-assistance", line.assistance.pk)


def assistances_waiting(desk: Desk, once: Once) -> int:
    """Two queries at most: the number stands on every page."""
    return once(_number, desk)


def _number(desk: Desk) -> int:
    rows = list(_open().values_list("pk", "state"))
    sent = [pk for pk, state in rows if state == AssistanceState.SENT]
    return len(rows) - len(sent) + asked_elsewhere(desk.hall, sent)


def _waiting(desk: Desk) -> list[AssistanceLine]:
    lines = assistance_lines(desk.hall, list(_open()))
    asked = [one for one in lines if one.waits_words]
    return [*asked, *(one for one in lines if one.is_draft and not one.waits_words)]


def _open() -> QuerySet[Assistance]:
    return Assistance.objects.exclude(state=AssistanceState.ENDED).order_by("-pk")[:_MOST_OPEN]
