"""What the desk's layout and overview show of each app."""

from collections.abc import Iterator
from dataclasses import dataclass

from foundation.design.charts import FigureChart
from foundation.errors import NotFound
from province.console.queries.pictures import all_charts
from province.console.slots import Area
from province.halls.models import Hall, HallKind
from province.halls.queries.lights import AreaLights, area_lights
from province.rights.actors import Actor
from province.rights.queries import has_anywhere, may, require_work_at, works_at
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import (
    DESK,
    DESK_OVERVIEW,
    DESK_WAITING,
    MOST_THINGS,
    Desk,
    DeskLink,
    DeskShare,
    Once,
    WaitingThing,
)


def links_open_to(by: Actor, hall: Hall) -> list[DeskLink]:
    """Places of the desk's navigation, in their order."""
    links = sorted(shown_at(DESK, hall), key=lambda link: link.order)
    return [link for link in links if any(has_anywhere(by, one) for one in link.permissions)]


def places_open_to(by: Actor, hall: Hall) -> list[tuple[DeskLink, list[DeskLink]]]:
    """The places as the navigation shows them, each with its tabs: itself first, none where it would be alone."""
    links = links_open_to(by, hall)
    routes = {link.route for link in links}
    return [
        (link, [link, *below] if (below := [one for one in links if one.below == link.route]) else [])
        for link in links
        if link.below not in routes
    ]


def waiting_counts(desk: Desk, once: Once) -> dict[str, int]:
    """By route, how much waits at the places that count it."""
    return {link.route: link.count(desk, once) for link in links_open_to(desk.by, desk.hall) if link.count}


def has_desk_overview(by: Actor, hall: Hall) -> bool:
    return any(works_at(by, part.permission, hall_id=hall.pk) for part in shown_at(DESK_OVERVIEW, hall))


def require_desk_overview(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who begins nowhere at the desk."""
    parts = shown_at(DESK_OVERVIEW, hall)
    if not parts:
        raise NotFound("本厅没有开通工作台。")
    if not has_desk_overview(by, hall):
        require_work_at(by, parts[0].permission, hall_id=hall.pk)


def start_of(by: Actor, hall: Hall) -> DeskLink | None:
    """Where somebody begins who has no overview; None for whom nothing here is."""
    starts = [
        (link.start, link)
        for link in links_open_to(by, hall)
        if link.start is not None and any(may(by, one, hall_id=hall.pk) for one in link.permissions)
    ]
    return min(starts, key=lambda pair: pair[0])[1] if starts else None


@dataclass(frozen=True, slots=True)
class DeskOverview:
    """``charts`` and ``lights``: of the halls below, for a city or a county."""

    shares: list[DeskShare]
    waiting: list[WaitingThing]
    charts: list[FigureChart]
    lights: AreaLights | None


def desk_overview(desk: Desk, once: Once) -> DeskOverview:
    parts = shown_at(DESK_OVERVIEW, desk.hall)
    shares = [part.show(desk, once) for part in parts if works_at(desk.by, part.permission, hall_id=desk.hall.pk)]
    area = Area(desk.hall.prefixes[-1], is_console=False)
    # other kinds have no halls below them that they are responsible for
    has_area = desk.hall.kind in {HallKind.CITY, HallKind.COUNTY} and works_at(
        desk.by, "catalogue.read", hall_id=desk.hall.pk
    )
    return DeskOverview(
        shares,
        waiting_things(desk)[0],
        all_charts(area) if has_area else [],
        area_lights(area) if has_area else None,
    )


def waiting_things(desk: Desk) -> tuple[list[WaitingThing], bool]:
    """The first ``MOST_THINGS`` that wait for the person on pages of each kind, and whether there are more."""
    kinds: dict[str, list[WaitingThing]] = {}
    for one in _waiting(desk):
        kinds.setdefault(one.route, []).append(one)
    shown = [one for things in kinds.values() for one in things[:MOST_THINGS]]
    return shown, any(len(things) > MOST_THINGS for things in kinds.values())


def _waiting(desk: Desk) -> Iterator[WaitingThing]:
    return (one for finder in shown_at(DESK_WAITING, desk.hall) for one in finder(desk))
