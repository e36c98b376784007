"""What citizens read of the hall's items is looked at every day: whether it says one thing against another, and what of
the elements that a site check asks for is missing."""

from collections.abc import Set as AbstractSet

from django.db import transaction

from province.catalogue.models import ItemVersion
from province.catalogue.queries.checks import fitting_and_found
from province.catalogue.states import AdoptionState
from province.halls.models import Hall
from province.halls.operations import touch_hall
from standards.items import effective
from standards.items.codelists import APPLIED
from standards.items.guide_elements import lacking_elements
from tenants.portal.operations.figures import check_inside
from tenants.services.models import Adoption
from tenants.services.operations.guide_figures import expect_check, lock_guide_figures, renew_guide_figures
from tenants.services.operations.notices import tell_guide_faults
from tenants.services.operations.reports import report_to_province
from tenants.services.queries.shown import shown_items
from tenants.services.queries.windows import places_of, window_oppositions


def note_what_is_read(
    hall: Hall, adoption: Adoption, version: ItemVersion, *, places: AbstractSet[str] | None = None
) -> bool:
    """Write into the adoption, which the caller saves, what its published guide says against itself with this version,
    whether it calls a window by the hall's place alone, and what is missing. Returns whether that is news. ``places``:
    as ``places_of`` has them, for who looks at many."""
    if adoption.published is None:
        return False
    own, found = fitting_and_found(version, adoption.published.values)
    before = (adoption.contradictions, adoption.lacks)
    windows = window_oppositions(hall, adoption.published.values, places=places)
    adoption.contradictions = [one.code for one in (*found.contradictions, *windows)]
    is_applied = version.item.item_type in APPLIED
    lacks = lacking_elements(effective(version.values, own)) if is_applied else []
    adoption.lacks = [one.value for one in lacks]
    return before != (adoption.contradictions, adoption.lacks)


@transaction.atomic
def check_guides(*, hall: Hall) -> int:
    """Look at everything that citizens read of the hall's items, and report what has changed. Returns how many items
    have. The next look is a day later, as long as there is anything to look at."""
    check_inside(hall)
    lock_guide_figures(hall)
    touch_hall(hall.pk)
    versions = {row.item_id: row.version_id for row in shown_items()}
    shown = Adoption.objects.select_related("published").filter(state=AdoptionState.PUBLISHED, item_id__in=versions)
    rows = ItemVersion.objects.select_related("item").defer("item__values").in_bulk(list(versions.values()))
    places, before = places_of(hall), {one.pk: list(one.contradictions) for one in shown}
    changed = [one for one in shown if note_what_is_read(hall, one, rows[versions[one.item_id]], places=places)]
    if changed:
        worse = [one for one in changed if set(one.contradictions) - set(before[one.pk])]
        tell_guide_faults(hall, [rows[versions[one.item_id]].name for one in worse])
        Adoption.objects.bulk_update(changed, ["contradictions", "lacks"], batch_size=200)
        report_to_province(hall, changed)
    renew_guide_figures(hall)
    if versions:
        expect_check(hall)
    return len(changed)
