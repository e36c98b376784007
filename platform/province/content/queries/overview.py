"""What the console's overview shows of texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from foundation.editing.versions import has_hand_in
from foundation.errors import NotAllowed
from province.console.slots import Waiting
from province.content.models import (
    ChannelDelivery,
    LibraryOffer,
    Manuscript,
    ManuscriptVersion,
    Push,
    PushProof,
)
from province.content.queries.desks import ContentDesk, at_desks_of, desks_of
from province.content.queries.pushes import pushes_at_desk
from province.content.queries.reviews import review_queue
from province.content.states import DeliveryState, OfferState, PushState, ReviewState
from province.rights.actors import Actor
from province.rights.queries import has_anywhere

_WAITING = 8
_PROOFS_LOOKED_AT = 200
_QUEUE = 200


@dataclass(frozen=True, slots=True)
class TroubledPush:
    """A push, and on how many sites its latest proof saw something else, or nothing."""

    push: Push
    wrong: int
    unreachable: int


@dataclass(frozen=True, slots=True)
class TextsOverview:
    """What one's desks have in hand."""

    live: int
    scheduled: int
    waiting: list[ManuscriptVersion]
    waiting_count: int
    passed: list[ManuscriptVersion]
    drafts: list[Manuscript]
    troubled: list[TroubledPush]
    recent: list[Push]


def own_desks(by: Actor, permission: str = "content.write") -> list[ContentDesk]:
    """The actor's desks. Raises NotAllowed for somebody who has none: the console's texts are not for them."""
    desks = desks_of(by, permission)
    if not desks:
        raise NotAllowed("您的岗位没有省、市或县的编辑部，请到本服务厅的工作台处理。")
    return desks


def texts_overview(by: Actor) -> TextsOverview:
    own_desks(by, "content.read")
    pushes = pushes_at_desk(by)
    counts = dict(pushes.order_by().values_list("state").annotate(Count("pk")))
    queue = _queue(by)
    return TextsOverview(
        live=counts.get(PushState.LIVE, 0),
        scheduled=counts.get(PushState.SCHEDULED, 0),
        waiting=queue[:_WAITING],
        waiting_count=len(queue),
        passed=list(passed_versions(by)[:_WAITING]),
        drafts=list(_own_drafts(by)),
        troubled=_troubled(by),
        recent=list(pushes[:_WAITING]),
    )


def texts_waiting(by: Actor) -> Iterator[Waiting]:
    """What the one who works on texts should see to."""
    if not has_anywhere(by, "content.read"):
        return
    manuscripts = reverse("console-manuscripts")
    yield Waiting("我的稿件已通过，待推送", passed_versions(by).count(), f"{manuscripts}?view=passed")
    yield Waiting("待我审核的稿件", len(_queue(by)), f"{manuscripts}?view=reviews")
    offers = LibraryOffer.objects.filter(state=OfferState.OFFERED)
    yield Waiting("云稿库待选用", offers.count(), f"{reverse('console-library')}?state={OfferState.OFFERED}")
    dead = ChannelDelivery.objects.filter(_of_pushes(by), state=DeliveryState.DEAD)
    yield Waiting("未送达的新媒体", dead.count(), f"{reverse('console-deliveries')}?state={DeliveryState.DEAD}")


def _queue(by: Actor) -> list[ManuscriptVersion]:
    """The versions by others that wait for this person, the first of a long queue."""
    return [
        version
        for version in review_queue(by)[:_QUEUE]
        if version.may_review and not has_hand_in(version, by)  # type: ignore[attr-defined]
    ]


def passed_versions(by: Actor) -> QuerySet[ManuscriptVersion]:
    """The actor's own texts that have passed all reviews and that nobody has pushed yet, the newest first."""
    newest = ManuscriptVersion.objects.filter(manuscript=OuterRef("manuscript")).order_by("-number")
    return (
        ManuscriptVersion.objects.filter(
            at_desks_of(by, "content.read", desk="manuscript__desk_prefix", text="manuscript__"),
            state=ReviewState.APPROVED,
            manuscript__owner_id=by.id,
            pk=Subquery(newest.values("pk")[:1]),
            pushes=None,
        )
        .select_related("manuscript")
        .order_by("-created_at")
    )


def _of_pushes(by: Actor) -> Q:
    """What came of the pushes that the actor may see."""
    return at_desks_of(by, "content.read", desk="push__desk_prefix", text="push__version__manuscript__")


def _own_drafts(by: Actor) -> list[Manuscript]:
    """The actor's own that nobody has submitted, the last edited first."""
    drafts = Manuscript.objects.filter(at_desks_of(by, "content.write"), owner_id=by.id, versions=None)
    return list(drafts.order_by("-edited_at")[:_WAITING])


def _troubled(by: Actor) -> list[TroubledPush]:
    """Among the proofs that ended last, those of pushes that some site did not show as it should."""
    proofs = (
        PushProof.objects.filter(_of_pushes(by), is_overtaken=False)
        .exclude(finished_at=None)
        .select_related("push__version")
        .order_by("-started_at")
    )
    latest: dict[tuple[UUID, str], PushProof] = {}
    for proof in proofs[:_PROOFS_LOOKED_AT]:
        latest.setdefault((proof.push_id, proof.vantage), proof)
    # seen from inside and from outside: the worse of both
    worst: dict[UUID, TroubledPush] = {}
    for proof in sorted(latest.values(), key=lambda one: one.wrong + one.unreachable):
        if proof.wrong or proof.unreachable:
            worst[proof.push_id] = TroubledPush(proof.push, proof.wrong, proof.unreachable)
    return list(worst.values())[:_WAITING]
