"""What people fill in about how citizens say things."""

import re
from typing import Any, Final

from django import forms

from foundation.design.forms import FaultyForm
from province.catalogue.models import WordRule
from province.catalogue.operations.words import LONGEST_QUESTION
from province.catalogue.states import WordKind

_APART: Final = re.compile(r"[、，,；;\n]+")
# names of items hold 、
_NAMES_APART: Final = re.compile(r"[；;\n]+")


def _parted(text: str, apart: re.Pattern[str]) -> list[str]:
    return [word for word in map(str.strip, apart.split(text)) if word]


class WordRuleForm(FaultyForm):
    """``question`` is only tried, never kept. ``said``: what a new rule begins with."""

    kind = forms.ChoiceField(label="哪一种", choices=WordKind.choices)
    words = forms.CharField(
        label="群众的说法",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=(
            "用顿号、逗号或换行隔开。一种说法里用空格隔开的几个词都出现才算，不分先后，例如：身份证 丢。"
            "拼音和同音错字系统自己会认。"
        ),
    )
    named = forms.CharField(
        label="指的是哪些事项",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个，事项名称或名称中连续的几个字；最可能的写在前面。同义词和无关的字词不用填。",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    question = forms.CharField(
        label="试一问", required=False, max_length=LONGEST_QUESTION, help_text="群众会怎么问，例如：我爸走了要办什么。"
    )

    def __init__(self, data: Any = None, *, rule: WordRule | None = None, said: str = "") -> None:
        initial: dict[str, Any] = {"kind": WordKind.SAYING, "revision": 0, "words": said, "question": said}
        if rule is not None:
            initial = {
                "kind": rule.kind,
                "words": "、".join(rule.words),
                "named": "\n".join(rule.named),
                "revision": rule.revision,
            }
        super().__init__(data, initial=initial)
        if rule is not None:
            self.fields["kind"].disabled = True

    def clean_words(self) -> list[str]:
        return _parted(self.cleaned_data["words"], _APART)

    def clean_named(self) -> list[str]:
        return _parted(self.cleaned_data["named"], _NAMES_APART)


class TriedQuestionForm(FaultyForm):
    question = forms.CharField(label="群众的问题", max_length=LONGEST_QUESTION)
    item_name = forms.CharField(label="应该找到的事项", max_length=200, help_text="事项的全称或基本编码。")


class WordsFileForm(FaultyForm):
    file = forms.FileField(
        label="同义词表",
        help_text="Excel 工作簿（.xlsx）。先导出，在表里改好再导入；编号留空的是新增的组。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"empty": "文件是空的，请检查后再上传。", "required": "请选择要导入的文件。"},
    )
