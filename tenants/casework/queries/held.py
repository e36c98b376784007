"""Acts, materials and decisions of cases, wherever they lie: rows of their own, pressed in the list of contents once
the case is closed, and after that rows again for what is still done with it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from tenants.casework.models import ArchiveSheet, Case, CaseAct, CaseDecision, CaseMaterial


def sheets_of(cases: Collection[Case]) -> dict[UUID, ArchiveSheet]:
    """The lists of contents of those that are closed, by the case's id: one query, none where all are open."""
    # an open case is never closed: who opens it again opens its list (``operations.sheets``)
    return ArchiveSheet.objects.in_bulk([one.pk for one in cases if not one.is_open])


def acts_of(cases: Collection[Case], sheets: Mapping[UUID, ArchiveSheet]) -> dict[UUID, list[CaseAct]]:
    """The acts of each in the order in which they were done: one query. ``sheets``: as of ``sheets_of``."""
    found = {one.pk: sheets[one.pk].acts if one.pk in sheets else [] for one in cases}
    for act in CaseAct.objects.filter(case__in=found).order_by("pk"):
        found[act.case_id].append(act)
    return found


def acts_of_case(case: Case) -> list[CaseAct]:
    return acts_of([case], sheets_of([case]))[case.pk]


def decisions_of_case(case: Case) -> list[CaseDecision]:
    return decisions_of([case], sheets_of([case]))[case.pk]


def materials_of_cases(cases: Collection[Case], sheets: Mapping[UUID, ArchiveSheet]) -> dict[UUID, list[CaseMaterial]]:
    """The materials of each in the order of their positions: one query. ``sheets``: as of ``sheets_of``."""
    found = {one.pk: sheets[one.pk].materials if one.pk in sheets else [] for one in cases}
    for material in CaseMaterial.objects.filter(case__in=found).order_by("position"):
        found[material.case_id].append(material)
    return found


def decisions_of(cases: Collection[Case], sheets: Mapping[UUID, ArchiveSheet]) -> dict[UUID, list[CaseDecision]]:
    """The decisions of each in their order, each with its ``delivery`` where it was served: one query. ``sheets``: as
    of ``sheets_of``."""
    found = {one.pk: sheets[one.pk].decisions if one.pk in sheets else [] for one in cases}
    for decision in CaseDecision.objects.filter(case__in=found).select_related("delivery").order_by("number"):
        found[decision.case_id].append(decision)
    return found
