"""Manuscripts in the states that a desk knows. Rows are written directly: a test that needs an approved version does
not want to walk through three reviews."""

import hashlib
from typing import Any
from uuid import uuid4

from foundation.texts import files_of
from foundation.tokenizing import search_words
from province.content.models import Asset, Manuscript, ManuscriptVersion, Review
from province.content.states import ReviewState
from province.people.models import Account

TITLE = "当阳市举办“高效办成一件事”集中服务日"
BODY = "<p>本周六，全市各便民服务中心照常开门，市民可就近办理社保、医保、不动产登记等业务。</p>"
PROVINCE = "42"
COUNTY = "420582"


def make_asset(*, desk_prefix: str = PROVINCE, **fields: Any) -> Asset:
    """An image's row; nothing lies in the store behind it."""
    digest = hashlib.sha256(uuid4().bytes).hexdigest()
    facts = {
        "key": f"desks/{desk_prefix}/{digest[:2]}/{digest}.jpg",
        "name": "现场.jpg",
        "media_type": "image/jpeg",
        "size": 1000,
        "sha256": digest,
        "width": 800,
        "height": 600,
        "alt": "服务大厅现场",
    }
    return Asset.objects.create(desk_prefix=desk_prefix, **facts | fields)


def make_manuscript(
    *, title: str = TITLE, body: str = BODY, by: str = "zhao", desk_prefix: str = PROVINCE, **fields: Any
) -> Manuscript:
    """A draft that nobody has submitted yet. ``by`` is one of the cast, and responsible for it."""
    author = Account.objects.get(username=by)
    return Manuscript.objects.create(
        title=title,
        body=body,
        desk_prefix=desk_prefix,
        edited_by_id=author.id,
        edited_by_name=author.name,
        editor_ids=[author.id],
        **{"owner_id": author.id, **fields},
    )


def make_version(
    *,
    state: ReviewState,
    manuscript: Manuscript | None = None,
    by: str = "zhao",
    is_urgent: bool = False,
    **fields: Any,
) -> ManuscriptVersion:
    """A submitted version in this state of its review, without the reviews that led there."""
    draft = manuscript or make_manuscript(by=by, **fields)
    author = Account.objects.get(username=by)
    return ManuscriptVersion.objects.create(
        manuscript=draft,
        number=draft.versions.count() + 1,
        title=draft.title,
        subtitle=draft.subtitle,
        source=draft.source,
        author=draft.author,
        summary=draft.summary,
        body=draft.body,
        keywords=draft.keywords,
        cover=draft.cover,
        asset_ids=files_of(draft.body, draft.cover_id),
        state=state,
        is_urgent=is_urgent,
        author_ids=[author.id],
        submitted_by_id=author.id,
        submitted_by_name=author.name,
        search_words=search_words(draft.title, draft.body),
    )


def make_version_in_review(**fields: Any) -> ManuscriptVersion:
    """Submitted just now: waits for its first review."""
    return make_version(state=ReviewState.FIRST, **fields)


def make_returned_version(*, reason: str = "事实有误，请核对。", **fields: Any) -> ManuscriptVersion:
    version = make_version(state=ReviewState.RETURNED, **fields)
    Review.objects.create(version=version, step=ReviewState.FIRST, is_passed=False, reason=reason, reviewer_name="钱宁")
    return version


def make_approved_version(**fields: Any) -> ManuscriptVersion:
    """Through all three reviews: may be pushed.

    Takes ``title``, ``body``, ``by`` (a user name of the cast), ``desk_prefix`` and other fields of a manuscript, or
    ``manuscript`` for a further version of one.
    """
    return make_version(state=ReviewState.APPROVED, **fields)
