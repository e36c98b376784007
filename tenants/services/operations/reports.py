"""What the hall tells the province of its items."""

from collections.abc import Iterable

from django.db import transaction

from province.catalogue.operations.adoptions import AdoptionReport, forget_adoptions_but, report_adoptions
from province.catalogue.queries.items import names_of_items
from province.catalogue.states import AdoptionState, HallGuideState
from province.halls.models import Hall
from tenants.services.models import Adoption
from tenants.services.operations.guide_figures import expect_check, lock_guide_figures, renew_guide_figures


def report_to_province(hall: Hall, adoptions: Iterable[Adoption]) -> None:
    """Report the adoptions to the province, in the caller's transaction."""
    report_adoptions(
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
            )
            for one in adoptions
        ],
    )


@transaction.atomic
def report_again(hall: Hall) -> None:
    """Make what the province knows of the hall's items equal to the hall's rows: those came out of an archive. Items
    that are not in this province's catalogue are left out."""
    adoptions = list(Adoption.objects.all())
    known = names_of_items([one.item_id for one in adoptions])
    forget_adoptions_but(hall_id=hall.pk, item_ids=known.keys())
    report_to_province(hall, [one for one in adoptions if one.item_id in known])
    lock_guide_figures(hall)
    renew_guide_figures(hall)
    expect_check(hall)
