"""Take one step with many halls that somebody has picked."""

from collections.abc import Sequence
from enum import StrEnum

from foundation.errors import NotFound
from foundation.many import RowOutcome, each_of
from province.halls.models import Hall
from province.halls.operations.hall_states import go_live, open_hall, resume_hall, suspend_hall
from province.halls.queries.halls import hall_with_code
from province.rights.actors import Actor
from province.rights.queries import require


class HallStep(StrEnum):
    OPEN = "open"
    GO_LIVE = "golive"
    SUSPEND = "suspend"
    RESUME = "resume"


def step_halls(*, by: Actor, codes: Sequence[str], step: HallStep, reason: str = "") -> list[RowOutcome]:
    """Take the step with each of the halls of these division codes, each in a transaction of its own. ``reason``: asked
    for where halls are suspended. Raises Invalid for too many."""
    require(by, "halls.manage")

    def act(code: str) -> str:
        hall = hall_with_code(code)
        _take(by, hall, step, reason)
        return hall.name

    # in one order: two at once never wait crosswise
    return each_of(sorted(codes), act, named=_name_at)


def _take(by: Actor, hall: Hall, step: HallStep, reason: str) -> None:
    match step:
        case HallStep.OPEN:
            open_hall(by=by, hall=hall)
        case HallStep.GO_LIVE:
            go_live(by=by, hall=hall)
        case HallStep.SUSPEND:
            suspend_hall(by=by, hall=hall, reason=reason)
        case HallStep.RESUME:
            resume_hall(by=by, hall=hall)


def _name_at(code: str) -> str:
    try:
        return hall_with_code(code).name
    except NotFound:
        return ""
