"""What people fill in about documents."""

from typing import Final

from django import forms

from foundation.design.forms import FaultyForm
from foundation.editing.reasons import LONGEST_REASON
from standards.documents.numbering import LONGEST_RULE

_WORD: Final = ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class TemplateForm(FaultyForm):
    file = forms.FileField(
        label="Word 模板（.docx）",
        help_text="字段写成 {{申请人}}，名称见下表；先下载现在用的模板，在它上面改最方便。",
        widget=forms.FileInput(attrs={"accept": _WORD}),
        error_messages={"required": "请选择一个 .docx 文件。"},
    )


class NumberRuleForm(FaultyForm):
    rule = forms.CharField(
        label="文号规则",
        max_length=LONGEST_RULE,
        required=False,
        help_text="{year} 是年份，{seq} 是顺序号，每年从 1 开始。不填就用平台的规则；规则相同的文书合用一套顺序号。",
    )


class RevocationForm(FaultyForm):
    reason = forms.CharField(
        label="撤销的原因",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="只记在审计里，查验文书的人看不到。",
        error_messages={"required": "请填写撤销的原因。"},
    )
