from province.halls.models import Hall, HallKind
from tenants.portal.models import PortalSettings
from tenants.portal.states import REVIEW_STEPS, DraftState

# until a hall sets its own: the fewer people work there, the fewer steps
_STARTING_STEPS: dict[HallKind, tuple[DraftState, ...]] = {
    HallKind.CITY: REVIEW_STEPS,
    HallKind.COUNTY: REVIEW_STEPS,
    HallKind.TOWNSHIP: (DraftState.FIRST, DraftState.FINAL),
    HallKind.VILLAGE: (DraftState.FINAL,),
}


def review_steps(hall: Hall) -> tuple[DraftState, ...]:
    """The reviews that an article of this hall passes before readers see it, in their order."""
    row = PortalSettings.objects.first()
    if row is None:
        return _STARTING_STEPS[HallKind(hall.kind)]
    return tuple(DraftState(step) for step in row.review_steps)
