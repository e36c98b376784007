from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.errors import NotFound
from province.console.access import require_fresh
from province.content.models import Push, PushProof
from province.content.operations.proofs import start_proof
from province.content.operations.pushes import (
    push_version,
    replace_version,
    restore_push,
    resume_push,
    stop_push,
    withdraw_push,
)
from province.content.queries.audiences import AudiencePreview, audience_of_codes, audience_preview
from province.content.queries.pushes import (
    HistoryLine,
    ProofLine,
    ProofSummary,
    is_shown_everywhere,
    latest_proof,
    proof_summary,
    push_at_desk,
    push_history,
    pushes_at_desk,
)
from province.content.queries.reviews import version_at_desk
from province.content.schemas.pushes import (
    PreviewIn,
    PreviewOut,
    ProofLineOut,
    ProofOut,
    PushHistoryLineOut,
    PushIn,
    PushOut,
    ReplaceIn,
    WithdrawIn,
)
from province.content.states import PushState
from province.rights.actors import Actor

router = Router(tags=["pushes"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


@router.post("/preview", response=PreviewOut)
def preview_push(request: HttpRequest, data: PreviewIn) -> AudiencePreview:
    """Which halls would show it, and why others would not; nothing is done."""
    version = version_at_desk(_actor(request), data.version_id)
    audience = audience_of_codes(data.to, data.excluded, data.kinds)
    return audience_preview(audience, manuscript_id=version.manuscript_id, mode=data.mode, column=data.column)


@router.post("", response={201: PushOut})
@idempotent
def push(request: HttpRequest, data: PushIn) -> tuple[int, PushOut]:
    """Push an approved version, now or at ``starts_at``."""
    made = push_version(
        by=_actor(request),
        version=version_at_desk(_actor(request), data.version_id),
        audience=audience_of_codes(data.to, data.excluded, data.kinds),
        **data.dict(include={"column", "mode", "is_pinned", "is_urgent", "sends_message", "starts_at", "expires_at"}),
    )
    return 201, PushOut.from_orm(made)


@router.get("", response=Page[PushOut])
def list_pushes(
    request: HttpRequest, page: PageParameters, state: PushState | None = None, search: str = ""
) -> dict[str, object]:
    pushes: QuerySet[Push] = pushes_at_desk(_actor(request), state=state or "", search=search)
    return page_of(pushes, page)


@router.get("/{uuid:push_id}", response=PushOut)
def get_push(request: HttpRequest, push_id: UUID) -> Push:
    return push_at_desk(_actor(request), push_id)


@router.get("/{uuid:push_id}/history", response=list[PushHistoryLineOut])
def get_history(request: HttpRequest, push_id: UUID) -> list[HistoryLine]:
    """Everything that desks and the clock did to it, oldest first."""
    return push_history(push_at_desk(_actor(request), push_id))


@router.post("/{uuid:push_id}/replace", response=PushOut)
@idempotent
def replace(request: HttpRequest, push_id: UUID, data: ReplaceIn) -> tuple[int, PushOut]:
    """Put another approved version of the same manuscript in its place."""
    by = _actor(request)
    changed = replace_version(by=by, push=push_at_desk(by, push_id), version=version_at_desk(by, data.version_id))
    return 200, PushOut.from_orm(changed)


@router.post("/{uuid:push_id}/withdraw", response=PushOut)
@idempotent
def withdraw(request: HttpRequest, push_id: UUID, data: WithdrawIn) -> tuple[int, PushOut]:
    """Take the push off every site at once, in one of five ways."""
    by = _actor(request)
    push = push_at_desk(by, push_id)
    if is_shown_everywhere(push):
        require_fresh(request)
    changed = withdraw_push(
        by=by,
        push=push,
        kind=data.kind,
        reason=data.reason,
        redirect_url=data.redirect_url,
        substitute=version_at_desk(by, data.substitute_id) if data.substitute_id else None,
    )
    return 200, PushOut.from_orm(changed)


@router.post("/{uuid:push_id}/restore", response=PushOut)
@idempotent
def restore(request: HttpRequest, push_id: UUID) -> tuple[int, PushOut]:
    """Undo a withdrawal."""
    by = _actor(request)
    return 200, PushOut.from_orm(restore_push(by=by, push=push_at_desk(by, push_id)))


@router.post("/{uuid:push_id}/stop", response=PushOut)
@idempotent
def stop(request: HttpRequest, push_id: UUID) -> tuple[int, PushOut]:
    """Keep a scheduled push from beginning."""
    by = _actor(request)
    return 200, PushOut.from_orm(stop_push(by=by, push=push_at_desk(by, push_id)))


@router.post("/{uuid:push_id}/resume", response=PushOut)
@idempotent
def resume(request: HttpRequest, push_id: UUID) -> tuple[int, PushOut]:
    """Undo a stop."""
    by = _actor(request)
    return 200, PushOut.from_orm(resume_push(by=by, push=push_at_desk(by, push_id)))


@router.post("/{uuid:push_id}/proof", response={202: ProofOut})
@idempotent
def prove(request: HttpRequest, push_id: UUID) -> tuple[int, ProofOut]:
    """Look at the page on every hall's site once more; ask for the proof to see how far it is."""
    by = _actor(request)
    proof = start_proof(by=by, push=push_at_desk(by, push_id))
    return 202, ProofOut.from_orm(proof_summary(proof))


@router.get("/{uuid:push_id}/proof", response=ProofOut)
def get_proof(request: HttpRequest, push_id: UUID) -> ProofSummary:
    """The latest proof: counts, progress per county, exceptions."""
    return proof_summary(_latest(request, push_id))


@router.get("/{uuid:push_id}/proof/halls", response=Page[ProofLineOut])
def list_proof_halls(request: HttpRequest, push_id: UUID, page: PageParameters) -> dict[str, object]:
    """What was seen on each hall's site, by division code; the cursor is the last code of the page before."""
    lines: list[ProofLine] = [one for one in proof_summary(_latest(request, push_id)).lines if one.code > page.cursor]
    has_more = len(lines) > page.limit
    return {"items": lines[: page.limit], "next_cursor": lines[page.limit - 1].code if has_more else ""}


def _latest(request: HttpRequest, push_id: UUID) -> PushProof:
    proof = latest_proof(push_at_desk(_actor(request), push_id))
    if proof is None:
        raise NotFound("这次推稿还没有核验。")
    return proof
