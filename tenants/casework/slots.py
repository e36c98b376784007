"""What other apps show on pages of cases."""

from collections.abc import Callable

from django.utils.safestring import SafeString

from foundation.contributions import Slot
from tenants.casework.models import Case

type CasePart = Callable[[Case], SafeString | None]

# on the page of one case, for who applied and for who has looked it up: nothing personal
CASE_PARTS = Slot[CasePart]("casework.case_parts", keys=lambda part: [part])
