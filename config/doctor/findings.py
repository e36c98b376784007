"""What a check says."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DoctorFault:
    """What is wrong and what to do, both in plain Chinese."""

    fault: str
    cure: str


@dataclass(frozen=True, slots=True)
class DoctorNote:
    """All is well, and this is how it stands."""

    note: str


type Check = Callable[[], DoctorFault | DoctorNote | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check: ``state`` is ok, fault, hint (works without it), skipped (something else is down) or
    unseen (this container cannot look; ``note`` says who can)."""

    check: str
    label: str
    state: str
    fault: str = ""
    cure: str = ""
    note: str = ""
