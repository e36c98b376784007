"""What apps contribute to the console."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from foundation.contributions import Slot
from foundation.design.charts import FigureChart
from foundation.design.picking import Pick
from province.rights.actors import Actor


def _everybody(_: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class ConsoleLink:
    """A place in the navigation, for who has the permission anywhere. ``section``: the heading above it; a section
    stands where the first of its links stands. ``is_open``: whether there is anything for this person with the
    permission."""

    label: str
    route: str
    icon: str
    permission: str
    order: int
    section: str = ""
    is_open: Callable[[Actor], bool] = _everybody


NAVIGATION = Slot[ConsoleLink]("console.navigation", keys=lambda link: [("route", link.route), ("order", link.order)])


@dataclass(frozen=True, slots=True)
class Subpages:
    """Pages below one route that belong to a place of the navigation with another address."""

    route: str
    of: str


SUBPAGES = Slot[Subpages]("console.subpages", keys=lambda pages: [pages.route])


@dataclass(frozen=True, slots=True)
class AddedLink:
    """A link that an upper app adds to pages below it, for who has the permission anywhere. ``place``: ``halls.tabs``,
    ``people.tabs`` (rows of tabs) or ``halls.actions`` (buttons at the head). ``key``: of the tab that is present."""

    place: str
    key: str
    label: str
    route: str
    permission: str
    icon: str = ""


ADDED_LINKS = Slot[AddedLink]("console.added_links", keys=lambda link: [(link.place, link.key)])


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that the search over everything found. ``is_whole``: what was typed is its whole number."""

    group: str
    name: str
    detail: str
    address: str
    is_whole: bool = False


# of each kind
MOST_HITS = 8


@dataclass(frozen=True, slots=True)
class SearchSource:
    """``find`` gets words that are not empty, for actors with the permission; how far it reaches, it asks itself. At
    most ``MOST_HITS`` of a kind. ``things``: what is found (稿件, 推稿); ``hint``: what people can type."""

    permission: str
    find: Callable[[Actor, str], Iterable[Hit]]
    things: tuple[str, ...]
    hint: str


SEARCH = Slot[SearchSource]("console.search", keys=lambda source: source.things)


@dataclass(frozen=True, slots=True)
class PickKind:
    """Something that forms let people choose by name (foundation/design/picking.py). ``find`` gets words that are not
    empty and returns at most ``MOST_PICKS`` that the actor may see, the one whose code was typed marked as exact;
    ``permission``: who has it nowhere is offered nothing ("": everybody, within what ``find`` shows them)."""

    name: str
    permission: str
    find: Callable[[Actor, str], Iterable[Pick]]


PICKS = Slot[PickKind]("console.picks", keys=lambda kind: [kind.name])


@dataclass(frozen=True, slots=True)
class Waiting:
    """So much of one kind (待我审核的稿件), and the page that lists it."""

    label: str
    number: int
    address: str


type WaitingCounter = Callable[[Actor], Iterable[Waiting]]

# each counts for an actor who may have nothing to do with it at all
WAITING = Slot[WaitingCounter]("console.waiting", keys=lambda counter: [counter])


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the page that shows what it counts."""

    number: int
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Action:
    """A button at the head of an overview."""

    label: str
    address: str
    icon: str


@dataclass(frozen=True, slots=True)
class OverviewShare:
    """What one app shows somebody on an overview. ``wide``: cards over the whole width; ``left`` and ``right``: cards,
    in their columns. ``is_beginning``: nothing is there yet, so the first steps are shown."""

    figures: tuple[Figure, ...] = ()
    actions: tuple[Action, ...] = ()
    wide: tuple[SafeString, ...] = ()
    left: tuple[SafeString, ...] = ()
    right: tuple[SafeString, ...] = ()
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class OverviewPart:
    """Asked for actors with the permission to whom it ``is_open``. ``is_reason``: they begin at the overview; all
    others begin at the first place that they may go to."""

    permission: str
    show: Callable[[Actor], OverviewShare]
    is_reason: bool = False
    is_open: Callable[[Actor], bool] = _everybody


OVERVIEW = Slot[OverviewPart]("console.overview", keys=lambda part: [part.show])


# how many digits of its code a place has (the province, a city, a county, a township), and how many those places below
# it that are compared with each other
_COMPARED = {0: 6, 2: 6, 4: 6, 6: 9, 9: 12}


@dataclass(frozen=True, slots=True)
class Area:
    """What a picture is of: the whole province ("") or a place with all below it. ``is_console``: addresses may lead to
    the console; a hall's own desk has no such pages."""

    prefix: str = ""
    is_console: bool = True

    @property
    def digits(self) -> int:
        """The first so many digits of a code say to which place of those compared it belongs: counties, townships."""
        return _COMPARED.get(len(self.prefix), 12)


