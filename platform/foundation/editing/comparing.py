"""What changed between two texts, for people to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from foundation.html import difference, text_difference
from foundation.texts import LINE_LENGTHS, ArticleText, field_label


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field in two versions, marked up with <ins> and <del>."""

    label: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """What changed between two versions, for people to read. ``fields`` has only those that differ."""

    fields: Sequence[FieldDifference]
    body: SafeString
    is_body_changed: bool

    @property
    def is_empty(self) -> bool:
        return not self.fields and not self.is_body_changed


def difference_of(before: ArticleText, after: ArticleText) -> VersionDifference:
    """Any two versions, or a version and the draft."""
    fields = [
        FieldDifference(field_label(name), text_difference(old, new))
        for name in LINE_LENGTHS
        if (old := getattr(before, name)) != (new := getattr(after, name))
    ]
    if before.keywords != after.keywords:
        keywords = text_difference("、".join(before.keywords), "、".join(after.keywords))
        fields.append(FieldDifference("关键词", keywords))
    if (old_cover := getattr(before, "cover", None)) != (new_cover := getattr(after, "cover", None)):
        names = text_difference(*(cover.name if cover else "（无）" for cover in (old_cover, new_cover)))
        fields.append(FieldDifference("封面", names))
    return VersionDifference(fields, difference(before.body, after.body), before.body != after.body)
