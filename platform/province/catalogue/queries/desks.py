"""Who sees what of the catalogue, and who may do what with an item.

What is published is for everybody with a position. Before that, an item is seen by its department and by those who
review and publish at the province.
"""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from foundation.errors import NotFound
from province.catalogue.models import Item, ItemVersion
from province.catalogue.states import VersionState
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import may, require, require_anywhere, within_reach, works_at
from province.rights.roles import READERS, Reach

_NO_ITEM, _NO_VERSION = "没有找到这个事项。", "没有找到事项的这一版。"

declare("catalogue.read", "查看事项目录", reach=Reach.OWN, roles=READERS)


def check_reader(by: Actor) -> None:
    """Raises NotAllowed for an actor who has nothing to do with the catalogue."""
    require_anywhere(by, "catalogue.read")


def require_over(by: Actor, permission: str, item: Item) -> None:
    """Raises NotAllowed where no position carries the permission over the item's department."""
    require(by, permission, unit_id=item.department.unit_id)


def items_in_sight(by: Actor) -> Q:
    """What the actor may see at all, as a filter of items."""
    is_published = Exists(ItemVersion.objects.filter(item=OuterRef("pk"), state=VersionState.PUBLISHED))
    if sees_all(by):
        return Q()
    found = Q(is_published)
    for permission in ("catalogue.write", "catalogue.submit"):
        found |= within_reach(by, permission, unit="department__unit_id")
    return found


def sees_all(by: Actor) -> bool:
    """Whether the actor reviews or publishes at the province, or writes for every department."""
    if works_at(by, "catalogue.review") or works_at(by, "catalogue.publish"):
        return True
    # "everything" is an empty filter, which an "or" would drop
    return any(
        not within_reach(by, permission, unit="department__unit_id")
        for permission in ("catalogue.write", "catalogue.submit")
    )


def sees_draft(by: Actor, item: Item) -> bool:
    """Whether the actor may see what is not yet published of this item."""
    unit_id = item.department.unit_id
    return sees_all(by) or any(may(by, name, unit_id=unit_id) for name in ("catalogue.write", "catalogue.submit"))


def item_at_desk(by: Actor, item_id: UUID) -> Item:
    """The item. Raises NotFound, also for what is out of sight."""
    check_reader(by)
    found = Item.objects.select_related("department").filter(items_in_sight(by), pk=item_id).first()
    if found is None:
        raise NotFound(_NO_ITEM)
    return found


def check_item_in_sight(by: Actor, item_id: UUID) -> None:
    """Raise NotFound where ``item_at_desk`` would, without reading the item: for who locks it next."""
    check_reader(by)
    if not Item.objects.filter(items_in_sight(by), pk=item_id).exists():
        raise NotFound(_NO_ITEM)


def check_version_in_sight(by: Actor, version_id: UUID) -> None:
    """Raise NotFound where ``version_at_desk`` would, without reading the version: for who locks it next."""
    check_reader(by)
    if not ItemVersion.objects.filter(versions_in_sight(by), pk=version_id).exists():
        raise NotFound(_NO_VERSION)


def version_at_desk(by: Actor, version_id: UUID) -> ItemVersion:
    """The version. Raises NotFound, also for what is out of sight: of an item that is not one's own, only what is
    published is in sight."""
    check_reader(by)
    versions = ItemVersion.objects.select_related("item__department", "department").prefetch_related("reviews__office")
    found = versions.filter(versions_in_sight(by), pk=version_id).first()
    if found is None:
        raise NotFound(_NO_VERSION)
    return found


def versions_in_sight(by: Actor) -> Q:
    """What the actor may see at all, as a filter of versions."""
    if sees_all(by):
        return Q()
    found = Q(state=VersionState.PUBLISHED)
    for permission in ("catalogue.write", "catalogue.submit"):
        found |= within_reach(by, permission, unit="item__department__unit_id")
    return found
