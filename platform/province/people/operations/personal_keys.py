"""The keys of personal data, as their keeper handles them: each act leaves an entry."""

from collections.abc import Callable
from typing import Final

from django.db import transaction

from foundation.crypto import rotation
from foundation.crypto.models import PersonalKey
from foundation.crypto.rotation import Rotation
from province.audit.operations import record_act
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role

MANAGE: Final = declare(
    "keys.manage", "管理个人信息密钥", reach=Reach.PROVINCE, roles={Role.PROVINCE_OPERATOR, Role.SYSTEM_ADMINISTRATOR}
)


def rotate_keys(*, by: Actor, report: Callable[[Rotation], object] = lambda _: None) -> Rotation:
    """Encrypt every value under the newest version (foundation/crypto/rotation.py). Killed, it goes on when called
    again."""
    require(by, MANAGE)
    done = rotation.rotate_keys(report=report)
    if done.done:
        with transaction.atomic():
            _record(by, "people.rotate_keys", done.version, {"values": [0, done.done]})
    return done


@transaction.atomic
def drop_key(*, by: Actor, version: int) -> None:
    """Let a key's version be taken out of the settings. A repeat changes nothing. Raises Conflict while anything needs
    it, Invalid for a version that nobody knows."""
    require(by, MANAGE)
    if rotation.drop_key(version=version):
        _record(by, "people.drop_key", version, {"is_dropped": [False, True]})


def _record(by: Actor, act: str, version: int, changes: dict[str, object]) -> None:
    kept = PersonalKey.objects.get(version=version)
    record_act(by=by, act=act, object_type="personal_key", object_id=kept.pk, changes=changes)
