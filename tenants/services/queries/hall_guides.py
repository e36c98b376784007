from collections.abc import Collection
from threading import Lock
from typing import Final
from uuid import UUID

from django.utils import timezone

from foundation.editing.versions import has_hand_in
from foundation.errors import Conflict, NotFound
from province.catalogue.models import ItemVersion
from province.catalogue.queries import items_valid_at
from province.catalogue.queries.validity import published_versions, version_numbered
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import may
from tenants.services.models import Adoption, HallGuideVersion

# some 10 kB each
_MOST_READ: Final = 2_000
_read: dict[tuple[UUID, int], ItemVersion] = {}
_reading = Lock()


def items_to_take_up(item_ids: Collection[UUID]) -> list[ItemVersion]:
    """The versions in force of these items. Their content never changes, so that it is read once for many halls."""
    held = items_valid_at(timezone.now()).filter(item__in=item_ids)
    # an item's own row changes with its revision
    keys = list(held.values_list("pk", "item__revision"))
    # what this thread found stays its own: another one may clear the shared dict meanwhile
    found = {key: version for key in keys if (version := _read.get(key))}
    if unread := [key for key in keys if key not in found]:
        versions = ItemVersion.objects.select_related("item", "department").filter(pk__in=[pk for pk, _ in unread])
        fresh = {version.pk: version for version in versions.defer("search_words", "item__values", "item__sounds")}
        found |= {key: fresh[key[0]] for key in unread}
        with _reading:
            if len(_read) + len(unread) > _MOST_READ:
                _read.clear()
            _read.update((key, found[key]) for key in unread)
    return [found[key] for key in keys]


def why_not_decide(by: Actor, hall: Hall, hall_guide: HallGuideVersion) -> str:
    """Why this person may not decide on the guide; "" where they may. Nobody who has worked on it decides."""
    if not may(by, "services.review", hall_id=hall.pk):
        return "您的岗位没有审核本厅事项的权限。"
    if has_hand_in(hall_guide, by):
        return "您参与了这一份的填写，须由其他人审核。"
    return ""


def version_to_fill(adoption: Adoption, number: int | None = None) -> ItemVersion:
    """The item's version for which the draft is written: that of this number, or the one for which the hall has begun.

    Never an older one than the hall has accepted; where the publication of that one was withdrawn, the one before it
    counts again. Raises Conflict for an older one, NotFound for one that is not published.
    """
    published = published_versions(adoption.item_id)
    accepted = published.filter(number__lte=adoption.version_number).order_by("-number").first()
    if accepted is None:
        raise NotFound("这个事项现在没有公布的版本。")
    if number is None:
        begun = published.filter(number=adoption.draft_number, number__gt=accepted.number).first()
        return begun or accepted
    asked = version_numbered(adoption.item_id, number)
    if number < accepted.number:
        raise Conflict("本厅已经接受了更新的一版，不能再按旧版填写。")
    return asked
