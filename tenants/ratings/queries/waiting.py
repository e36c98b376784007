"""What of the low ratings waits for the person at the desk."""

from collections.abc import Iterator

from province.rights.queries import works_at
from tenants.ratings.queries.access import MEND
from tenants.ratings.queries.shown import low_lines, low_ratings_at_desk, open_number
from tenants.shell.slots import MOST_THINGS, Desk, Once, WaitingThing


def waiting_low_ratings(desk: Desk) -> Iterator[WaitingThing]:
    """Those that are not closed, the oldest first."""
    if not works_at(desk.by, MEND, hall_id=desk.hall.pk):
        return
    for line in low_lines(desk, list(low_ratings_at_desk(desk)[: MOST_THINGS + 1])):
        tag, look = ("差评超期", "error") if line.is_late else ("差评", "warning")
        note = f"{line.low.get_state_display()}，{line.left_words}".rstrip("，")
        note += line.clock.assumed_remark if line.clock else ""
        yield WaitingThing(tag, look, line.rating.item_name, note, "desk-rating", line.rating.pk)


def low_ratings_waiting(desk: Desk, once: Once) -> int:
    return once(open_number, desk)
