"""Who finds cases by the people whose they are leaves an entry."""

from django.db import transaction

from province.cases.models import CaseReport
from province.cases.queries.applicants import applicants_sought
from province.citizens.operations.searches import note_people_search
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.casework.queries.access import cases_of, require_handler
from tenants.shell.slots import Desk


@transaction.atomic
def note_case_search(*, by: Actor, hall: Hall, words: str) -> None:
    """Note that cases were looked for by the name or a number of who applied or came, where that finds some that are
    the person's business; words of an item and numbers of cases are nobody's own. Raises NotAllowed for who handles no
    case here."""
    require_handler(by, hall)
    of_people = applicants_sought(hall.pk, words) if words.strip() else []
    if not of_people:
        return
    found = list(cases_of(Desk(by, hall)).filter(pk__in=of_people).values_list("pk", flat=True))
    if not found:
        return
    citizens = set(CaseReport.objects.filter(pk__in=found).values_list("citizen_id", flat=True))
    person_id = citizens.pop() if len(citizens) == 1 else None
    note_people_search(by=by, hall_id=hall.pk, things="办件", words=words, number=len(found), person_id=person_id)


def note_desk_search(desk: Desk, words: str) -> None:
    """As ``note_case_search``, of the search over everything at the desk."""
    note_case_search(by=desk.by, hall=desk.hall, words=words)
