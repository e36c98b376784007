"""The shared library (云稿库): halls offer their own articles upward; desks take them, halls pick from them."""

from collections.abc import Collection, Sequence
from typing import Any, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction

from foundation.editing.reasons import LONGEST_SHORT_REASON, clean_reason
from foundation.errors import Conflict, Invalid, NotFound
from foundation.files.store import copy_stored
from foundation.html import text_of
from foundation.texts import SideTexts, Texts, clean_texts
from foundation.tokenizing import search_words
from province.audit.operations import record_act
from province.content.models import Asset, LibraryOffer, LibraryUse, Manuscript
from province.content.operations.assets import desk_folder, file_asset
from province.content.operations.manuscripts import create_manuscript
from province.content.queries.desks import check_desk, check_desk_reach
from province.content.queries.library import texts_of_offer
from province.content.states import OFFER_TRANSITIONS, OfferState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require, require_work_at


@transaction.atomic
def offer_article(
    *,
    by: Actor,
    hall: Hall,
    article_id: UUID,
    title: str,
    body: str,
    files: dict[str, dict[str, Any]] | None = None,
    author_ids: Sequence[UUID] = (),
    **texts: Unpack[SideTexts],
) -> LibraryOffer:
    """Offer a hall's article as it stands now. ``files``: for every ``/media/<id>`` of the body, by that id, the
    fields of its StoredFile. ``author_ids``: who wrote it, besides the person who offers it.

    Raises Conflict while an earlier offer of the same article waits.
    """
    require_work_at(by, "portal.write", hall_id=hall.id)
    cleaned = clean_texts(Texts(title=title, body=body, **texts))
    if not cleaned["title"] or not cleaned["body"]:
        raise Invalid("文章没有标题或正文，不能报送。")
    offer = LibraryOffer(
        hall_id=hall.id,
        article_id=article_id,
        offered_by_name=by.name,
        author_ids=list({*author_ids, *([by.id] if by.id else [])}),
        files=files or {},
        search_words=search_words(cleaned["title"], *cleaned.get("keywords", []), text_of(cleaned["body"])),
        **cleaned,
    )
    try:
        with transaction.atomic():
            offer.save()
    except IntegrityError as error:
        raise Conflict("这篇文章已报送云稿库，正等待选用，请勿重复报送。") from error
    _record(by, "content.offer_article", offer, hall_id=hall.id)
    return offer


@transaction.atomic
def take_offer(*, by: Actor, offer: LibraryOffer, desk_prefix: str) -> Manuscript:
    """Make a manuscript of it at this desk, with copies of its files; the hall stays named as its source.

    Raises Conflict where the desk has taken it already, and Unavailable where the store does not answer.
    """
    check_desk_reach(by, desk_prefix, "个编辑部")
    require_work_at(by, "content.write", prefix=desk_prefix)
    check_desk(desk_prefix)
    locked = _lock(offer)
    if taken := locked.uses.filter(manuscript__desk_prefix=desk_prefix).first():
        message = f"{taken.used_by_name}已为本编辑部选用这篇稿件。"
        raise Conflict(message)
    new_ids = {old_id: _copy(by, facts, desk_prefix).id for old_id, facts in locked.files.items()}
    manuscript = create_manuscript(by=by, desk_prefix=desk_prefix, **texts_of_offer(locked, new_ids))
    manuscript.origin_hall_id = locked.hall_id
    manuscript.origin_article_id = locked.article_id
    manuscript.editor_ids = list({*manuscript.editor_ids, *locked.author_ids})
    manuscript.save(update_fields=["origin_hall_id", "origin_article_id", "editor_ids"])
    LibraryUse.objects.create(offer=locked, manuscript=manuscript, used_by_name=by.name)
    if locked.state != OfferState.TAKEN:
        _move(locked, OfferState.TAKEN)
    _record(by, "content.take_offer", locked, hall_id=locked.hall_id, changes={"desk": [None, desk_prefix]})
    return manuscript


@transaction.atomic
def decline_offer(*, by: Actor, offer: LibraryOffer, reason: str) -> LibraryOffer:
    """Tell the hall that it is not used, and why. A desk above may still take it later."""
    hall = Hall.objects.filter(pk=offer.hall_id).first()
    require(by, "content.review", prefix=hall.prefixes[-1] if hall else None)
    reason = clean_reason(reason, ask="请写明不选用的原因。", most=LONGEST_SHORT_REASON, is_line=True)
    locked = _lock(offer)
    locked.decline_reason = reason
    _move(locked, OfferState.DECLINED)
    _record(by, "content.decline_offer", locked, hall_id=locked.hall_id, reason=reason)
    return locked


@transaction.atomic
def record_pick(*, by: Actor, offer: LibraryOffer, hall: Hall, article_id: UUID) -> LibraryUse:
    """Record that a hall has made its own article of the offer. A repeat changes nothing."""
    require_work_at(by, "portal.write", hall_id=hall.id)
    use, is_new = LibraryUse.objects.get_or_create(
        offer=_lock(offer),
        hall_id=hall.id,
        article_id=article_id,
        manuscript=None,
        defaults={"used_by_name": by.name},
    )
    if is_new:
        _record(by, "content.pick_offer", offer, hall_id=hall.id)
    return use


@transaction.atomic
def forget_picks_but(*, hall_id: UUID, article_ids: Collection[UUID]) -> None:
    """Forget that the hall picked offers into other articles than these: it has those no longer since its rows came out
    of an archive, and may pick the offers again."""
    picks = LibraryUse.objects.filter(hall_id=hall_id).exclude(article_id=None)
    picks.exclude(article_id__in=article_ids).delete()


def _lock(offer: LibraryOffer) -> LibraryOffer:
    locked = LibraryOffer.objects.select_for_update().filter(pk=offer.pk).first()
    if locked is None:
        raise NotFound("云稿库中没有这篇稿件。")
    return locked


def _copy(by: Actor, facts: dict[str, Any], desk_prefix: str) -> Asset:
    copied = copy_stored(facts, desk_folder(desk_prefix))
    return file_asset(by=by, desk_prefix=desk_prefix, facts=copied, alt=str(facts.get("alt", "")))


def _move(offer: LibraryOffer, after: OfferState) -> None:
    OFFER_TRANSITIONS.check(offer.state, after)
    offer.state = after
    offer.save(update_fields=["state", "decline_reason"])


def _record(
    by: Actor,
    act: str,
    offer: LibraryOffer,
    *,
    hall_id: UUID,
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> None:
    record_act(
        by=by,
        act=act,
        object_type="library_offer",
        object_id=offer.id,
        hall_id=hall_id,
        reason=reason,
        changes=changes,
    )
