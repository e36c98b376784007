"""HTML that people write: cleaned before it is kept, read as plain text, compared version with version."""

from foundation.html.cleaning import (
    clean_html,
    html_of,
    images_without_alt,
    media_ids,
    picture_ids,
    replace_media,
    text_of,
    title_of,
    with_addresses,
    without_links,
)
from foundation.html.difference import difference, text_difference
from foundation.html.markdown import clean_markdown

__all__ = [
    "clean_html",
    "clean_markdown",
    "difference",
    "html_of",
    "images_without_alt",
    "media_ids",
    "picture_ids",
    "replace_media",
    "text_difference",
    "text_of",
    "title_of",
    "with_addresses",
    "without_links",
]
