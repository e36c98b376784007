"""常用信息: what the hall says once, and what it fills in with it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Invalid
from province.audit.operations import record_act
from province.catalogue.definition import check_usual
from province.catalogue.definition.values import is_blank
from province.catalogue.models import Department, ItemVersion
from province.catalogue.states import PartState
from province.halls.models import Hall
from province.halls.operations import touch_hall
from province.identity.models import Actor
from tenants.portal.operations.figures import require_in_hall
from tenants.services.models import Adoption, UsualAnswers
from tenants.services.operations.adoptions import report
from tenants.services.queries.usual import Beginnings, findings_of


@transaction.atomic
def save_usual_answers(*, by: Actor, hall: Hall, department_id: UUID | None, values: Mapping[str, Any]) -> UsualAnswers:
    """For the items of a department, or (None) for all. Raises Invalid for what is wrong; gaps are no faults."""
    require_in_hall(by, "services.adopt", hall)
    plain = {name: value for name, value in values.items() if not is_blank(value)}
    faults = check_usual(plain).faults
    if department_id is not None and not Department.objects.filter(pk=department_id).exists():
        raise Invalid("没有这个主管部门。")
    if faults:
        raise Invalid(faults[0].message if len(faults) == 1 else "有几处填写有误，请按提示修改。", faults=list(faults))
    touch_hall(hall.pk)
    before = dict(UsualAnswers.objects.filter(department_id=department_id).values_list("pk", "values"))
    saved, _ = UsualAnswers.objects.update_or_create(
        department_id=department_id,
        defaults={"values": plain, "edited_by_name": by.name, "edited_at": timezone.now()},
    )
    old: Mapping[str, Any] = next(iter(before.values()), {})
    changed = sorted(name for name in {*old, *plain} if old.get(name) != plain.get(name))
    record_act(
        by=by,
        act="services.save_usual_answers",
        object_type="hall",
        object_id=hall.pk,
        hall_id=hall.pk,
        changes={"elements": [None, "、".join(changed)]},
    )
    return saved


@transaction.atomic
def fill_gaps(*, by: Actor, hall: Hall) -> int:
    """Put what the hall says once where a draft says nothing yet. What somebody wrote there stays. Returns how many
    drafts have changed; those under review are left alone."""
    require_in_hall(by, "services.adopt", hall)
    touch_hall(hall.pk)
    drafts = Adoption.objects.select_for_update().exclude(part_state__in=[PartState.SUBMITTED, PartState.DONE])
    adoptions = list(drafts.order_by("item_id"))
    versions = _versions(adoptions)
    beginnings = Beginnings(hall)
    changed: list[Adoption] = []
    for adoption in adoptions:
        version = versions[adoption.item_id, adoption.draft_number]
        filled = beginnings.of(version) | {name: one for name, one in adoption.values.items() if not is_blank(one)}
        if filled == adoption.values:
            continue
        adoption.values = filled
        adoption.score = findings_of(version, filled).score
        adoption.revision += 1
        adoption.edited_by_name, adoption.edited_at = by.name, timezone.now()
        if by.id is not None and by.id not in adoption.editor_ids:
            adoption.editor_ids = [*adoption.editor_ids, by.id]
        changed.append(adoption)
    if changed:
        fields = ["values", "score", "revision", "edited_by_name", "edited_at", "editor_ids"]
        Adoption.objects.bulk_update(changed, fields, batch_size=200)
        report(hall, changed)
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
