from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.editing.comparing import VersionDifference, difference_of
from foundation.editing.schemas import DifferenceOut, SavedTextIn
from province.content.models import Manuscript, ManuscriptVersion
from province.content.operations.imports import import_manuscript
from province.content.operations.manuscripts import (
    ManuscriptTexts,
    create_manuscript,
    lock_manuscript,
    save_draft,
    submit_manuscript,
    unlock_manuscript,
)
from province.content.queries.assets import asset_at_desk
from province.content.queries.desks import ContentDesk, desks_of
from province.content.queries.manuscripts import (
    manuscript_at_desk,
    manuscript_history,
    manuscripts_at_desk,
    versions_of,
)
from province.content.queries.pushes import HistoryLine
from province.content.queries.reviews import version_at_desk
from province.content.schemas.manuscripts import (
    DeskOut,
    HistoryLineOut,
    ImportIn,
    ManuscriptIn,
    ManuscriptLineOut,
    ManuscriptOut,
    SubmitIn,
    VersionLineOut,
    VersionOut,
)
from province.content.states import DeskState
from province.rights.actors import Actor

router = Router(tags=["manuscripts"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


def _answer(by: Actor, manuscript: Manuscript) -> ManuscriptOut:
    """As it stands now, with what lists show of it."""
    return ManuscriptOut.from_orm(manuscript_at_desk(by, manuscript.id))


def _texts(by: Actor, data: ManuscriptIn | SavedTextIn) -> ManuscriptTexts:
    """The fields that were sent, and no others."""
    sent = data.model_dump(exclude_unset=True, exclude={"desk_prefix", "revision", "cover_id"})
    if "cover_id" in data.model_fields_set:
        sent["cover"] = asset_at_desk(by, data.cover_id) if data.cover_id else None
    return cast("ManuscriptTexts", sent)


@router.get("/desks", response=list[DeskOut])
def list_desks(request: HttpRequest) -> list[ContentDesk]:
    """The desks for which you write."""
    return desks_of(_actor(request))


@router.get("", response=Page[ManuscriptLineOut])
def list_manuscripts(
    request: HttpRequest,
    page: PageParameters,
    state: DeskState | None = None,
    search: str = "",
    desk_prefix: str = "",
) -> dict[str, object]:
    """The manuscripts of your desks, in the order in which they were made."""
    rows = manuscripts_at_desk(_actor(request), state=state or "", search=search, desk_prefix=desk_prefix)
    return page_of(rows, page)


@router.post("", response={201: ManuscriptOut})
@idempotent
def make_manuscript(request: HttpRequest, data: ManuscriptIn) -> tuple[int, ManuscriptOut]:
    """A new draft."""
    by = _actor(request)
    made = create_manuscript(by=by, desk_prefix=data.desk_prefix, **_texts(by, data))
    return 201, _answer(by, made)


@router.post("/import", response={201: ManuscriptOut})
@idempotent
def import_file(request: HttpRequest, data: ImportIn) -> tuple[int, ManuscriptOut]:
    """A new draft from a Markdown or HTML file."""
    by = _actor(request)
    made = import_manuscript(by=by, desk_prefix=data.desk_prefix, name=data.name, text=data.text)
    return 201, _answer(by, made)


@router.get("/{uuid:manuscript_id}", response=ManuscriptOut)
def show_manuscript(request: HttpRequest, manuscript_id: UUID) -> Manuscript:
    return manuscript_at_desk(_actor(request), manuscript_id)


@router.patch("/{uuid:manuscript_id}", response=ManuscriptOut)
@idempotent
def save_manuscript(request: HttpRequest, manuscript_id: UUID, data: SavedTextIn) -> tuple[int, ManuscriptOut]:
    """Save the draft (as autosave does) and hold its lock on for five minutes. 409 where somebody else was quicker."""
    by = _actor(request)
    found = manuscript_at_desk(by, manuscript_id)
    saved = save_draft(by=by, manuscript=found, revision=data.revision, **_texts(by, data))
    return 200, _answer(by, saved)


@router.put("/{uuid:manuscript_id}/lock", response=ManuscriptOut)
@idempotent
def take_lock(request: HttpRequest, manuscript_id: UUID) -> tuple[int, ManuscriptOut]:
    """Keep other editors out for five minutes, or for five more. 409, naming the holder, where one has it."""
    by = _actor(request)
    return 200, _answer(by, lock_manuscript(by=by, manuscript=manuscript_at_desk(by, manuscript_id)))


@router.delete("/{uuid:manuscript_id}/lock", response=ManuscriptOut)
@idempotent
def give_lock_back(request: HttpRequest, manuscript_id: UUID) -> tuple[int, ManuscriptOut]:
    """Give your own lock back; somebody else's is left alone."""
    by = _actor(request)
    return 200, _answer(by, unlock_manuscript(by=by, manuscript=manuscript_at_desk(by, manuscript_id)))


@router.get("/{uuid:manuscript_id}/history", response=list[HistoryLineOut])
def show_history(request: HttpRequest, manuscript_id: UUID) -> list[HistoryLine]:
    """Who did what to it, the first act first."""
    return manuscript_history(manuscript_at_desk(_actor(request), manuscript_id))


@router.get("/{uuid:manuscript_id}/versions", response=Page[VersionLineOut])
def list_versions(request: HttpRequest, manuscript_id: UUID, page: PageParameters) -> dict[str, object]:
    rows: QuerySet[ManuscriptVersion] = versions_of(manuscript_at_desk(_actor(request), manuscript_id))
    return page_of(rows, page)


@router.post("/{uuid:manuscript_id}/versions", response={201: VersionOut})
@idempotent
def submit_version(request: HttpRequest, manuscript_id: UUID, data: SubmitIn) -> tuple[int, VersionOut]:
    """Freeze the draft as the next version and send it to review. An urgent one stands first in the queue."""
    by = _actor(request)
    found = manuscript_at_desk(by, manuscript_id)
    version = submit_manuscript(by=by, manuscript=found, is_urgent=data.is_urgent)
    return 201, VersionOut.from_orm(version)


@router.get("/versions/{uuid:version_id}", response=VersionOut)
def show_version(request: HttpRequest, version_id: UUID) -> ManuscriptVersion:
    return version_at_desk(_actor(request), version_id)


@router.get("/versions/{uuid:version_id}/difference", response=DifferenceOut)
def show_difference(request: HttpRequest, version_id: UUID, since: UUID) -> VersionDifference:
    """What changed in this version since another one (of the same manuscript or of any you may read)."""
    by = _actor(request)
    return difference_of(version_at_desk(by, since), version_at_desk(by, version_id))
