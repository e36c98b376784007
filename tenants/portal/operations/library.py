"""The hall's side of the shared library (云稿库): its own articles go up, others' come in as articles of its own."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.forms.models import model_to_dict

from foundation.errors import Conflict
from foundation.files.models import StoredFile
from foundation.files.store import copy_stored
from foundation.html import media_ids
from foundation.texts import TEXT_FIELDS
from province.content.models import LibraryOffer
from province.content.operations import library
from province.content.queries.library import texts_of_offer
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require_work_at
from tenants.portal.models import Article, HallAsset
from tenants.portal.operations.articles import create_article, locked_article
from tenants.portal.operations.assets import keep_asset
from tenants.portal.operations.figures import check_inside

_FILE_FIELDS = [field.name for field in StoredFile._meta.get_fields()]


@transaction.atomic
def offer_article(*, by: Actor, hall: Hall, article_id: UUID) -> LibraryOffer:
    """Offer the published text of an article to the desks above. Raises Conflict before it is published."""
    article = locked_article(by, hall, "portal.write", article_id)
    text = article.published
    if text is None:
        raise Conflict("文章还没有发布。请先发布，再报送云稿库。")
    files = {str(asset.pk): _facts_of(asset) for asset in HallAsset.objects.filter(pk__in=media_ids(text.body))}
    texts = {name: getattr(text, name) for name in TEXT_FIELDS}
    return library.offer_article(
        by=by, hall=hall, article_id=article.id, files=files, author_ids=text.author_ids, **texts
    )


@transaction.atomic
def pick_offer(*, by: Actor, hall: Hall, offer: LibraryOffer, column: str) -> Article:
    """Make a draft of the hall's own from the offer, with copies of its files; it remembers where it came from.

    Raises Conflict where this hall picked it already, or offered it itself.
    """
    check_inside(hall)
    require_work_at(by, "portal.write", hall_id=hall.id)
    if offer.hall_id == hall.id:
        raise Conflict("这篇稿件是本厅报送的，本厅已有原文。")
    # two editors who pick at once: the second waits here, then sees the first one's article
    LibraryOffer.objects.select_for_update().get(pk=offer.pk)
    if taken := Article.objects.filter(library_offer_id=offer.pk).first():
        message = f"本厅已选用过这篇稿件：“{taken.title}”。"
        raise Conflict(message)
    new_ids = {
        old_id: keep_asset(by, hall, copy_stored(facts, hall.folder), str(facts.get("alt", ""))).id
        for old_id, facts in offer.files.items()
    }
    article = create_article(by=by, hall=hall, column=column, **texts_of_offer(offer, new_ids))
    article.library_offer_id = offer.pk
    article.save(update_fields=["library_offer_id"])
    library.record_pick(by=by, offer=offer, hall=hall, article_id=article.id)
    return article


def _facts_of(asset: HallAsset) -> dict[str, Any]:
    return model_to_dict(asset, fields=_FILE_FIELDS)
