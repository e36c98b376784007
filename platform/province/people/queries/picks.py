"""People as forms let colleagues and administrators choose them: by name, pinyin, first letters or account."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When

from foundation.design.picking import MOST_PICKS, Pick
from foundation.sounds import sounds_like
from province.console.slots import PickKind
from province.people.models import Account, Position
from province.people.queries.people import people_table
from province.people.queries.places import hall_names
from province.rights.actors import Actor


def _people(by: Actor, words: str) -> Iterator[Pick]:
    """Those who can sign in, of everybody whom the actor may see."""
    return _picks(people_table(by=by), words)


def _colleagues(by: Actor, words: str) -> Iterator[Pick]:
    """Those who work where the actor does: who may stand in for them."""
    places = {grant.hall_id for grant in by.grants}
    here = Q(hall_id__in=places) | (Q(hall_id=None) if None in places else Q(pk__in=()))
    at_work = Account.objects.filter(pk__in=Position.objects.filter(here).exclude(account=by.id).values("account"))
    positions = Prefetch("positions", Position.objects.select_related("own_role").filter(here).order_by("pk"))
    return _picks(at_work.prefetch_related(positions), words)


def _picks(accounts: QuerySet[Account], words: str) -> Iterator[Pick]:
    fitting = Q(username__istartswith=words) | Q(name__icontains=words) | sounds_like("sounds", words)
    exact_first = Case(When(username=words, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = list(accounts.filter(fitting, is_active=True).order_by(exact_first, "username")[:MOST_PICKS])
    names = hall_names(position for account in found for position in account.positions.all())
    for account in found:
        note = "、".join(_words(account.positions.all(), names))
        yield Pick(account.username, account.name, note, is_exact=account.username == words)


def _words(positions: Iterable[Position], names: dict[UUID | None, str]) -> list[str]:
    return [f"{names.get(position.hall_id, '')} · {position.role_name}" for position in positions]


PEOPLE = PickKind("people", "people.read", _people)
COLLEAGUES = PickKind("colleagues", "", _colleagues)
