from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.catalogue.operations import (
    begin_item,
    propose_pause,
    resume_item,
    save_draft,
    submit_version,
)
from province.catalogue.queries.checks import check_item
from province.catalogue.queries.code_changes import CodePreview, code_preview
from province.catalogue.queries.codes import CodeAnswer, CodeLine, code_answer, code_lines
from province.catalogue.queries.departments import department_named
from province.catalogue.queries.desks import item_at_desk, require_over, sees_draft, version_at_desk
from province.catalogue.queries.differences import ElementDifference, difference
from province.catalogue.queries.handling import WayLine, way_lines
from province.catalogue.queries.items import compared, item_in_table, item_table, versions_of
from province.catalogue.queries.uses import uses_of
from province.catalogue.schemas.items import (
    AbolishIn,
    AnswersIn,
    CodeAnswerOut,
    CodeLineOut,
    CodePreviewOut,
    DifferenceQuery,
    ElementDifferenceOut,
    ItemDraftIn,
    ItemIn,
    ItemLineOut,
    ItemOut,
    ItemSuspensionIn,
    ItemUseOut,
    ItemVersionOut,
    PauseRequestOut,
    ReviewedOut,
    WayOut,
)
from province.catalogue.slots import Use
from province.catalogue.states import ItemLife
from province.console.access import require_fresh
from province.rights.actors import Actor

