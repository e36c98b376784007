"""Elements that the province adds to the definition (扩展要素)."""

from typing import Any, cast

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from province.catalogue.models import ExtraElement
from province.catalogue.operations.extra_elements import define_element, end_element, revise_element
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.element_drafts import ElementWords, drafted_element
from province.catalogue.queries.extra_elements import ElementEffects, effects_of, extra_elements, revisions_of
from province.catalogue.schemas.extra_elements import (
    ElementEffectsOut,
    ElementEndIn,
    ElementRevisionIn,
    ElementWordsIn,
    ExtraElementIn,
    ExtraElementOut,
)
from province.rights.actors import Actor

router = Router(tags=["catalogue"])

_WORDS = tuple(name for name in ElementWordsIn.model_fields if name != "condition")


def _actor(request: HttpRequest) -> Actor:
    actor = cast("Actor", request.auth)  # type: ignore[attr-defined]
    check_reader(actor)
    return actor


@router.get("/extra-elements", response=list[ExtraElementOut])
def list_elements(request: HttpRequest) -> list[ExtraElement]:
    """List the newest revision of each, also of those that have ended."""
    _actor(request)
    return extra_elements()


@router.post("/extra-elements/preview", response=ElementEffectsOut)
def preview(request: HttpRequest, data: ExtraElementIn) -> ElementEffects:
    """Say what a new element would make incomplete; changes nothing."""
    _actor(request)
    return effects_of(drafted_element(words=_words(data), kind=data.kind, filler=data.filler, name=data.name))


@router.post("/extra-elements", response={201: ExtraElementOut})
@idempotent
def define(request: HttpRequest, data: ExtraElementIn) -> tuple[int, ExtraElementOut]:
    """Add an element to the definition, from its first day on."""
    made = define_element(
        by=_actor(request),
        words=_words(data),
        **data.model_dump(include={"kind", "filler", "office_code", "name", "accepts"}),
    )
    return 201, ExtraElementOut.from_orm(made)


@router.get("/extra-elements/{name}", response=list[ExtraElementOut])
def list_revisions(request: HttpRequest, name: str) -> list[ExtraElement]:
    """List all revisions of one, the newest first."""
    _actor(request)
    return revisions_of(name)


@router.post("/extra-elements/{name}/preview", response=ElementEffectsOut)
def preview_revision(request: HttpRequest, name: str, data: ElementWordsIn) -> ElementEffects:
    """Say what a change would make incomplete; changes nothing."""
    _actor(request)
    before = revisions_of(name)[0]
    return effects_of(drafted_element(words=_words(data), kind=before.kind, filler=before.filler, before=before))


@router.post("/extra-elements/{name}/revisions", response={201: ExtraElementOut})
@idempotent
def revise(request: HttpRequest, name: str, data: ElementRevisionIn) -> tuple[int, ExtraElementOut]:
    """Change what is said of an element, from a day on. 409 where somebody else has changed or ended it since."""
    made = revise_element(by=_actor(request), name=name, stamp=data.stamp, words=_words(data), accepts=data.accepts)
    return 201, ExtraElementOut.from_orm(made)


@router.post("/extra-elements/{name}/end", response=ExtraElementOut)
@idempotent
def end(request: HttpRequest, name: str, data: ElementEndIn) -> tuple[int, ExtraElementOut]:
    """Ask for the element no longer, from a day on; older versions keep what it says. 409 as for a change."""
    ended = end_element(by=_actor(request), name=name, stamp=data.stamp, ends_on=data.ends_on)
    return 200, ExtraElementOut.from_orm(ended)


def _words(data: ElementWordsIn) -> ElementWords:
    given: dict[str, Any] = {name: getattr(data, name) for name in _WORDS}
    condition = (data.condition.element, data.condition.value) if data.condition else None
    return ElementWords(**given, condition=condition)
