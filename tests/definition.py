"""The definition of items as a new province has it: nothing added, the code lists that it keeps as it begins."""

from typing import Final

from province.catalogue.base_list.life_events import first_life_events
from standards.items.live import Additions
from standards.items.themes import LIFE_EVENTS

AS_BEGUN: Final = Additions(lists={LIFE_EVENTS.__name__: tuple(one.listed for one in first_life_events())})
