"""What can be done to manuscripts, pushes, library offers and accounts; one noun a file."""

from province.content.operations.assets import add_asset, describe_asset
from province.content.operations.imports import import_manuscript
from province.content.operations.library import decline_offer, offer_article, record_pick, take_offer
from province.content.operations.manuscripts import (
    create_manuscript,
    lock_manuscript,
    save_draft,
    submit_manuscript,
    unlock_manuscript,
)
from province.content.operations.reviews import RETURN_REASONS, approve_version, pass_review, return_version

__all__ = [
    "RETURN_REASONS",
    "add_asset",
    "approve_version",
    "create_manuscript",
    "decline_offer",
    "describe_asset",
    "import_manuscript",
    "lock_manuscript",
    "offer_article",
    "pass_review",
    "record_pick",
    "return_version",
    "save_draft",
    "submit_manuscript",
    "take_offer",
    "unlock_manuscript",
]
