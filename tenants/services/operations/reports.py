"""What the hall tells the province of its items."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from province.catalogue.models import SubmittedGuide
from province.catalogue.operations.adoptions import (
    AdoptionReport,
    ShownGuide,
    forget_adoptions_but,
    record_guide_changes,
    report_adoptions,
)
from province.catalogue.operations.submitted_guides import report_submitted_guides
from province.catalogue.queries.items import names_of_items
from province.catalogue.states import AdoptionState, HallGuideState
from province.halls.models import Hall
from province.halls.operations import touch_hall
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.operations.guide_figures import expect_check, lock_guide_figures, renew_guide_figures


def report_to_province(
    hall: Hall, adoptions: Iterable[Adoption], *, former_codes: Mapping[UUID, str] | None = None
) -> None:
    """Report the adoptions to the province, in the caller's transaction, and what of them waits for a decision; what
    changes for citizens goes into the feed. ``former_codes``: by the item's id the 实施编码 before, where a guide is
    the same under another code."""
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
            former_codes=former_codes,
        )
    submitted = {one.pk: one for one in rows if one.guide_state == HallGuideState.SUBMITTED}
    report_submitted_guides(
        hall_id=hall.pk,
        waiting=_waiting(hall, submitted) if submitted else [],
        settled_item_ids=[one.item_id for one in rows if one.pk not in submitted],
    )


def _shown(adoption: Adoption) -> UUID | None:
    """The guide that citizens read; None where the hall shows none."""
    guide_id: UUID | None = adoption.published_id
    return guide_id if adoption.state == AdoptionState.PUBLISHED else None


def _waiting(hall: Hall, submitted: Mapping[UUID, Adoption]) -> list[SubmittedGuide]:
    """What a place above has to know to decide on the guides that wait: one query."""
    latest = HallGuideVersion.objects.filter(adoption__in=submitted).select_related("adoption__published")
    return [
        SubmittedGuide(
            hall_id=hall.pk,
            item_id=submitted[one.adoption_id].item_id,
            adoption_id=one.adoption_id,
            number=one.number,
            item_version_id=one.item_version_id,
            values=one.values,
            shown_values=one.adoption.published.values if one.adoption.published else None,
            author_ids=one.author_ids,
            submitted_by_name=one.submitted_by_name,
            submitted_at=one.created_at,
        )
        for one in latest.order_by("adoption_id", "-number").distinct("adoption_id")
    ]


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
