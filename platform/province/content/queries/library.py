from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform

from foundation.errors import NotFound
from foundation.files.models import StoredFile
from foundation.html import replace_media
from foundation.texts import TEXT_FIELDS
from foundation.tokenizing import query_words
from province.content.models import Asset, LibraryOffer
from province.content.queries.desks import desk_name
from province.content.states import OfferState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import has_anywhere, require_anywhere


def reads_library(by: Actor) -> bool:
    """The library is open to everybody who reads manuscripts at any desk or hall."""
    return has_anywhere(by, "content.read")


def check_library_reader(by: Actor) -> None:
    """Raises NotAllowed."""
    require_anywhere(by, "content.read")


def library_offers(search: str = "", state: str = "", *, hall_id: UUID | None = None) -> QuerySet[LibraryOffer]:
    """The shared library, the latest first. Who may read it: ``check_library_reader``.

    Annotated with ``hall_name`` (the origin) and ``use_count``.
    """
    hall = Hall.objects.filter(pk=OuterRef("hall_id"))
    rows = LibraryOffer.objects.annotate(
        hall_name=Subquery(hall.values("name")[:1]), use_count=Count("uses", distinct=True)
    )
    if state:
        rows = rows.filter(state=state) if state in OfferState else rows.none()
    if hall_id:
        rows = rows.filter(hall_id=hall_id)
    for word in query_words(search):
        rows = rows.annotate(words=SearchVector("search_words", config="simple")).filter(
            words=SearchQuery(word, config="simple")
        )
    return rows.order_by("-created_at", "-id")


def library_offer(offer_id: UUID) -> LibraryOffer:
    """Annotated as in ``library_offers``. Raises NotFound."""
    offer = library_offers().filter(pk=offer_id).first()
    if offer is None:
        raise NotFound("云稿库中没有这篇稿件。")
    return offer


def texts_of_offer(offer: LibraryOffer, new_ids: Mapping[str, UUID]) -> dict[str, Any]:
    """What an offer says, for who makes a text of their own of it. ``new_ids``: by the id of each of its files, that of
    the copy. Where the offer names no source, the hall that offered it is the source."""
    texts = {name: getattr(offer, name) for name in TEXT_FIELDS}
    hall = None if offer.source else Hall.objects.filter(pk=offer.hall_id).first()
    source = hall.name if hall else offer.source
    return {**texts, "body": replace_media(offer.body, new_ids), "source": source}


def offered_file(by: Actor, file_id: UUID) -> StoredFile | None:
    """A hall's file that an offer shows, for an actor who may read the library, or None."""
    if not reads_library(by):
        return None
    offers = LibraryOffer.objects.filter(files__has_key=str(file_id))
    facts = offers.values_list(KeyTransform(str(file_id), "files"), flat=True).first()
    return Asset(**facts) if facts else None


@dataclass(frozen=True, slots=True)
class OfferUse:
    """Who used an offer: a desk, which made a manuscript of it, or a hall, which made an article."""

    used_at: datetime
    user: str
    used_by_name: str
    manuscript_id: UUID | None
    article_id: UUID | None


def uses_of(offer: LibraryOffer) -> list[OfferUse]:
    """Every use of the offer, the first one first."""
    uses = list(offer.uses.select_related("manuscript").order_by("created_at", "id"))
    names = dict(Hall.objects.filter(pk__in=[use.hall_id for use in uses if use.hall_id]).values_list("pk", "name"))
    return [
        OfferUse(
            use.created_at,
            desk_name(use.manuscript.desk_prefix) if use.manuscript else names.get(use.hall_id or offer.hall_id, ""),
            use.used_by_name,
            use.manuscript_id,
            use.article_id,
        )
        for use in uses
    ]
