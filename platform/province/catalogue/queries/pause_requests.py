"""What somebody asks to suspend or abolish, and who else may confirm it."""

from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.errors import NotFound
from province.catalogue.models import Item, PauseRequest
from province.catalogue.queries.desks import check_reader
from province.catalogue.states import ItemLife, PauseRequestState
from province.rights.actors import Actor
from province.rights.queries import may


def waiting_pause_request(item: Item) -> PauseRequest | None:
    """What somebody has asked of this item and nobody has decided."""
    return item.pause_requests.filter(state=PauseRequestState.WAITING).first()


def pause_requests_in_sight(by: Actor, *, state: str = "") -> QuerySet[PauseRequest]:
    """Those that the actor may decide or has made, the latest first; ``state``: in that one alone."""
    kinds = Q(pk__in=())
    if may(by, "catalogue.publish"):
        kinds |= Q(kind=ItemLife.SUSPENDED)
    if may(by, "catalogue.abolish"):
        kinds |= Q(kind=ItemLife.ABOLISHED)
    kinds &= Q(state=state) if state else Q()
    return PauseRequest.objects.filter(kinds).select_related("item").order_by("-created_at", "-id")


def pause_requests_to_confirm(by: Actor) -> QuerySet[PauseRequest]:
    """Those that wait for this person: somebody else has made them."""
    waiting = pause_requests_in_sight(by).filter(state=PauseRequestState.WAITING)
    return waiting.exclude(proposed_by_id__in=[one for one in (by.id, by.acting_for_id) if one])


def may_confirm(by: Actor, request: PauseRequest) -> bool:
    """Whether it waits for this person."""
    return pause_requests_to_confirm(by).filter(pk=request.pk).exists()


def pause_request_with_id(by: Actor, request_id: UUID) -> PauseRequest:
    """Raises NotFound, also for what is out of sight."""
    check_reader(by)
    found = pause_requests_in_sight(by).filter(pk=request_id).first()
    if found is None:
        raise NotFound("没有这个提请。")
    return found
