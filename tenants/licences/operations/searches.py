"""Who finds licences by whose they are leaves an entry."""

from django.db import transaction

from province.cases.models import CaseReport
from province.citizens.operations.searches import note_people_search
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.licences.queries.access import require_licence_reader
from tenants.licences.queries.register import licences_of_people
from tenants.shell.slots import Desk


@transaction.atomic
def note_licence_search(*, by: Actor, hall: Hall, words: str) -> None:
    """Note that licences were looked for by a whole number of their holder, where that finds some; words of their names
    and their own numbers are nobody's own. Raises NotAllowed for who reads no licence here."""
    require_licence_reader(by, hall)
    holders = list(licences_of_people(hall, words).values_list("holder_id", flat=True))
    if not holders:
        return
    citizens = set(CaseReport.objects.filter(pk__in=holders).values_list("citizen_id", flat=True))
    person_id = citizens.pop() if len(citizens) == 1 else None
    note_people_search(by=by, hall_id=hall.pk, things="证照", words=words, number=len(holders), person_id=person_id)


def note_desk_search(desk: Desk, words: str) -> None:
    """As ``note_licence_search``, of the search over everything at the desk."""
    note_licence_search(by=desk.by, hall=desk.hall, words=words)
