"""What a push means for accounts elsewhere: which of them will not take it, and what can only be taken back by hand."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from province.content.connectors import ACCOUNT_CONNECTORS
from province.content.models import ChannelDelivery, ManuscriptVersion, MediaAccount
from province.content.queries.audiences import Audience, halls_of
from province.content.states import AccountState, DeliveryState

_LISTED = 20


def accounts_meant(audience: Audience) -> QuerySet[MediaAccount]:
    """The accounts that a push to this audience is sent to: those of its halls, and those of divisions in it that have
    no hall (a scope that is narrowed to kinds of halls means none of these)."""
    own, excluded = Q(pk__in=()), Q(pk__in=())
    for scope in audience.scopes:
        if not scope.kinds:
            own |= Q(prefix__startswith=scope.prefix)
    for scope in audience.exclusions:
        if not scope.kinds:
            excluded |= Q(prefix__startswith=scope.prefix)
    meant = Q(hall_id__in=halls_of(audience).values("pk")) | Q(hall_id=None) & own & ~excluded
    return MediaAccount.objects.filter(meant).exclude(Q(connector="") | Q(state=AccountState.CLOSED))


def outside_notes(audience: Audience, version: ManuscriptVersion) -> list[str]:
    """What one must know of accounts elsewhere before a push is sent, a sentence each."""
    has_picture = bool(version.cover_id) or "<img" in version.body
    rows = accounts_meant(audience).order_by().values_list("connector", "credential__may_delete")
    notes = []
    for name, may_delete, number in rows.annotate(number=Count("pk")).order_by("connector"):
        kind = ACCOUNT_CONNECTORS.get(name)
        if kind is None:
            continue
        if fault := kind.connector.refusal(title=version.title, body=version.body, has_picture=has_picture):
            notes.append(f"{number:,} 个{kind.label}账号不会收下：{fault}。")
        elif kind.needs_right_to_delete and not may_delete:
            notes.append(f"{number:,} 个{kind.label}账号发出后不能自动撤回：撤稿时要有人到平台上删除。")
        elif kind.is_up_to_other_side:
            notes.append(f"{number:,} 个{kind.label}账号能否自动撤回由对方系统决定：不允许时要有人到对方系统里删除。")
    return notes


def outside_results(push_id: UUID) -> dict[str, object]:
    """How a push stands at accounts elsewhere: counts of its latest deliveries by state, and the first of those that
    people have to do by hand."""
    rows = ChannelDelivery.objects.filter(push=push_id, account__isnull=False)
    counts = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    by_hand = rows.filter(state=DeliveryState.BY_HAND).select_related("account").order_by("pk")
    return {
        "delivered": [(str(state.label), counts[state]) for state in DeliveryState if counts.get(state)],
        "by_hand": by_hand[:_LISTED],
        "by_hand_count": counts.get(DeliveryState.BY_HAND, 0),
    }
