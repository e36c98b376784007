from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.catalogue.models import ItemVersion
from province.catalogue.operations import (
    pass_review,
    publish_version,
    recall_version,
    return_version,
    withdraw_version,
)
from province.catalogue.queries.desks import check_reader, version_at_desk
from province.catalogue.queries.materials import materials_of
from province.catalogue.queries.reviews import answered_reasons, office_with_code, review_queue
from province.catalogue.queries.uses import touches_of
from province.catalogue.schemas.items import (
    AnsweredReasonOut,
    ItemReviewIn,
    ItemUseOut,
    ItemVersionOut,
    PublishIn,
    ReviewedOut,
)
from province.catalogue.slots import Use
from province.rights.actors import Actor

router = Router(tags=["item versions"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


def _answer(by: Actor, version: ItemVersion) -> ItemVersionOut:
    return _shown(version_at_desk(by, version.pk))


def _shown(version: ItemVersion) -> ItemVersionOut:
    answered = [
        AnsweredReasonOut(
            review_id=one.review.pk, office=one.review.office.code, reason=one.review.reason, answer=one.answer
        )
        for one in answered_reasons(version)
    ]
    return ItemVersionOut.from_orm(version).model_copy(update={"answered": answered})


@router.get("/waiting", response=Page[ReviewedOut])
def list_waiting(request: HttpRequest, page: PageParameters) -> dict[str, object]:
    """List what waits for a decision of your offices, the oldest first."""
    by = _actor(request)
    check_reader(by)
    return page_of(review_queue(by), page)


@router.get("/{uuid:version_id}", response=ItemVersionOut)
def show_version(request: HttpRequest, version_id: UUID) -> ItemVersionOut:
    return _shown(version_at_desk(_actor(request), version_id))


@router.get("/{uuid:version_id}/materials", response=list[dict[str, object]])
def list_materials(request: HttpRequest, version_id: UUID) -> list[dict[str, object]]:
    """List the version's materials; where it is silent, with what the shared material brings along today."""
    return materials_of(version_at_desk(_actor(request), version_id))


@router.get("/{uuid:version_id}/touches", response=list[ItemUseOut])
def list_touches(request: HttpRequest, version_id: UUID) -> list[Use]:
    """List what the version's publication touches."""
    return touches_of(version_at_desk(_actor(request), version_id))


@router.post("/{uuid:version_id}/pass", response=ItemVersionOut)
@idempotent
def agree(request: HttpRequest, version_id: UUID, data: ItemReviewIn) -> tuple[int, ItemVersionOut]:
    """Agree for an office; the agreement of the last one approves the version."""
    by = _actor(request)
    version, office = version_at_desk(by, version_id), office_with_code(data.office)
    return 200, _answer(by, pass_review(by=by, version=version, office=office, reason=data.reason))


@router.post("/{uuid:version_id}/return", response=ItemVersionOut)
@idempotent
def send_back(request: HttpRequest, version_id: UUID, data: ItemReviewIn) -> tuple[int, ItemVersionOut]:
    """Send the version back for an office; a reason is required."""
    by = _actor(request)
    version, office = version_at_desk(by, version_id), office_with_code(data.office)
    return 200, _answer(by, return_version(by=by, version=version, office=office, reason=data.reason))


@router.post("/{uuid:version_id}/recall", response=ItemVersionOut)
@idempotent
def recall(request: HttpRequest, version_id: UUID) -> tuple[int, ItemVersionOut]:
    """Take the version back while offices still decide on it."""
    by = _actor(request)
    return 200, _answer(by, recall_version(by=by, version=version_at_desk(by, version_id)))


@router.post("/{uuid:version_id}/publish", response=ItemVersionOut)
@idempotent
def publish(request: HttpRequest, version_id: UUID, data: PublishIn) -> tuple[int, ItemVersionOut]:
    """Publish the version: it is in force from then on, and halls that have adopted the item show it as they accept
    it."""
    by = _actor(request)
    version = version_at_desk(by, version_id)
    done = publish_version(by=by, version=version, valid_from=data.valid_from, required_from=data.required_from)
    return 200, _answer(by, done)


@router.post("/{uuid:version_id}/withdraw", response=ItemVersionOut)
@idempotent
def withdraw(request: HttpRequest, version_id: UUID) -> tuple[int, ItemVersionOut]:
    """Undo a publication whose day has not come."""
    by = _actor(request)
    return 200, _answer(by, withdraw_version(by=by, version=version_at_desk(by, version_id)))