@dataclass(frozen=True, slots=True)
class ChartPart:
    """Pictures of figures, on the overviews of the console and of a county's desk, and on the wall (大屏).

    ``draw`` reads public rows by a number of queries that does not grow with halls, and shows no personal data: the
    wall stands where anybody sees it. ``permission``: who has it for the whole area sees them.
    """

    order: int
    permission: str
    draw: Callable[[Area], Iterable[FigureChart]]


CHARTS = Slot[ChartPart]("console.charts", keys=lambda part: [part.order])


class Light(StrEnum):
    """How a place fares, the worst first."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class PlaceFinding:
    """So much of one kind is wrong in one place. ``kind`` stands for what it is; ``code``: the first digits of the
    place's code, as many as the area says."""

    kind: str
    code: str
    number: int


@dataclass(frozen=True, slots=True)
class FindingKind:
    """What makes a place's light turn. ``words`` follow the number (个网站打不开); ``address``: the console's page that
    lists those of one division code."""

    light: Light
    words: str
    address: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class LightPart:
    """Facts by which places turn yellow or red: what is wrong there, and nothing where all is well. ``find`` reads
    public rows by a number of queries that does not grow with halls."""

    kinds: Mapping[str, FindingKind]
    find: Callable[[Area], Iterable[PlaceFinding]]


LIGHTS = Slot[LightPart]("console.lights", keys=lambda part: part.kinds)


@dataclass(frozen=True, slots=True)
class ServiceState:
    """How a service outside fares. ``is_reachable``: now; None where it is not set up or cannot be asked. ``words`` say
    what was seen, ``failure`` what went wrong last; neither ever holds a secret."""

    is_reachable: bool | None
    words: str
    failure: str = ""
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutsideService:
    """Something outside that this installation works with. ``adapter``: what is active, "" where nothing
    is; ``check`` asks it now, and gives up within some seconds."""

    order: int
    name: str
    purpose: str
    adapter: Callable[[], str]
    check: Callable[[], ServiceState]


SERVICES = Slot[OutsideService]("console.services", keys=lambda service: [service.order])


@dataclass(frozen=True, slots=True)
class WallShare:
    """What one app shows on the wall (大屏): large numbers and cards; nobody's name."""

    figures: tuple[Figure, ...] = ()
    cards: tuple[SafeString, ...] = ()


@dataclass(frozen=True, slots=True)
class WallPart:
    order: int
    show: Callable[[], WallShare]


WALL = Slot[WallPart]("console.wall", keys=lambda part: [part.order])


@dataclass(frozen=True, slots=True)
class FirstStep:
    """What one does first where nothing is there yet."""

    order: int
    label: str
    route: str
    words: str


FIRST_STEPS = Slot[FirstStep]("console.first_steps", keys=lambda step: [step.order, step.route])


class Corner(StrEnum):
    """Where a fragment stands in the layouts of console and desk."""

    # over everything else: what must not be overlooked
    ABOVE = "above"
    # at the top right: what has come, and who is here
    NEWS = "news"
    ME = "me"


@dataclass(frozen=True, slots=True)
class Fragment:
    """HTML that stands on every page for the person who is here."""

    spot: Corner
    render: Callable[[HttpRequest], SafeString]


FRAGMENTS = Slot[Fragment]("console.fragments", keys=lambda fragment: [fragment.render])


@dataclass(frozen=True, slots=True)
class NamedHall:
    """What the audit's pages say of a hall. ``address``: of its page at the console."""

    name: str
    prefix: str
    address: str


@dataclass(frozen=True, slots=True)
class HallDirectory:
    """Halls, for pages that know of them nothing but their ids. ``in_reach``: ids of those over which the actor has the
    permission, of which ``words`` are a part of the name or the beginning of the code."""

    named: Callable[[Collection[UUID]], Mapping[UUID, NamedHall]]
    in_reach: Callable[[Actor, str, str], QuerySet[Any, Any]]


HALL_DIRECTORY = Slot[HallDirectory]("console.hall_directory", keys=lambda _: ["one"])
