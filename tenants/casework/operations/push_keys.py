"""Keys of departments' systems: made, shown once, revoked."""

import secrets
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Invalid, NotAllowed, NotFound
from foundation.sealing.fields import OwnedJSON
from foundation.texts import line_of
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role
from tenants.casework.models import DepartmentKey
from tenants.casework.queries.access import KEYS
from tenants.casework.queries.pushes import lacking_for_key, position_for_key
from tenants.portal.operations.figures import check_inside

declare(KEYS, "管理部门系统的密钥", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR})

_LONGEST_NAME = 80


@transaction.atomic
def make_department_key(*, by: Actor, hall: Hall, name: str, position_id: UUID) -> tuple[DepartmentKey, str]:
    """Make a key for a department's system, which acts at this position. Returns it with its secret: this is the only
    time that the secret can be seen. Each call makes another one.

    Raises NotAllowed, also for who could not do all of it themselves; Invalid without a name or for a position that
    is nobody's of a department of this hall.
    """
    check_inside(hall)
    require(by, KEYS, hall_id=hall.pk)
    name = line_of(name)
    if not name or len(name) > _LONGEST_NAME:
        message = f"请写系统的名称，最多 {_LONGEST_NAME} 个字。"
        raise Invalid.at("name", message)
    position = position_for_key(hall, position_id)
    if position is None or position.unit is None:
        raise Invalid.at("position_id", "请选择本厅某个部门里在岗的人：系统推送的，按这个人的权限办理。")
    if labels := lacking_for_key(by, hall, position):
        message = f"您自己没有这些权限，或者您的范围不够大，不能交给部门的系统：{'、'.join(labels)}。"
        raise NotAllowed(message)
    secret = secrets.token_urlsafe(32)
    made = DepartmentKey(name=name, position_id=position.pk)
    made.secret = OwnedJSON(hall.pk, secret)
    made.save(force_insert=True)
    record_act(
        by=by,
        act="casework.make_department_key",
        object_type="department_key",
        object_id=made.pk,
        hall_id=hall.pk,
        changes={"name": [None, name], "unit": [None, position.unit.name]},
    )
    return made, secret


@transaction.atomic
def revoke_department_key(*, by: Actor, hall: Hall, key_id: UUID) -> DepartmentKey:
    """Let the key open nothing from now on. A repeat changes nothing. Raises NotAllowed, NotFound."""
    check_inside(hall)
    require(by, KEYS, hall_id=hall.pk)
    found = DepartmentKey.objects.select_for_update().filter(pk=key_id).first()
    if found is None:
        raise NotFound("没有这个密钥，可能属于其他服务厅。")
    if found.revoked_at is None:
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at"])
        record_act(
            by=by,
            act="casework.revoke_department_key",
            object_type="department_key",
            object_id=found.pk,
            hall_id=hall.pk,
        )
    return found
