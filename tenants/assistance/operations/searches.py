"""Who finds what was taken in for people by whose it is leaves an entry."""

from django.db import transaction

from province.citizens.operations.searches import note_people_search
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.assistance.queries.access import require_assistant
from tenants.assistance.queries.assistances import assistances_of_people
from tenants.shell.slots import Desk


@transaction.atomic
def note_assistance_search(*, by: Actor, hall: Hall, words: str) -> None:
    """Note that 代办 were looked for by the name or the number of who they are for, where that finds some; words of an
    item and ends of numbers are nobody's own. Raises NotAllowed for who does nothing for others here."""
    require_assistant(by, hall)
    if number := assistances_of_people(hall, words).count():
        note_people_search(by=by, hall_id=hall.pk, things="代办", words=words, number=number)


def note_desk_search(desk: Desk, words: str) -> None:
    """As ``note_assistance_search``, of the search over everything at the desk."""
    note_assistance_search(by=desk.by, hall=desk.hall, words=words)
