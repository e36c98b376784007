"""代收: what was taken in here for halls above, and how it stands there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.cases.models import CaseOffer
from province.cases.queries.referrals import offers_above, ways_of_cases
from province.halls.models import Hall
from tenants.casework.models import Collection
from tenants.casework.queries.referrals import ReferralStep, went_steps
from tenants.shell.slots import Desk
from tenants.workflow.queries.filled import FormFiller, filled_form
from tenants.workflow.queries.pages import show_filling
from tenants.workflow.queries.shown import ShownForm

_NO_COLLECTION: Final = "没有这份代收的申请，可能属于其他服务厅。"


@dataclass(frozen=True, slots=True)
class CollectionLine:
    """``steps``: the halls to which it went; none for a draft."""

    collection: Collection
    steps: Sequence[ReferralStep]

    @property
    def last(self) -> ReferralStep | None:
        return self.steps[-1] if self.steps else None


def takes_in_for_others(hall: Hall) -> bool:
    """Whether halls above take applications that could be taken in here, or some were."""
    return offers_above(hall).exists() or Collection.objects.exists()


def offers_to_collect(hall: Hall) -> QuerySet[CaseOffer]:
    """What can be applied for at halls above."""
    return offers_above(hall)


def collections_here() -> QuerySet[Collection]:
    """All of the hall, the newest first: who handles cases here stands in for each other."""
    return Collection.objects.order_by("-pk")


def collection_here(collection_id: UUID) -> Collection:
    """Raises NotFound, also for another hall's."""
    found = Collection.objects.filter(pk=collection_id).first()
    if found is None:
        raise NotFound(_NO_COLLECTION)
    return found


def collection_lines(collections: Sequence[Collection]) -> list[CollectionLine]:
    """With how they stand: a number of queries that does not grow with theirs."""
    ways = ways_of_cases([one.filled_id for one in collections])
    every = {one.referral.pk: one for one in went_steps([way for found in ways.values() for way in found])}
    return [CollectionLine(one, [every[way.pk] for way in ways.get(one.filled_id, [])]) for one in collections]


def form_of_collection(desk: Desk, collection: Collection) -> ShownForm:
    """What was taken in, only read."""
    filled = filled_form(desk.hall, collection.filled_id)
    return show_filling(desk.hall, FormFiller(desk.by), filled, is_read=True)
