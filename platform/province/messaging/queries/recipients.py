"""Whom a notice reaches: the people named, those who stand in for them, without those who want none of the kind."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, UUIDField, Value
from django.utils import timezone

from province.messaging.models import NoticeChoice
from province.messaging.slots import NoticeKind
from province.people.models import Account, Position, Substitution

type Recipients = dict[UUID, UUID | None]


def recipients_of(
    kind: NoticeKind, *, positions: Iterable[Position], people: Iterable[UUID], hall_id: UUID | None
) -> Recipients:
    """account -> in whose place (None: their own), for those who can sign in: two queries, whatever their number.

    Who stands in at a position today is told with its holder; of ``people`` at the positions in that hall (None: at the
    province's offices), so that nobody hears of a hall in which they stand in for nobody.
    """
    held, named = {one.pk: one.account_id for one in positions}, set(people)
    today = timezone.localdate()
    standing_in = Substitution.objects.filter(
        Q(position__in=held) | Q(position__account__in=named, position__hall_id=hall_id),
        ended_at=None,
        from_on__lte=today,
        to_on__gte=today,
        substitute__is_active=True,
    ).values_list("pk", "substitute_id", "position__account_id")
    own = Account.objects.filter(pk__in=named.union(held.values()), is_active=True)
    rows = standing_in.union(own.values_list("pk", "pk", Value(None, output_field=UUIDField())), all=True)
    # who is told for themselves is told so; of several absences the last one counts
    found: Recipients = {one: whose for _, one, whose in sorted(rows, key=lambda row: (row[2] is None, row[0]))}
    unwanted = _unwilling(kind, found)
    return {one: whose for one, whose in found.items() if one not in unwanted}


def _unwilling(kind: NoticeKind, accounts: Collection[UUID]) -> set[UUID]:
    if not kind.can_be_switched_off:
        return set()
    choices = NoticeChoice.objects.filter(kind=kind.name, account__in=accounts, is_on=not kind.is_on)
    others = set(choices.values_list("account_id", flat=True))
    return others if kind.is_on else set(accounts) - others
