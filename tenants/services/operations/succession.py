"""编码承接: a hall's adoptions follow the items that have another code. Nobody at the hall has to do anything."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.rows import draw_id
from province.audit.operations import record_act
from province.catalogue.models import Item, ItemVersion
from province.catalogue.queries.codes import followed
from province.catalogue.queries.validity import published_versions
from province.catalogue.states import HallGuideState
from province.halls.models import Hall
from province.halls.operations import touch_hall
from province.rights.queries import system_actor
from tenants.portal.operations.figures import check_inside
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.operations.guide_checks import note_what_is_read
from tenants.services.operations.guide_figures import expect_check, lock_guide_figures, renew_guide_figures
from tenants.services.operations.reports import report_to_province
from tenants.services.queries.hall_guides import version_to_fill

# of a version that says nothing new but the item's code
_CODE_ALONE = frozenset({"basic_code", "effective_on"})


@transaction.atomic
def follow_item(*, hall: Hall, item_id: UUID) -> bool:
    """Write the item's new code into the hall's 实施编码: of the draft, of the guide that citizens read, and of one
    that waits for its decision, each as a guide of its own, for guides never change. The old 实施编码 is kept as
    曾用编码. A version that says nothing new but the code is accepted for the hall.

    A repeat finds all of it done, and so does a hall that has not adopted the item. Returns whether anything changed.
    """
    check_inside(hall)
    lock_guide_figures(hall)
    touch_hall(hall.pk)
    adoption = Adoption.objects.select_for_update().filter(item_id=item_id).first()
    item = Item.objects.filter(pk=item_id).first()
    if adoption is None or item is None:
        return False
    version = published_versions(item_id).filter(valid_from__lte=timezone.now()).order_by("-valid_from").first()
    if version is None:
        return False
    former = str((adoption.published.values if adoption.published else adoption.values).get("task_code", ""))
    changed = [_accept(adoption, version), _follow_guides(adoption, version), _follow_draft(adoption, version)]
    if not any(changed):
        return False
    task_code = str((adoption.published.values if adoption.published else adoption.values).get("task_code", ""))
    if former and former != task_code and former not in adoption.former_task_codes:
        adoption.former_task_codes = [*adoption.former_task_codes, former]
    note_what_is_read(hall, adoption, version)
    adoption.save()
    report_to_province(hall, [adoption], former_codes={item_id: former} if former != task_code else None)
    renew_guide_figures(hall)
    expect_check(hall)
    record_act(
        by=system_actor(),
        act="services.follow_item",
        object_type="adoption",
        object_id=item_id,
        hall_id=hall.pk,
        changes={"task_code": [former, task_code], "version": [None, adoption.version_number]},
    )
    return True


def _accept(adoption: Adoption, version: ItemVersion) -> bool:
    """Whether the version was accepted for the hall: the one before it says the same under another code."""
    if version.number <= adoption.version_number:
        return False
    before = published_versions(adoption.item_id).filter(number=adoption.version_number).first()
    newer = published_versions(adoption.item_id).filter(number__gt=adoption.version_number, number__lt=version.number)
    if before is None or newer.exists() or _without_code(before) != _without_code(version):
        return False
    adoption.version_number = version.number
    adoption.draft_number = max(adoption.draft_number, version.number)
    return True


def _without_code(version: ItemVersion) -> dict[str, object]:
    return {name: value for name, value in version.values.items() if name not in _CODE_ALONE}


def _follow_draft(adoption: Adoption, version: ItemVersion) -> bool:
    values = followed(_written_for(adoption, version), adoption.values)
    if values == adoption.values:
        return False
    adoption.values = dict(values)
    # who has the form open is told, and loses nothing: what is saved from it follows, too
    adoption.revision += 1
    return True


def _written_for(adoption: Adoption, version: ItemVersion) -> ItemVersion:
    """The version that holds, or a later one for which the hall writes already."""
    begun = version_to_fill(adoption)
    return begun if begun.number > version.number else version


def _follow_guides(adoption: Adoption, version: ItemVersion) -> bool:
    """The guide that citizens read, and behind it the one that waits."""
    latest = adoption.hall_guides.order_by("-number").first()
    shown, number = adoption.published, latest.number if latest else 0
    changed = False
    if shown is not None and (values := followed(version, shown.values)) != shown.values:
        number += 1
        copy = _copy(shown, number)
        copy.values = dict(values)
        copy.is_passed, copy.reason, copy.reviewer_name = True, "基本编码变更，内容不变", "系统"
        copy.reviewed_at = timezone.now()
        copy.save(force_insert=True)
        adoption.published, adoption.published_at = copy, copy.reviewed_at
        changed = True
    if latest is None or adoption.guide_state != HallGuideState.SUBMITTED:
        return changed
    values = followed(_written_for(adoption, version), latest.values)
    if values == latest.values and not changed:
        return False
    # the guide that waits is the latest one
    waiting = _copy(latest, number + 1)
    waiting.values = dict(values)
    waiting.save(force_insert=True)
    latest.is_passed, latest.reason, latest.reviewer_name = False, "基本编码变更，已换用新编码重新送审", "系统"
    latest.reviewed_at = timezone.now()
    latest.save(update_fields=["is_passed", "reason", "reviewer_name", "reviewed_at"])
    return True


def _copy(guide: HallGuideVersion, number: int) -> HallGuideVersion:
    """Make a guide that says what this one says, by the same people, for the same version of the item."""
    return HallGuideVersion(
        id=draw_id(),
        adoption=guide.adoption,
        number=number,
        item_version_id=guide.item_version_id,
        item_version_number=guide.item_version_number,
        values=guide.values,
        author_ids=guide.author_ids,
        submitted_by_id=guide.submitted_by_id,
        submitted_by_name=guide.submitted_by_name,
    )
