"""What waits for somebody in the catalogue."""

from collections.abc import Iterator

from django.urls import reverse

from province.catalogue.queries.pause_requests import pause_requests_to_confirm
from province.catalogue.queries.proposals import proposals_to_answer
from province.catalogue.queries.reviews import review_queue, versions_to_mend, versions_to_publish
from province.catalogue.queries.successions import successions_to_confirm
from province.catalogue.states import ItemDeskState, ProposalState
from province.console.slots import Waiting
from province.rights.actors import Actor
from province.rights.queries import has_anywhere


def items_waiting(by: Actor) -> Iterator[Waiting]:
    """What waits for the actor in the catalogue, for the console's first page."""
    if not has_anywhere(by, "catalogue.read"):
        return
    items = reverse("console-items")
    yield Waiting("待我审核的事项", review_queue(by).count(), f"{items}?view=reviews")
    yield Waiting("退回、待修改的事项", versions_to_mend(by).count(), f"{items}?view=returned")
    yield Waiting("通过、待公布的事项", versions_to_publish(by).count(), f"{items}?step={ItemDeskState.APPROVED}")
    yield Waiting("待我确认的停用", pause_requests_to_confirm(by).count(), reverse("console-pauses"))
    asked = successions_to_confirm(by)
    yield Waiting("待我确认的合并、拆分", asked.count(), reverse("console-pauses"))
    proposals = f"{reverse('console-proposals')}?state={ProposalState.PROPOSED}"
    yield Waiting("待答复的事项建议", proposals_to_answer(by).count(), proposals)
