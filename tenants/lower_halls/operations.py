"""Tell people of a place above that the guides of a hall below wait for them."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from province.catalogue.models import SubmittedGuide
from province.halls.models import Hall
from province.messaging.operations.reviews import ReviewedThing, tell_reviewers
from tenants.services.events import GuidesMoved
from tenants.services.models import HallGuideVersion
from tenants.services.operations.notices import GUIDE_NOTICES
from tenants.services.queries.reviewers import own_reviewers, reviewers_above


@transaction.atomic
def ask_reviewers_above(*, hall: Hall, cause_id: UUID, moved: GuidesMoved) -> None:
    """Where nobody of the hall may decide on what it has submitted, those of the nearest place above are told, each
    with the way to their own desk. What was decided meanwhile waits for nobody."""
    guides = list(HallGuideVersion.objects.filter(pk__in=moved.versions))
    if own_reviewers(hall, guides):
        return
    adoptions = [one.adoption_id for one in guides]
    waiting = list(SubmittedGuide.objects.filter(hall_id=hall.pk, adoption_id__in=adoptions).select_related("item"))
    positions = reviewers_above(hall, waiting) if waiting else []
    halls = Hall.objects.in_bulk({one.hall_id for one in positions if one.hall_id})
    for above in halls.values():
        urls = settings.HALL_URLCONFS[above.kind]
        one, *others = waiting
        path = reverse("desk-guides-below", urlconf=urls)
        if not others:
            path = reverse("desk-guide-below", args=[one.pk], urlconf=urls)
        names = [guide.item.name for guide in waiting]
        thing = ReviewedThing(GUIDE_NOTICES, cause_id, names, path, above.pk)
        tell_reviewers(thing, [one for one in positions if one.hall_id == above.pk])
