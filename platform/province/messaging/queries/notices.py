"""Somebody's own notices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from foundation.errors import NotFound, NotSignedIn
from province.console.addresses import address_of, province_address
from province.halls.models import Hall
from province.halls.queries.sites import with_domain
from province.halls.states import HallState
from province.messaging.models import Notice, NoticeChoice
from province.messaging.slots import NOTICE_KINDS, NoticeKind
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require_anywhere
from province.rights.roles import Reach, Role

READ = declare("messaging.read", "查看本人的消息", reach=Reach.OWN, roles=frozenset(Role))
# the bell counts no further
MOST_COUNTED: Final = 99


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice as pages and programs show it. ``place``: where the page lies; ``address``: of that page, "" where its
    hall has none any more; ``acting_for``: a name, masked by whatever shows it."""

    notice: Notice
    kind: str
    place: str
    address: str
    acting_for: str


@dataclass(frozen=True, slots=True)
class ChosenKind:
    """``is_on``: whether the person gets notices of it."""

    kind: NoticeKind
    is_on: bool


def own_account_id(by: Actor) -> UUID:
    """Whose notices these are: the actor's own, and never those of the person in whose place they act. Raises
    NotSignedIn for the machine, PermissionMissing for a program whose token does not name them."""
    if by.id is None:
        raise NotSignedIn("请先登录。")
    if by.scopes is not None:
        require_anywhere(by, READ)
    return by.id


def unread_count(account_id: UUID, *, at: UUID | None = None) -> int:
    """At most ``MOST_COUNTED`` + 1: one query, which reads no more entries of the index of what is unread than that, or
    than there are. ``at``: as of ``own_notices``."""
    rows = _readable_at(at).filter(account_id=account_id, read_at=None)
    return rows.order_by()[: MOST_COUNTED + 1].count()


def own_notices(by: Actor, *, at: UUID | None = None, is_unread: bool = False) -> QuerySet[Notice]:
    """The newest first. ``at``: a hall, at whose host nothing of another one is read; None: at the province's, all."""
    rows = _readable_at(at).filter(account_id=own_account_id(by)).select_related("acting_for")
    return (rows.filter(read_at=None) if is_unread else rows).order_by("-pk")


def notices_before(by: Actor, last: UUID | None, limit: int, *, is_unread: bool) -> QuerySet[Notice]:
    """The next of one's own after the one with this id (None: from the newest), at most so many."""
    rows = own_notices(by, is_unread=is_unread)
    return (rows.filter(pk__lt=last) if last else rows)[:limit]


def _readable_at(hall_id: UUID | None) -> QuerySet[Notice]:
    rows = Notice.objects.all()
    return rows.filter(Q(hall_id=hall_id) | Q(hall_id=None)) if hall_id else rows


def own_notice(by: Actor, notice_id: UUID, *, at: UUID | None = None) -> Notice:
    """Raises NotFound, also for another person's."""
    found = own_notices(by, at=at).filter(pk=notice_id).first()
    if found is None:
        raise NotFound("没有这条消息，可能已过保存期。")
    return found


def notice_lines(notices: Iterable[Notice]) -> list[NoticeLine]:
    """Two queries, whatever the number of halls in them."""
    rows = list(notices)
    ids = {one.hall_id for one in rows if one.hall_id}
    halls = {one.pk: one for one in with_domain(Hall.objects.filter(pk__in=ids).exclude(state=HallState.RETIRED))}
    labels = {one.name: one.label for one in NOTICE_KINDS.entries()}
    return [_line(one, halls.get(one.hall_id) if one.hall_id else None, labels) for one in rows]


def _line(notice: Notice, hall: Hall | None, labels: dict[str, str]) -> NoticeLine:
    place, host = settings.PROVINCE_NAME, province_address()
    if notice.hall_id:
        place = hall.short_name if hall else "已停用的服务厅"
        domain: str | None = hall.domain_name if hall else None
        host = address_of(domain) if domain else ""
    # a kind that this release does not have any more
    kind = labels.get(notice.kind, "消息")
    whose = notice.acting_for.name if notice.acting_for else ""
    return NoticeLine(notice, kind, place, f"{host}{notice.path}" if host else "", whose)


def chosen_kinds(by: Actor) -> Sequence[ChosenKind]:
    """Every kind, in the order of the apps, and whether the person gets it."""
    rows = NoticeChoice.objects.filter(account_id=own_account_id(by))
    chosen = dict(rows.values_list("kind", "is_on"))
    return [
        ChosenKind(one, chosen.get(one.name, one.is_on) if one.can_be_switched_off else True)
        for one in NOTICE_KINDS.entries()
    ]
