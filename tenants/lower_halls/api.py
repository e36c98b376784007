"""What is handed down to the halls below, over HTTP."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.catalogue.models import Assignment
from province.catalogue.operations.assignments import end_assignment, retry_assignment
from province.catalogue.operations.guide_decisions import decide_guide_below
from province.catalogue.queries.assignments import (
    AssignmentProgress,
    assignments_of,
    failures_of,
    progress_by_assignment,
    progress_of,
)
from province.catalogue.queries.chosen_halls import HallBelow, find_halls_below
from province.catalogue.queries.submitted_guides import (
    submitted_guide_in_reach,
    submitted_guides_below,
    with_halls,
)
from province.rights.queries import require
from tenants.lower_halls.schemas import (
    AssignmentAskedIn,
    AssignmentFailureOut,
    AssignmentIn,
    AssignmentLineOut,
    AssignmentOut,
    AssignmentPreviewOut,
    AssignmentProgressOut,
    GuideBelowLineOut,
    GuideBelowOut,
    GuideDecisionIn,
    GuideDecisionOut,
    HallBelowOut,
    RetriedOut,
)
from tenants.services.operations.hand_down import hand_down_items
from tenants.services.queries.access import require_items_clerk
from tenants.services.queries.hand_down import assignment_here, preview_hand_down
from tenants.shell.layouts.desk import desk_of_caller

router = Router(tags=["lower halls"])


@router.get("/assignments", response=Page[AssignmentLineOut])
def list_assignments(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List what this hall handed down, and how far each has come."""
    desk = desk_of_caller(request, require_items_clerk)
    prefix = desk.hall.prefixes[-1]
    require(desk.by, "catalogue.assign", prefix=prefix)
    found = page_of(assignments_of(prefix), page)
    progress = progress_by_assignment(found["items"])
    return found | {"items": [AssignmentLineOut(**_facts(one, progress[one.pk])) for one in found["items"]]}


@router.post("/assignments", response={201: AssignmentOut})
@idempotent
def make_assignment(request: HttpRequest, data: AssignmentIn) -> tuple[int, AssignmentOut]:
    """Hand items down to every hall of these kinds below this one, or to chosen ones, with the hall's own guides to
    begin with. They adopt them in the background."""
    desk = desk_of_caller(request, require_items_clerk)
    return 201, _answer(hand_down_items(by=desk.by, hall=desk.hall, **data.model_dump()))


@router.post("/assignments/preview", response=AssignmentPreviewOut)
def preview_assignment(request: HttpRequest, data: AssignmentAskedIn) -> AssignmentPreviewOut:
    """Say what handing these items down would come to, and which do not fit the level of which halls. Nothing is
    changed."""
    desk = desk_of_caller(request, require_items_clerk)
    prefix = desk.hall.prefixes[-1]
    require(desk.by, "catalogue.assign", prefix=prefix)
    return AssignmentPreviewOut.from_orm(preview_hand_down(prefix, data.kinds, data.item_ids, data.hall_ids))


@router.get("/halls", response=list[HallBelowOut])
def find_halls(request: HttpRequest, words: str = "", area: str = "") -> list[HallBelow]:
    """Find halls below by a part of their name, its sound or their code, in the area of this division code: at most
    200."""
    desk = desk_of_caller(request, require_items_clerk)
    prefix = desk.hall.prefixes[-1]
    require(desk.by, "catalogue.assign", prefix=prefix)
    return find_halls_below(prefix, words=words, area=area)


@router.get("/assignments/{uuid:assignment_id}", response=AssignmentOut)
def show_assignment(request: HttpRequest, assignment_id: UUID) -> AssignmentOut:
    desk = desk_of_caller(request, require_items_clerk)
    return _answer(assignment_here(desk.by, desk.hall, assignment_id))


@router.post("/assignments/{uuid:assignment_id}/retry", response=RetriedOut)
@idempotent
def retry(request: HttpRequest, assignment_id: UUID) -> tuple[int, RetriedOut]:
    """Ask the halls that could not take it once more at once. 409 where it was ended."""
    desk = desk_of_caller(request, require_items_clerk)
    found = assignment_here(desk.by, desk.hall, assignment_id)
    return 200, RetriedOut(halls=retry_assignment(by=desk.by, assignment_id=found.pk))


@router.post("/assignments/{uuid:assignment_id}/end", response=AssignmentOut)
@idempotent
def end(request: HttpRequest, assignment_id: UUID) -> tuple[int, AssignmentOut]:
    """End it: halls that have not adopted the items yet no longer do. 409 where it was ended."""
    desk = desk_of_caller(request, require_items_clerk)
    found = assignment_here(desk.by, desk.hall, assignment_id)
    return 200, _answer(end_assignment(by=desk.by, assignment_id=found.pk))


def _answer(found: Assignment) -> AssignmentOut:
    failures = [AssignmentFailureOut.from_orm(one) for one in failures_of(found)]
    return AssignmentOut(**_facts(found, progress_of(found)), failures=failures)


def _facts(found: Assignment, progress: AssignmentProgress) -> dict[str, Any]:
    same = ("id", "kinds", "hall_ids", "item_ids", "publishes", "by_name", "created_at", "ended_at")
    return {name: getattr(found, name) for name in same} | {"progress": AssignmentProgressOut.from_orm(progress)}


@router.get("/guides", response=Page[GuideBelowLineOut])
def list_guides(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List which guides of the halls below wait for a decision, the oldest first."""
    desk = desk_of_caller(request, require_items_clerk)
    prefix = desk.hall.prefixes[-1]
    require(desk.by, "catalogue.review_below", prefix=prefix)
    found = page_of(submitted_guides_below(prefix).defer("values", "shown_values"), page)
    return found | {"items": [GuideBelowLineOut.of(one) for one in with_halls(found["items"])]}


@router.get("/guides/{uuid:submitted_id}", response=GuideBelowOut)
def show_guide(request: HttpRequest, submitted_id: UUID) -> GuideBelowOut:
    desk = desk_of_caller(request, require_items_clerk)
    (below,) = with_halls([submitted_guide_in_reach(desk.by, submitted_id)])
    line = GuideBelowLineOut.of(below)
    return GuideBelowOut(**line.model_dump(), values=below.guide.values, shown_values=below.guide.shown_values)


@router.post("/guides/{uuid:submitted_id}/decision", response={201: GuideDecisionOut})
@idempotent
def decide_guide(request: HttpRequest, submitted_id: UUID, data: GuideDecisionIn) -> tuple[int, GuideDecisionOut]:
    """Pass the guide, or return it with a reason; the hall carries that out within moments. 409 where another one has
    been submitted since, or somebody has decided."""
    desk = desk_of_caller(request, require_items_clerk)
    made = decide_guide_below(by=desk.by, submitted_id=submitted_id, **data.model_dump())
    return 201, GuideDecisionOut(id=made.pk, is_passed=made.is_passed, reason=made.reason)
