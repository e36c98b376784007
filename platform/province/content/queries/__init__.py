"""What others may ask about manuscripts, audiences, pushes, library offers and accounts; one noun a file."""

from province.content.queries.assets import asset_at_desk, assets_at_desk, file_at_desk, media_link
from province.content.queries.desks import ContentDesk, desk_name, desks_of
from province.content.queries.library import (
    OfferUse,
    check_library_reader,
    library_offer,
    library_offers,
    offered_file,
    uses_of,
)
from province.content.queries.manuscripts import (
    approved_version,
    manuscript_at_desk,
    manuscript_history,
    manuscripts_at_desk,
    name_of,
    versions_of,
)
from province.content.queries.reviews import review_queue, reviews_of, version_at_desk, why_not_review

__all__ = [
    "ContentDesk",
    "OfferUse",
    "approved_version",
    "asset_at_desk",
    "assets_at_desk",
    "check_library_reader",
    "desk_name",
    "desks_of",
    "file_at_desk",
    "library_offer",
    "library_offers",
    "manuscript_at_desk",
    "manuscript_history",
    "manuscripts_at_desk",
    "media_link",
    "name_of",
    "offered_file",
    "review_queue",
    "reviews_of",
    "uses_of",
    "version_at_desk",
    "versions_of",
    "why_not_review",
]