router = Router(tags=["items"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


def _answer(by: Actor, item_id: UUID) -> ItemOut:
    """The item as it is now; with its draft only for those who may see it."""
    item = item_in_table(by, item_id)
    answer = ItemOut.from_orm(item)
    if not sees_draft(by, item):
        return answer.model_copy(update={"values": {}})
    found = check_item(family=item.drafted_family, item_type=item.drafted_type, values=item.values)
    return answer.model_copy(update={"contradictions": [one.message for one in found.contradictions]})


@router.get("", response=Page[ItemLineOut])
def list_items(
    request: HttpRequest,
    page: PageParameters,
    family: str = "",
    item_type: str = "",
    department: str = "",
    state: str = "",
    step: str = "",
    words: str = "",
) -> dict[str, object]:
    """List what is published, and what is under way in your departments, in the order in which it was made.
    ``words``: also without Chinese letters (spjyxk)."""
    rows = item_table(
        _actor(request),
        family=family,
        item_type=item_type,
        department=department,
        state=state,
        step=step,
        words=words,
    )
    return page_of(rows, page)


@router.post("", response={201: ItemOut})
@idempotent
def begin(request: HttpRequest, data: ItemIn) -> tuple[int, ItemOut]:
    """Begin a draft."""
    by = _actor(request)
    made = begin_item(
        by=by,
        family=data.family,
        item_type=data.item_type,
        department=department_named(data.department),
        values=data.values,
    )
    return 201, _answer(by, made.id)


@router.get("/{uuid:item_id}", response=ItemOut)
def show_item(request: HttpRequest, item_id: UUID) -> ItemOut:
    return _answer(_actor(request), item_id)


@router.patch("/{uuid:item_id}", response=ItemOut)
@idempotent
def save(request: HttpRequest, item_id: UUID, data: ItemDraftIn) -> tuple[int, ItemOut]:
    """Save the draft. 422 with a fault for every wrong place, 409 where somebody else has saved since."""
    by = _actor(request)
    save_draft(by=by, item=item_at_desk(by, item_id), revision=data.revision, values=data.values)
    return 200, _answer(by, item_id)


@router.post("/{uuid:item_id}/submit", response={201: ItemVersionOut})
@idempotent
def submit(request: HttpRequest, item_id: UUID, data: AnswersIn | None = None) -> tuple[int, ItemVersionOut]:
    """Freeze the draft as the next version, on which the offices decide. 422 where a reason of the last return has no
    answer."""
    by = _actor(request)
    made = submit_version(by=by, item=item_at_desk(by, item_id), answers=data.answers if data else None)
    return 201, ItemVersionOut.from_orm(version_at_desk(by, made.id))


@router.get("/{uuid:item_id}/versions", response=Page[ReviewedOut])
def list_versions(request: HttpRequest, item_id: UUID, page: PageParameters) -> dict[str, object]:
    by = _actor(request)
    return page_of(versions_of(by, item_at_desk(by, item_id)), page)


@router.get("/{uuid:item_id}/difference", response=list[ElementDifferenceOut])
def show_difference(request: HttpRequest, item_id: UUID, asked: Query[DifferenceQuery]) -> list[ElementDifference]:
    """Compare two versions by their numbers, element by element; 0 is the draft."""
    by = _actor(request)
    return difference(*compared(by, item_at_desk(by, item_id), asked.before, asked.after))


@router.get("/{uuid:item_id}/ways", response=list[WayOut])
def list_ways(request: HttpRequest, item_id: UUID) -> list[WayLine]:
    """List every way through the draft: its 业务办理项 and the answers to its questions (情形), with what each comes
    to. Empty for who may not see the draft."""
    by = _actor(request)
    item = item_at_desk(by, item_id)
    return way_lines({**item.values, "item_type": item.drafted_type}) if sees_draft(by, item) else []


@router.get("/by-code/{basic_code}", response=CodeAnswerOut)
def show_by_code(request: HttpRequest, basic_code: str) -> CodeAnswer:
    """Find the item that answers to a 基本编码, or to the 实施编码 of any hall that ends in it: also one that the item
    bore before, or that another item bore which it has succeeded. 404 for a code that no item has ever had."""
    return code_answer(_actor(request), basic_code)


@router.get("/{uuid:item_id}/codes", response=list[CodeLineOut])
def list_codes(request: HttpRequest, item_id: UUID) -> list[CodeLine]:
    """List every code that leads to the item: its own, former ones, and those that are to come."""
    return code_lines(item_at_desk(_actor(request), item_id))


@router.get("/{uuid:item_id}/code-preview", response=CodePreviewOut)
def preview_code(request: HttpRequest, item_id: UUID, basic_code: str) -> CodePreview:
    """Say what another 基本编码 would touch; nothing is written. To take it, save it into the draft and submit that."""
    by = _actor(request)
    item = item_at_desk(by, item_id)
    require_over(by, "catalogue.write", item)
    return code_preview(item, basic_code)


@router.get("/{uuid:item_id}/uses", response=list[ItemUseOut])
def list_uses(request: HttpRequest, item_id: UUID) -> list[Use]:
    """List what halls do with the item: what a publication or an abolition touches."""
    return uses_of(item_at_desk(_actor(request), item_id))


@router.post("/{uuid:item_id}/suspend", response={201: PauseRequestOut})
@idempotent
def suspend(request: HttpRequest, item_id: UUID, data: ItemSuspensionIn) -> tuple[int, PauseRequestOut]:
    """Ask that the item be suspended: somebody else confirms it, and no hall shows it until it is resumed. An urgent
    suspension begins at once, and ends by itself unless it is confirmed within a day."""
    require_fresh(request)
    by = _actor(request)
    item = item_at_desk(by, item_id)
    made = propose_pause(by=by, item=item, kind=ItemLife.SUSPENDED, reason=data.reason, is_urgent=data.is_urgent)
    return 201, PauseRequestOut.from_orm(made)


@router.post("/{uuid:item_id}/resume", response=ItemOut)
@idempotent
def resume(request: HttpRequest, item_id: UUID) -> tuple[int, ItemOut]:
    """Undo a suspension or an abolition."""
    by = _actor(request)
    resume_item(by=by, item=item_at_desk(by, item_id))
    return 200, _answer(by, item_id)


@router.post("/{uuid:item_id}/abolish", response={201: PauseRequestOut})
@idempotent
def abolish(request: HttpRequest, item_id: UUID, data: AbolishIn) -> tuple[int, PauseRequestOut]:
    """Ask that the item be abolished: somebody else confirms it, and no hall shows it any more. 409, saying which,
    where halls use it and ``knows_uses`` is not set."""
    require_fresh(request)
    by = _actor(request)
    item = item_at_desk(by, item_id)
    made = propose_pause(by=by, item=item, kind=ItemLife.ABOLISHED, reason=data.reason, knows_uses=data.knows_uses)
    return 201, PauseRequestOut.from_orm(made)
