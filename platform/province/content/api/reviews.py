from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.content.operations.reviews import RETURN_REASONS, pass_review, return_version
from province.content.queries.reviews import review_queue, version_at_desk
from province.content.schemas.manuscripts import QueuedVersionOut, ReviewIn, VersionOut
from province.rights.actors import Actor

router = Router(tags=["reviews"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


@router.get("", response=Page[QueuedVersionOut])
def list_waiting(request: HttpRequest, page: PageParameters, *, is_urgent: bool | None = None) -> dict[str, object]:
    """The versions that wait for a review at your desks, the oldest first."""
    return page_of(review_queue(_actor(request), is_urgent=is_urgent), page)


@router.get("/reasons", response=list[str])
def list_reasons(request: HttpRequest) -> tuple[str, ...]:  # noqa: ARG001 - ninja hands every endpoint its request
    """Ready-made reasons for a return."""
    return RETURN_REASONS


@router.post("/{uuid:version_id}/pass", response=VersionOut)
@idempotent
def give_review(request: HttpRequest, version_id: UUID, data: ReviewIn) -> tuple[int, VersionOut]:
    """Pass the version on to the next review; the last of the three approves it."""
    by = _actor(request)
    pass_review(by=by, version=version_at_desk(by, version_id), step=data.step, reason=data.reason)
    return 200, VersionOut.from_orm(version_at_desk(by, version_id))


@router.post("/{uuid:version_id}/return", response=VersionOut)
@idempotent
def send_back(request: HttpRequest, version_id: UUID, data: ReviewIn) -> tuple[int, VersionOut]:
    """Send the version back to its authors; a reason is required."""
    by = _actor(request)
    return_version(by=by, version=version_at_desk(by, version_id), step=data.step, reason=data.reason)
    return 200, VersionOut.from_orm(version_at_desk(by, version_id))
