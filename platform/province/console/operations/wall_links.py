"""Addresses that show the wall to who has them."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Invalid, NotFound
from foundation.text_encoding import is_plain
from province.audit.operations import record_act
from province.console.models import WallLink
from province.console.queries.wall import SHOW
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role

declare(SHOW, "投放大屏", reach=Reach.PROVINCE, roles={Role.PROVINCE_OPERATOR})

LONGEST_DAYS = 366
_LONGEST_NAME = 40


@transaction.atomic
def make_wall_link(*, by: Actor, name: str, days: int = 90) -> tuple[WallLink, str]:
    """A new link and its key, which cannot be seen again. Who has the key reads the wall for so many days, and can do
    nothing else with it. Two at once are two links.

    Raises NotAllowed, Invalid for a name that says nothing and for days that are not 1 to 366.
    """
    require(by, SHOW)
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not is_plain(name):
        raise Invalid.at("name", f"请写明大屏放在哪里，不超过 {_LONGEST_NAME} 个字。")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid.at("days", f"有效期应为 1 到 {LONGEST_DAYS} 天。")
    key = secrets.token_urlsafe(32)
    link = WallLink.objects.create(
        name=name,
        digest=hashlib.sha256(key.encode()).hexdigest(),
        made_by_name=by.name,
        expires_at=timezone.now() + timedelta(days=days),
    )
    changes = {"name": [None, name], "expires_at": [None, link.expires_at.isoformat()]}
    record_act(by=by, act="wall.make_link", object_type="wall_link", object_id=link.pk, changes=changes)
    return link, key


@transaction.atomic
def revoke_wall_link(*, by: Actor, link_id: UUID) -> WallLink:
    """The link shows nothing from now on. A repeat changes nothing. Raises NotAllowed, NotFound."""
    require(by, SHOW)
    link = WallLink.objects.select_for_update().filter(pk=link_id).first()
    if link is None:
        raise NotFound("没有这个大屏链接。")
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        record_act(by=by, act="wall.revoke_link", object_type="wall_link", object_id=link.pk)
    return link
