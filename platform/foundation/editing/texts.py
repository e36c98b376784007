"""What is the same for every piece of writing with a title and a body, on its way from a draft to a version."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from foundation.editing.drafts import Editor
from foundation.editing.models import SubmittedVersion, TextDraft, TextVersion
from foundation.editing.versions import submission
from foundation.errors import Fault
from foundation.html import images_without_alt, media_ids, text_of
from foundation.texts import TEXT_FIELDS, Texts, clean_texts, files_of
from foundation.tokenizing import search_words


def write_texts(draft: TextDraft, texts: Mapping[str, Any]) -> bool:
    """Write the fields of ArticleText, cleaned, and ``cover`` (a row of the app's files, or None) into the draft. Those
    left out stay as they are. Returns whether that changed anything; the caller signs and saves.

    Raises Invalid with a fault for every field that is wrong.
    """
    before = words_of(draft)
    written = {name: value for name, value in texts.items() if name in TEXT_FIELDS}
    for name, value in clean_texts(cast("Texts", written)).items():
        setattr(draft, name, value)
    if "cover" in texts:
        draft.cover = texts["cover"]  # type: ignore[attr-defined]  # the app's own column
    return words_of(draft) != before


def words_of(text: TextDraft | TextVersion) -> tuple[object, ...]:
    """All that readers would be shown: two of them are equal where nothing has changed."""
    return (text.cover_id, *(getattr(text, name) for name in TEXT_FIELDS))


def text_gaps(draft: TextDraft) -> list[Fault]:
    """What a text lacks before others may read it: a draft may be bare."""
    gaps = []
    if not draft.title:
        gaps.append(Fault("title", "请填写标题。"))
    if not text_of(draft.body) and not media_ids(draft.body):
        gaps.append(Fault("body", "请填写正文。"))
    if count := images_without_alt(draft.body):
        gaps.append(Fault("body", f"正文中有 {count} 张图片没有替代文字，请为看不见图片的读者说明图片内容。"))
    return gaps


def text_submission(
    draft: TextDraft, *, by: Editor, after: SubmittedVersion | None, author_ids: list[UUID]
) -> dict[str, Any]:
    """The fields of TextVersion for what the draft says now; see ``submission``."""
    return {
        **{name: getattr(draft, name) for name in TEXT_FIELDS},
        "cover_id": draft.cover_id,
        "asset_ids": files_of(draft.body, draft.cover_id),
        "search_words": search_words(draft.title, draft.subtitle, *draft.keywords, draft.summary, text_of(draft.body)),
        **submission(by=by, after=after, author_ids=author_ids),
    }
