"""Every element of an item, in the order of forms, sheets and pages; one noun a file. Behind them stand those that a
province has added."""

from collections.abc import Mapping, Sequence
from typing import Final

from standards.items.elements.bodies import BODIES
from standards.items.elements.disclosure import DISCLOSURE
from standards.items.elements.features import FEATURES
from standards.items.elements.fees import FEES
from standards.items.elements.grounds import GROUNDS
from standards.items.elements.guidance import GUIDANCE
from standards.items.elements.handling import HANDLING
from standards.items.elements.honours import HONOUR_ELEMENTS
from standards.items.elements.identity import IDENTITY
from standards.items.elements.limits import LIMITS
from standards.items.elements.materials import MATERIALS
from standards.items.elements.places import PLACES
from standards.items.elements.powers import POWER_ELEMENTS
from standards.items.elements.results import RESULTS
from standards.items.elements.services import SERVICES
from standards.items.kinds import Element
from standards.items.live import LiveMapping, LiveSequence, additions

BUILT_IN: Final[tuple[Element, ...]] = (
    *IDENTITY,
    *HANDLING,
    *BODIES,
    *GROUNDS,
    *LIMITS,
    *MATERIALS,
    *FEES,
    *SERVICES,
    *FEATURES,
    *PLACES,
    *RESULTS,
    *GUIDANCE,
    *POWER_ELEMENTS,
    *HONOUR_ELEMENTS,
    *DISCLOSURE,
)
_BUILT_IN_BY_NAME: Final[Mapping[str, Element]] = {element.name: element for element in BUILT_IN}
# those that are filled in now
ELEMENTS: Final[Sequence[Element]] = LiveSequence(lambda: (*BUILT_IN, *additions().asked))
# and those that once were, which older versions still have
KNOWN_ELEMENTS: Final[Sequence[Element]] = LiveSequence(lambda: (*BUILT_IN, *additions().known.values()))
BY_NAME: Final[Mapping[str, Element]] = LiveMapping(
    lambda: {element.name: element for element in KNOWN_ELEMENTS}, built_in=_BUILT_IN_BY_NAME
)
