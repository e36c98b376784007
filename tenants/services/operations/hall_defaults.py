"""常用信息: what the hall says once for many items, and how it fills gaps with it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.drafts import count_edit
from foundation.errors import Invalid
from province.audit.operations import record_act
from province.catalogue.models import Department, ItemVersion
from province.catalogue.states import HallGuideState
from province.halls.models import Hall
from province.halls.operations import touch_hall
from province.rights.actors import Actor
from province.rights.queries import require_work_at
from standards.items import check_hall_defaults
from standards.items.values import is_blank
from tenants.portal.operations.figures import check_inside, require_in_hall
from tenants.services.models import Adoption, HallDefaults
from tenants.services.operations.reports import report_to_province
from tenants.services.queries.access import filled_in_by
from tenants.services.queries.prefill import Prefill, findings_of
from tenants.services.queries.windows import window_faults


@transaction.atomic
def save_hall_defaults(*, by: Actor, hall: Hall, department_id: UUID | None, values: Mapping[str, Any]) -> HallDefaults:
    """Save the answers for the items of a department, or (None) for all. Raises Invalid for what is wrong; gaps are
    no faults."""
    require_in_hall(by, "services.adopt", hall)
    plain = {name: value for name, value in values.items() if not is_blank(value)}
    faults = (*check_hall_defaults(plain).faults, *window_faults(hall, plain))
    if department_id is not None and not Department.objects.filter(pk=department_id).exists():
        raise Invalid("没有这个主管部门。")
    if faults:
        raise Invalid.of(faults)
    touch_hall(hall.pk)
    before = dict(HallDefaults.objects.filter(department_id=department_id).values_list("pk", "values"))
    saved, _ = HallDefaults.objects.update_or_create(
        department_id=department_id,
        defaults={"values": plain, "edited_by_name": by.name, "edited_at": timezone.now()},
    )
    old: Mapping[str, Any] = next(iter(before.values()), {})
    changed = sorted(name for name in {*old, *plain} if old.get(name) != plain.get(name))
    record_act(
        by=by,
        act="services.save_hall_defaults",
        object_type="hall",
        object_id=hall.pk,
        hall_id=hall.pk,
        changes={"elements": [None, changed]},
    )
    return saved


@transaction.atomic
def fill_gaps(*, by: Actor, hall: Hall) -> int:
    """Fill the hall's answers into drafts where they say nothing yet; what somebody wrote there stays, and drafts
    under review are left alone, and those of other departments. Returns how many drafts have changed."""
    check_inside(hall)
    require_work_at(by, "services.adopt", hall_id=hall.pk)
    touch_hall(hall.pk)
    drafts = (
        Adoption.objects.select_for_update()
        .filter(filled_in_by(by, hall))
        .exclude(guide_state__in=[HallGuideState.SUBMITTED, HallGuideState.DONE])
    )
    adoptions = list(drafts.order_by("item_id"))
    versions = _versions(adoptions)
    prefill = Prefill(hall)
    changed: list[Adoption] = []
    for adoption in adoptions:
        version = versions[adoption.item_id, adoption.draft_number]
        filled = prefill.of(version) | {name: one for name, one in adoption.values.items() if not is_blank(one)}
        if filled == adoption.values:
            continue
        adoption.values = filled
        adoption.score = findings_of(version, filled).score
        count_edit(adoption, by)
        changed.append(adoption)
    if changed:
        fields = ["values", "score", "revision", "edited_by_id", "edited_by_name", "edited_at", "editor_ids"]
        Adoption.objects.bulk_update(changed, fields, batch_size=200)
        report_to_province(hall, changed)
        record_act(
            by=by,
            act="services.fill_gaps",
            object_type="hall",
            object_id=hall.pk,
            hall_id=hall.pk,
            changes={"items": [None, len(changed)]},
        )
    return len(changed)


def _versions(adoptions: list[Adoption]) -> dict[tuple[UUID, int], ItemVersion]:
    rows = ItemVersion.objects.filter(item__in=[one.item_id for one in adoptions]).select_related("item", "department")
    return {(version.item_id, version.number): version for version in rows}
