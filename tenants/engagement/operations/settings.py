"""How the hall answers: within which limit, and which of its departments for which items."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.errors import Invalid
from province.audit.operations import record_act
from province.catalogue.models import Department
from province.halls.models import Hall
from province.people.models import Unit
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import Reach, Role
from tenants.engagement.models import AnsweringUnit, EngagementSettings
from tenants.engagement.queries.settings import answer_days, complaint_days
from tenants.portal.operations.figures import require_in_hall

declare("engagement.manage", "设置群众咨询", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR})
# a later answer is none
MOST_DAYS: Final = 30


@transaction.atomic
def set_up_engagement(
    *, by: Actor, hall: Hall, days: int, units: Mapping[UUID, UUID | None], of_complaints: int | None = None
) -> None:
    """Set the limit of an answer, in working days, that of complaints (None: as it is), and who answers for items: a
    department of the catalogue -> one of the hall's own, None: the window. What waits keeps its limit and department.

    Raises Invalid for another limit than 1 to 30, or a department that is not the catalogue's or not the hall's.
    """
    require_in_hall(by, "engagement.manage", hall)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid.at("days", f"答复期限应为 1 到 {MOST_DAYS} 个工作日。")
    before = {"answer_days": answer_days(), "complaint_days": complaint_days()}
    after = before | {"answer_days": days} | ({} if of_complaints is None else {"complaint_days": of_complaints})
    if not 1 <= after["complaint_days"] <= MOST_DAYS:
        raise Invalid.at("complaint_days", f"投诉处理期限应为 1 到 {MOST_DAYS} 个工作日。")
    chosen = {unit_id for unit_id in units.values() if unit_id}
    if Unit.objects.filter(pk__in=chosen, hall_id=hall.pk, retired_at=None).count() < len(chosen):
        raise Invalid.at("units", "有的部门不是本厅的，或者已经撤销，请刷新页面。")
    if Department.objects.filter(pk__in=units).count() < len(units):
        raise Invalid.at("units", "有的主管部门不在目录中，请刷新页面。")
    # the hall's own id: two first settings at once cannot make two rows
    EngagementSettings.objects.update_or_create(id=hall.pk, defaults=after)
    for department_id, unit_id in units.items():
        AnsweringUnit.objects.update_or_create(department_id=department_id, defaults={"unit_id": unit_id})
    record_act(
        by=by,
        act="engagement.set_up",
        object_type="hall",
        object_id=hall.pk,
        hall_id=hall.pk,
        changes={name: [before[name], after[name]] for name in after} | {"department": [None, len(units)]},
    )
