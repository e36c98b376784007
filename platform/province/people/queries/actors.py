"""Accounts as operations see them (``by=``), with the positions that they hold or have chosen."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet
from django.utils import timezone

from province.people.models import Account, OwnRole, Position, Unit
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
            tuple(grant_of(position) for position in positions if position.account_id == account.pk),
        )
    is_own = chosen.account_id == account.pk
    return Actor(
        account.id,
        account.name,
        (grant_of(chosen),),
        position_id=chosen.pk,
        acting_for_id=None if is_own else chosen.account_id,
        acting_for="" if is_own else chosen.account.name,
    )


def grants_open_to(account: Account) -> list[tuple[Grant, str]]:
    """Everything that the account could choose to act in, each with the name of whose position it is ("" at its
    own)."""
    return [
        (grant_of(position), "" if position.account_id == account.pk else position.account.name)
        for position in positions_open_to(account)
    ]


# Every request of staff asks this. Written out: putting it together anew takes longer than answering it. Both kinds of
# positions are found by an index each; joined by OR, the database would read those of the whole province.
_OPEN_TO = """
SELECT p.*, a.name AS holder, r.name AS own_role_name, r.permissions AS own_role_permissions, u.name AS unit_name,
    ARRAY(SELECT below.id FROM people_unit AS below WHERE below.ancestors @> ARRAY[p.unit_id]) AS units_below
FROM people_position AS p
JOIN people_account AS a ON a.id = p.account_id
LEFT JOIN people_ownrole AS r ON r.id = p.own_role_id
LEFT JOIN people_unit AS u ON u.id = p.unit_id
WHERE p.id IN (
    SELECT id FROM people_position WHERE account_id = %(account_id)s
    UNION ALL
    SELECT s.position_id FROM people_substitution AS s
    JOIN people_position AS away ON away.id = s.position_id
    JOIN people_account AS holder ON holder.id = away.account_id
    WHERE s.substitute_id = %(account_id)s AND s.ended_at IS NULL
        AND s.from_on <= %(today)s AND s.to_on >= %(today)s AND holder.is_active
)
ORDER BY p.id
"""


def positions_open_to(account: Account) -> list[Position]:
    """The account's own positions, and those of people who can sign in and for whom it stands in today; none of an
    account that is closed. Their holders, roles and units are there by name (the rest of them is read when asked
    for)."""
    if not account.is_active:
        return []
    found = Position.objects.raw(_OPEN_TO, {"account_id": account.pk, "today": timezone.localdate()})
    return [_with_names(position, account) for position in found]


def _with_names(position: Any, account: Account) -> Position:
    """``position``: as the query found it, with columns of its holder, role and unit."""
    holder, role_id, unit_id = position.account_id, position.own_role_id, position.unit_id
    position.account = account if holder == account.pk else _known(Account, id=holder, name=position.holder)
    position.own_role = role_id and _known(
        OwnRole, id=role_id, name=position.own_role_name, permissions=position.own_role_permissions
    )
    position.unit = unit_id and _known(Unit, id=unit_id, name=position.unit_name)
    found: Position = position
    return found


def _known[M: Model](model: type[M], **columns: Any) -> M:
    """A row of which these columns are known."""
    return model.from_db(None, list(columns), list(columns.values()))


def with_units_below(positions: QuerySet[Position]) -> QuerySet[Position]:
    """Annotated as ``grant_of`` needs them."""
    below = Unit.objects.filter(ancestors__contains=[OuterRef("unit_id")]).values("pk")
    return positions.annotate(units_below=ArraySubquery(below))


def grant_of(position: Position) -> Grant:
    """Of a position that is open to somebody, or ``with_units_below``."""
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
