"""A place above has decided on a guide of this hall: here it is carried out."""

from django.db import transaction

from province.catalogue.models import GuideDecision
from province.catalogue.states import HallGuideState
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.portal.operations.figures import check_inside
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import lock_adoption
from tenants.services.operations.guide_figures import expect_check, lock_guide_figures, renew_guide_figures
from tenants.services.operations.hall_guides import hand_back_guide, show_guide
from tenants.services.operations.notices import announce_guides


@transaction.atomic
def carry_out_decision(*, hall: Hall, decision: GuideDecision) -> bool:
    """Show the guide to citizens, or hand it back. Returns whether that was still to be done: a repeat does nothing,
    and neither does a decision on a guide that was recalled, or decided in the hall, meanwhile."""
    check_inside(hall)
    if not Adoption.objects.filter(pk=decision.adoption_id).exists():
        return False
    lock_guide_figures(hall)
    adoption = lock_adoption(hall, decision.adoption_id)
    hall_guide = adoption.hall_guides.order_by("-number").first()
    is_waiting = adoption.guide_state == HallGuideState.SUBMITTED
    if hall_guide is None or hall_guide.number != decision.number or not is_waiting:
        return False
    by = Actor(decision.by_id, decision.by_name, ())
    if decision.is_passed:
        show_guide(by, hall, adoption, hall_guide)
        announce_guides(by, hall, HallGuideState.DONE, [hall_guide])
        renew_guide_figures(hall)
        expect_check(hall)
    else:
        hand_back_guide(by, hall, adoption, hall_guide, decision.reason)
    return True
