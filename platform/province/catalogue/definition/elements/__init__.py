"""Every element of an item, in the order of forms, sheets and pages; one noun a file."""

from collections.abc import Mapping
from typing import Final

from province.catalogue.definition.elements.bodies import BODIES
from province.catalogue.definition.elements.disclosure import DISCLOSURE
from province.catalogue.definition.elements.fees import FEES
from province.catalogue.definition.elements.grounds import GROUNDS
from province.catalogue.definition.elements.guidance import GUIDANCE
from province.catalogue.definition.elements.identity import IDENTITY
from province.catalogue.definition.elements.limits import LIMITS
from province.catalogue.definition.elements.materials import MATERIALS
from province.catalogue.definition.elements.places import PLACES
from province.catalogue.definition.elements.results import RESULTS
from province.catalogue.definition.elements.services import SERVICES
from province.catalogue.definition.kinds import Element

ELEMENTS: Final[tuple[Element, ...]] = (
    *IDENTITY,
    *BODIES,
    *GROUNDS,
    *LIMITS,
    *MATERIALS,
    *FEES,
    *SERVICES,
    *PLACES,
    *RESULTS,
    *GUIDANCE,
    *DISCLOSURE,
)
BY_NAME: Final[Mapping[str, Element]] = {element.name: element for element in ELEMENTS}
