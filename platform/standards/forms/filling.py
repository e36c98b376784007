"""What a field has to know of the world to read and judge what was filled in, as a value."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from standards.workdays.calendar import WorkCalendar
from standards.workdays.hours import OfficeHours


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """A file that was uploaded for this form. ``kind``: its ending (``pdf``); ``size`` in bytes."""

    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place of the hall's list (地点清单). ``longitude``, ``latitude``: in degrees of ``datum``, None where nobody
    has said them; ``datum``: cgcs2000 or gcj02."""

    name: str
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    datum: str = "cgcs2000"


def _no_name(_source: str, _code: str) -> str:
    return ""


def _no_upload(_code: str) -> UploadFacts | None:
    return None


def _no_place(_code: str, _kinds: Collection[str]) -> KnownPlace | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class FillingContext:
    """``today`` and ``person`` (the name of who fills in) are written where a field asks for a day and a name.

    ``name_of(source, code)``: the name of a department, person, position, item, division, licence or case that this
    person may choose, "" where there is none; ``place(id, kinds)``: the place of the hall's list, of one of these kinds
    (none: whichever), that may stand in this form, None where there is none; ``upload(id)``: the facts of a file that
    was uploaded for this form; ``days()``: the working days by which the hall's limits are counted; ``open_at()``: when
    the hall is open. Each is asked where a field wants it. By default nothing is known, so nothing can be chosen.
    """

    today: date
    person: str = ""
    days: Callable[[], WorkCalendar] = WorkCalendar
    open_at: Callable[[], OfficeHours] = OfficeHours
    name_of: Callable[[str, str], str] = _no_name
    place: Callable[[str, Collection[str]], KnownPlace | None] = _no_place
    upload: Callable[[str], UploadFacts | None] = _no_upload

    @property
    def calendar(self) -> WorkCalendar:
        return self.days()

    @property
    def hours(self) -> OfficeHours:
        return self.open_at()
