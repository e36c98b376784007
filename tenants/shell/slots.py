"""What apps contribute to a hall's site and desk.

A hall shows what its kind's apps (``HALL_APPS``) and the province's apps contribute, and nothing else
(``queries/apps.py``). All functions are called inside the hall's schema.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from django.utils.safestring import SafeString

from foundation.contributions import Slot
from province.citizens.models import Citizen
from province.console.slots import Action, Figure, Hit
from province.halls.models import Hall
from province.rights.actors import Actor


class Once:
    """Asks the database once for one page, though both the page and its layout need the answer. A page has one hall
    (``hall``) and one person, so the function alone says what was asked."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self._answers: dict[object, object] = {}

    def __call__[**P, Answer](self, ask: Callable[P, Answer], /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        if ask not in self._answers:
            self._answers[ask] = ask(*args, **kwargs)
        return cast("Answer", self._answers[ask])


# -- the site


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A word of the site's navigation. ``choice``: its word where the elder mode shows a few large ones."""

    word: str
    path: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class HomeBlock:
    """A part of the home page. ``changed_at``: of the newest thing in it; ``is_more``: the elder mode, which shows
    little and large, leaves it out.

    News stand at 10, what people do here (办事服务) at 20, what belongs right below it (查进度) at 21 to 29, lists of
    texts at 30.
    """

    order: int
    html: SafeString
    changed_at: datetime | None = None
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class MappedPage:
    """A page as search engines are told of it."""

    path: str
    changed_at: datetime | None


def _no_entrance(_: Once) -> SiteLink | None:
    return None


def _no_links(_: Once) -> Sequence[SiteLink]:
    return ()


def _no_blocks(_: Hall, __: Once) -> Iterable[HomeBlock]:
    return ()


def _no_pages(_: Hall) -> Iterable[MappedPage]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePart:
    """What one app has on a hall's site.

    ``entrance``: its word in the navigation, None where this hall has nothing of it; ``order``: where the word stands
    between 首页 and 我的 (政务公开 10, 办事服务 20, 走进本地 90). ``disclosed``: its pages that stand under 政务公开.
    ``home``: its blocks of the home page. ``pages``: all that search engines should know; ``unlisted``: paths that they
    should leave alone. ``contents``: the page that lists everything. ``head`` and ``footer``: templates with lines of
    every page's head and links of its footer. ``styles``: static files, and ``readable``: first words of the paths of
    pages (followed by a UUID), that a phone keeps to show without a network. ``tell_read``: told the path of every page
    that a reader was shown. ``tell_searched``: told what a reader searched for, and whether anything was found;
    ``tell_opened``: for what somebody had searched who went on to a page from the results.
    """

    name: str
    order: int = 50
    entrance: Callable[[Once], SiteLink | None] = _no_entrance
    disclosed: Callable[[Once], Sequence[SiteLink]] = _no_links
    home: Callable[[Hall, Once], Iterable[HomeBlock]] = _no_blocks
    pages: Callable[[Hall], Iterable[MappedPage]] = _no_pages
    unlisted: tuple[str, ...] = ()
    contents: SiteLink | None = None
    head: str = ""
    footer: str = ""
    styles: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()
    tell_read: Callable[[Hall, str], None] | None = None
    tell_searched: Callable[[Hall, str, bool], None] | None = None
    tell_opened: Callable[[Hall, str], None] | None = None


SITE = Slot[SitePart]("shell.site", keys=lambda part: [part.name])


def _no_suggestions(_: Hall, __: str, ___: int) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSearch:
    """What one app finds for the words in the search box of a hall's site.

    ``order``: of its part on the one page of results, the lowest first. ``find``: that part for the words that somebody
    typed, None where there is nothing. ``suggest``: at most so many names that hold what is being typed, the best
    first.
    """

    order: int
    find: Callable[[Hall, Once, str], SafeString | None]
    suggest: Callable[[Hall, str, int], Sequence[str]] = _no_suggestions


SITE_SEARCH = Slot[SiteSearch]("shell.site_search", keys=lambda one: [one.order])


@dataclass(frozen=True, slots=True)
class CitizenRoutes:
    """The routes of the pages where citizens sign in: their own page (我的), the way to the form, a fresh proof, and
    the proof of who they are (实名)."""

    home: str
    sign_in: str
    confirm: str
    identity: str


CITIZENS = Slot[CitizenRoutes]("shell.citizens", keys=lambda _: ["one"])


@dataclass(frozen=True, slots=True)
class GoesOn:
    """A route of a hall's host, a page's or the API's, that people come to while the hall is suspended too: something
    that is theirs already goes on there, and nothing new begins (decision 101). ``is_read``: to read alone."""

    route: str
    is_read: bool = False


# every other route of the site, and of what a citizen's own program may ask, is shut while the hall is suspended
GOES_ON = Slot[GoesOn]("shell.goes_on", keys=lambda one: [one.route])


type CitizenPart = Callable[[Hall, Citizen, Once], SafeString | None]

# what an app shows on a signed-in citizen's own page (我的) at this hall
CITIZEN_PARTS = Slot[CitizenPart]("shell.citizen_parts", keys=lambda part: [part])


@dataclass(frozen=True, slots=True)
class FoundProgress:
    """What somebody looked up and may see from now on in this session: ``path`` is its page."""

    key: UUID
    path: str


# (hall, number, last four digits of the phone) -> what it is, None where the two do not belong together; it must take
# as long whichever is wrong. How often somebody may be wrong is counted by who asks
type ProgressFinder = Callable[[Hall, str, str], FoundProgress | None]

PROGRESS = Slot[ProgressFinder]("shell.progress", keys=lambda finder: [finder])


# -- the desk


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at the desk of the hall whose host was asked."""

    by: Actor
    hall: Hall


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLink:
    """A place in the desk's navigation, for who has one of the permissions anywhere.

    ``place``: the word by which pages say that they belong there. ``section``: the heading above it. ``count``: how
    much waits there, and ``counted``: what that is (篇待审核). ``start``: where several links may be somebody's first
    page, the lowest is; None is never. ``below``: the route of the place as whose tab it stands, for who may go to
    that; "" where it is a place of its own.
    """

    label: str
    route: str
    icon: str
    permissions: tuple[str, ...]
    order: int
    section: str = ""
    place: tuple[str, ...] = ()
    count: Callable[[Desk, Once], int] | None = None
    counted: str = ""
    start: int | None = None
    below: str = ""


DESK = Slot[DeskLink]("shell.desk", keys=lambda link: [("route", link.route), ("order", link.order)])


@dataclass(frozen=True, slots=True)
class WaitingThing:
    """One thing that waits at the desk: its page is the route with the key. ``look`` is the tag's: warning, error or
    accent."""

    tag: str
    look: str
    title: str
    note: str
    route: str
    key: UUID


# of one kind that are shown; finders look for one more, so that "and more" can be said
MOST_THINGS = 8

type ThingsFinder = Callable[[Desk], Iterable[WaitingThing]]

DESK_WAITING = Slot[ThingsFinder]("shell.desk_waiting", keys=lambda finder: [finder])


@dataclass(frozen=True, slots=True)
class DeskShare:
    """What one app shows on the desk's overview. ``notices`` stand over everything else; ``hint``: what one can do
    where nothing waits."""

    notices: tuple[SafeString, ...] = ()
    figures: tuple[Figure, ...] = ()
    actions: tuple[Action, ...] = ()
    hint: SafeString = field(default_factory=SafeString)


@dataclass(frozen=True, slots=True)
class DeskPart:
    """People who have the permission at the hall begin at the overview, and are shown this on it."""

    permission: str
    show: Callable[[Desk, Once], DeskShare]


DESK_OVERVIEW = Slot[DeskPart]("shell.desk_overview", keys=lambda part: [part.show])


@dataclass(frozen=True, slots=True)
class DeskSearch:
    """What one app finds for the search over everything at the desk, for who has one of the permissions there, be it
    only over what is their own; ``is_of_whole_hall``: for who has it over the whole hall alone.

    ``find`` gets words that are not empty and asks itself how far they reach; the newest first, at most ``MOST_HITS``.
    ``things``: what is found (文章); ``hint``: what people can type; ``note``: called with the same words after they
    were looked for, where that somebody found something by who people are leaves an entry.
    """

    permissions: tuple[str, ...]
    find: Callable[[Desk, str], Iterable[Hit]]
    things: tuple[str, ...]
    hint: str
    note: Callable[[Desk, str], None] | None = None
    is_of_whole_hall: bool = False


DESK_SEARCH = Slot[DeskSearch]("shell.desk_search", keys=lambda one: one.things)
