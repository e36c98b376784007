"""Cases to which a form may be related (关联的办件)."""

from collections.abc import Collection, Mapping

from province.citizens.models import Citizen
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import works_at
from tenants.casework.queries.access import HANDLE, cases_of
from tenants.casework.queries.own_cases import own_cases_here
from tenants.shell.slots import Desk


def names_of_cases(hall: Hall, by: Actor, citizen: Citizen | None, numbers: Collection[str]) -> Mapping[str, str]:
    """Of these numbers those of cases that who fills in may see, each with the name of its item: a citizen's own, or
    those that somebody of the staff handles. One query."""
    if citizen is None and not works_at(by, HANDLE, hall_id=hall.pk):
        return {}
    cases = own_cases_here(citizen.pk) if citizen else cases_of(Desk(by, hall))
    return dict(cases.filter(number__in=list(numbers)).values_list("number", "item_name"))
