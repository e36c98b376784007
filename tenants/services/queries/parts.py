from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from province.catalogue.models import ItemVersion
from province.catalogue.queries import items_valid_at
from province.halls.models import Hall
from province.identity.models import Actor
from province.identity.queries.rights import may
from tenants.services.models import PartVersion


def items_to_take_up(item_ids: Collection[UUID]) -> QuerySet[ItemVersion]:
    """The versions in force of these items, without what no hall's part begins with."""
    found = items_valid_at(timezone.now()).filter(item__in=item_ids)
    return found.defer("search_words", "item__values", "item__sounds")


def why_not_decide(by: Actor, hall: Hall, part: PartVersion) -> str:
    """Why this person may not decide on the part; "" where they may. Nobody whose hand is in it does."""
    if not may(by, "services.review", hall_id=hall.pk):
        return "您的岗位没有审核本厅事项的权限。"
    if by.id is not None and by.id in part.author_ids:
        return "您参与了这一份的填写,须由其他人审核。"
    return ""
