"""What a closed case holds, moved into its list of contents, and out of it again. The caller holds the case."""

from datetime import date

from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.casework.models import ArchiveSheet, Case, CaseAct, CaseMaterial, held_of
from tenants.casework.operations.rows import note_act
from tenants.casework.queries.archive import digest_of_contents, other_archive_lines


def make_sheet(by: Actor, hall: Hall, case: Case, kept_until: date) -> ArchiveSheet:
    """List the contents, note that it was done, and move acts, materials and decisions into the list's
    row."""
    made = ArchiveSheet(case=case, other_contents=other_archive_lines(hall, case), kept_until=kept_until)
    acts, materials = list(case.acts.order_by("pk")), list(case.materials.order_by("position"))
    decisions = list(case.decisions.select_related("delivery").order_by("number"))
    made.held, made.handler_ids = held_of(acts, materials, decisions)
    made.digest = digest_of_contents(made.contents)
    acts.append(note_act(by, hall, case, "archive", changes={"digest": [None, made.digest]}))
    # with the act of archiving
    made.held, made.handler_ids = held_of(acts, materials, decisions)
    made.save(force_insert=True)
    case.acts.all().delete()
    case.materials.all().delete()
    case.decisions.all().delete()
    return made


def open_sheet(case: Case) -> None:
    """Make rows of them again, and forget the list: the case goes on, and is closed anew when it has ended. Nothing
    where it was never closed. A decided case never goes on: there is no decision in it."""
    sheet = ArchiveSheet.objects.filter(case=case).first()
    if sheet is None:
        return
    CaseAct.objects.bulk_create(sheet.acts)
    CaseMaterial.objects.bulk_create(sheet.materials)
    sheet.delete()
