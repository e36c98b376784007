"""The fields in which people write a text."""

from typing import Any

from django import forms

from foundation.design.forms import FaultyForm
from foundation.texts import (
    AUTHOR_LENGTH,
    KEYWORD_LENGTH,
    MOST_KEYWORDS,
    SOURCE_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    ArticleText,
)


class TextForm(FaultyForm):
    """A piece of writing as autosave sends it: anything may still be empty."""

    title = forms.CharField(
        label="标题", required=False, max_length=TITLE_LENGTH, help_text="列表显示前 26 个字，首页头条显示前 40 个字。"
    )
    subtitle = forms.CharField(label="副标题", required=False, max_length=TITLE_LENGTH)
    body = forms.CharField(label="正文", required=False, widget=forms.Textarea)
    source = forms.CharField(label="来源", required=False, max_length=SOURCE_LENGTH)
    author = forms.CharField(label="作者", required=False, max_length=AUTHOR_LENGTH)
    summary = forms.CharField(
        label="摘要", required=False, max_length=SUMMARY_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    # each with what stands between them
    keywords = forms.CharField(
        label="关键词",
        required=False,
        max_length=MOST_KEYWORDS * (KEYWORD_LENGTH + 4),
        help_text=f"用空格或顿号隔开，最多 {MOST_KEYWORDS} 个。",
    )

    @staticmethod
    def filled_with(text: ArticleText) -> dict[str, Any]:
        """The text as the form's ``initial``."""
        names = ("title", "subtitle", "body", "source", "author", "summary")
        return {name: getattr(text, name) for name in names} | {"keywords": "、".join(text.keywords)}
