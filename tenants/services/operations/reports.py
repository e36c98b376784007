"""What the hall tells the province of its items."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from province.catalogue.operations.adoptions import (
    AdoptionReport,
    ShownGuide,
    forget_adoptions_but,
    record_guide_changes,
    report_adoptions,
)
from province.catalogue.queries.items import names_of_items
from province.catalogue.states import AdoptionState, HallGuideState
from province.halls.models import Hall
from province.halls.operations import touch_hall
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.operations.guide_figures import expect_check, lock_guide_figures, renew_guide_figures


def report_to_province(hall: Hall, adoptions: Iterable[Adoption]) -> None:
    """Report the adoptions to the province, in the caller's transaction; what changes for citizens goes into the
    feed."""
    rows = list(adoptions)
    changed = report_adoptions(
        hall_id=hall.pk,
        reports=[
            AdoptionReport(
                one.item_id,
                AdoptionState(one.state),
                HallGuideState(one.guide_state),
                one.score,
                one.version_number,
                one.contradictions,
                one.lacks,
                _shown(one),
            )
            for one in rows
        ],
    )
    if changed:
        told = [one for one in rows if one.item_id in changed]
        guides = HallGuideVersion.objects.in_bulk([guide_id for one in told if (guide_id := _shown(one))])
        record_guide_changes(
            hall_id=hall.pk,
            changed=changed,
            version_numbers={one.item_id: one.version_number for one in told},
            guides={
                one.item_id: ShownGuide(guide_id, guides[guide_id].number, guides[guide_id].values)
                for one in told
                if (guide_id := _shown(one))
            },
        )


def _shown(adoption: Adoption) -> UUID | None:
    """The guide that citizens read; None where the hall shows none."""
    guide_id: UUID | None = adoption.published_id
    return guide_id if adoption.state == AdoptionState.PUBLISHED else None


@transaction.atomic
def report_again(hall: Hall) -> None:
    """Make what the province knows of the hall's items equal to the hall's rows: those came out of an archive. Items
    that are not in this province's catalogue are left out."""
    touch_hall(hall.pk)
    adoptions = list(Adoption.objects.all())
    known = names_of_items([one.item_id for one in adoptions])
    forget_adoptions_but(hall_id=hall.pk, item_ids=known.keys())
    report_to_province(hall, [one for one in adoptions if one.item_id in known])
    lock_guide_figures(hall)
    renew_guide_figures(hall)
    expect_check(hall)
