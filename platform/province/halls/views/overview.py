"""What the console's overview shows of the province's places."""

from django.template.loader import render_to_string

from province.console.slots import Area, OverviewShare, WallShare
from province.halls.queries.lights import area_lights
from province.halls.queries.overview import hall_figures
from province.rights.actors import Actor
from province.rights.queries import may


def lights_share(by: Actor) -> OverviewShare:
    """Every city with its counties by light, and why: for who manages the halls of the whole province."""
    if not may(by, "halls.manage"):
        return OverviewShare()
    lights = area_lights(Area())
    return OverviewShare(wide=(render_to_string("halls/lights.html", {"lights": lights}),) if lights.places else ())


def wall_share() -> WallShare:
    lights = area_lights(Area(is_console=False))
    figures = hall_figures()
    return WallShare(figures, (render_to_string("halls/lights.html", {"lights": lights}),) if lights.places else ())
