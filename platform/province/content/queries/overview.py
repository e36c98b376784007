"""What the console's first page and its search show."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse

from foundation.errors import NotAllowed
from province.content.models import (
    ChannelDelivery,
    LibraryOffer,
    Manuscript,
    ManuscriptVersion,
    MediaAccount,
    Push,
    PushProof,
)
from province.content.queries.desks import Desk, at_desks_of, desks_of
from province.content.queries.pushes import pushes_at_desk
from province.content.queries.pushes.proofs import bit_count
from province.content.queries.reviews import review_queue
from province.content.states import DeliveryState, OfferState, PushState
from province.halls.models import Division, Hall
from province.halls.states import HallState
from province.identity.models import Actor
from province.identity.queries.rights import may

_WAITING = 8
_PROOFS_LOOKED_AT = 200
_FOUND = 8


@dataclass(frozen=True, slots=True)
class TroubledPush:
    """A push, and on how many sites its latest proof saw something else, or nothing."""

    push: Push
    wrong: int
    unreachable: int


@dataclass(frozen=True, slots=True)
class Overview:
    """``halls_by_state`` and ``dead_letters`` are the province's alone; a county desk has its own figures."""

    halls: int
    halls_by_state: list[tuple[str, str, int]]
    live: int
    scheduled: int
    offers: int
    dead_letters: int
    waiting: list[ManuscriptVersion]
    waiting_count: int
    drafts: list[Manuscript]
    troubled: list[TroubledPush]
    recent: list[Push]


def own_desks(by: Actor, permission: str = "content.write") -> list[Desk]:
    """The actor's desks. Raises NotAllowed for somebody who has none: the console's texts are not for them."""
    desks = desks_of(by, permission)
    if not desks:
        raise NotAllowed("您的岗位没有省、市或县的编辑部,请到本服务厅的工作台处理。")
    return desks


def overview_of(by: Actor) -> Overview:
    own_desks(by, "content.read")
    pushes = pushes_at_desk(by)
    counts = dict(pushes.order_by().values_list("state").annotate(Count("pk")))
    queue = [version for version in review_queue(by)[:200] if version.may_review]  # type: ignore[attr-defined]
    states = dict(Hall.objects.values_list("state").annotate(Count("pk")))
    dead = ChannelDelivery.objects.filter(_of_pushes(by))
    return Overview(
        halls=sum(states.values()),
        halls_by_state=[(state.value, state.label, states.get(state, 0)) for state in HallState],
        live=counts.get(PushState.LIVE, 0),
        scheduled=counts.get(PushState.SCHEDULED, 0),
        offers=LibraryOffer.objects.filter(state=OfferState.OFFERED).count(),
        dead_letters=dead.filter(state=DeliveryState.DEAD).count(),
        waiting=queue[:_WAITING],
        waiting_count=len(queue),
        drafts=list(_own_drafts(by)),
        troubled=_troubled(by),
        recent=list(pushes[:_WAITING]),
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
    latest: dict[UUID, PushProof] = {}
    for proof in proofs[:_PROOFS_LOOKED_AT]:
        latest.setdefault(proof.push_id, proof)
    counted = [
        TroubledPush(proof.push, bit_count(proof.wrong), bit_count(proof.unreachable)) for proof in latest.values()
    ]
    return [one for one in counted if one.wrong or one.unreachable][:_WAITING]


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that the search over everything found."""

    group: str
    name: str
    detail: str
    address: str


def search_everything(by: Actor, words: str) -> list[Hit]:
    """Halls, divisions, manuscripts, pushes and accounts whose name holds the words; at most eight of each."""
    words = words.strip()
    if not words:
        return []
    hits: list[Hit] = []
    if may(by, "halls.manage"):
        named = Q(name__icontains=words) | Q(division__code__startswith=words) | Q(slug=words)
        hits += [
            Hit("服务厅", hall.name, hall.get_state_display(), reverse("console-hall", args=[hall.division.code]))
            for hall in Hall.objects.filter(named).select_related("division").order_by("division__code")[:_FOUND]
        ]
        divisions = Division.objects.filter(Q(name__icontains=words) | Q(code__startswith=words), valid_to=None)
        hits += [
            Hit("区划", division.name, division.code, f"{reverse('console-divisions')}?q={division.code}")
            for division in divisions.order_by("code")[:_FOUND]
        ]
    texts = Manuscript.objects.filter(at_desks_of(by, "content.read"), title__icontains=words)
    hits += [
        Hit("稿件", text.title, text.edited_by_name, reverse("console-manuscript", args=[text.pk]))
        for text in texts.order_by("-edited_at")[:_FOUND]
    ]
    hits += [
        Hit("推稿", push.version.title, push.get_state_display(), reverse("console-push", args=[push.pk]))
        for push in pushes_at_desk(by, search=words)[:_FOUND]
    ]
    if may(by, "accounts.manage"):
        accounts = MediaAccount.objects.filter(Q(name__icontains=words) | Q(external_id__icontains=words))
        hits += [
            Hit("新媒体账号", one.name, one.get_platform_display(), reverse("console-account", args=[one.pk]))
            for one in accounts.order_by("name")[:_FOUND]
        ]
    return hits
