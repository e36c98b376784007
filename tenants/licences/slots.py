"""What apps that grant licences state: where the thing stands that has granted one."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from foundation.contributions import Slot


@dataclass(frozen=True, slots=True)
class LicenceOwner:
    """``kind``: as the licence's document names it; ``label``: as people do (办件); ``page``: its path at the desk."""

    kind: str
    label: str
    page: Callable[[UUID], str]


LICENCE_OWNERS = Slot[LicenceOwner]("licences.owners", keys=lambda one: [one.kind])
