"""Accounts as operations see them (``by=``), with the positions that they hold or have chosen."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils import timezone

from province.people.models import Account, Position, Substitution, Unit
from province.people.queries.roles import permissions_of
from province.rights.actors import Actor, Grant
from province.rights.roles import Reach, Role

# what the session remembers: the position somebody has chosen, and as whom an administrator looks around
POSITION_IN_SESSION, PREVIEW_IN_SESSION = "position_id", "preview_of"


def actor_of(account: Account, position_id: UUID | None = None, scopes: Iterable[str] | None = None) -> Actor:
    """The account with all its own positions, or with the one that it has chosen: one query. ``scopes``: of the token
    with which a program of the account acts, or ordered what is done now.

    A position at which the account stands in for somebody counts only when it is chosen, so that every act says for
    whom it was done. A chosen position that is no longer there is as none chosen.
    """
    by = _actor(account, positions_open_to(account), position_id)
    return by if scopes is None else by.narrowed(scopes)


def actor_in_session(
    account: Account, positions: Sequence[Position], *, position_id: UUID | None, preview_of: UUID | None
) -> Actor:
    """The account in the position that it has chosen among ``positions`` (``positions_open_to``); or the person as whom
    an administrator looks around.

    (In such a preview every request that could change something is refused: config/middleware.py.)
    """
    if preview_of is None:
        return _actor(account, positions, position_id)
    seen = Account.objects.filter(pk=preview_of, is_active=True).first()
    return actor_of(seen) if seen else Actor(account.id, account.name, ())


def _actor(account: Account, positions: Sequence[Position], position_id: UUID | None) -> Actor:
    chosen = next((position for position in positions if position.pk == position_id), None)
    if chosen is None:
        return Actor(
            account.id,
            account.name,
            tuple(_grant(position) for position in positions if position.account_id == account.pk),
        )
    is_own = chosen.account_id == account.pk
    return Actor(
        account.id,
        account.name,
        (_grant(chosen),),
        position_id=chosen.pk,
        acting_for_id=None if is_own else chosen.account_id,
        acting_for="" if is_own else chosen.account.name,
    )


def grants_open_to(account: Account) -> list[tuple[Grant, str]]:
    """Everything that the account could choose to act in, each with the name of whose position it is ("" at its
    own)."""
    return [
        (_grant(position), "" if position.account_id == account.pk else position.account.name)
        for position in positions_open_to(account)
    ]


def positions_open_to(account: Account) -> list[Position]:
    """The account's own positions, and those of people who can sign in and for whom it stands in today; none of an
    account that is closed."""
    if not account.is_active:
        return []
    today = timezone.localdate()
    stands_in = Substitution.objects.filter(
        substitute=account, ended_at=None, from_on__lte=today, to_on__gte=today, position__account__is_active=True
    )
    below = Unit.objects.filter(ancestors__contains=[OuterRef("unit_id")]).values("pk")
    positions = (
        Position.objects.filter(Q(account=account) | Q(pk__in=stands_in.values("position_id")))
        .select_related("own_role", "account", "unit")
        .annotate(units_below=ArraySubquery(below))
    )
    return list(positions.order_by("pk"))


def _grant(position: Position) -> Grant:
    units = {position.unit_id, *position.units_below} if position.unit_id else ()  # type: ignore[attr-defined]  # annotated
    return Grant(
        permissions_of(position.own_role or Role(position.role)),
        position.hall_id,
        position.reach_prefix,
        Reach(position.reach),
        unit_ids=frozenset(units),
        owner_id=position.account_id,
        position_id=position.pk,
        role=position.role_name,
        unit_id=position.unit_id,
    )
