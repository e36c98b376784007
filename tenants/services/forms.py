"""What people fill in about items, besides an item itself."""

from django import forms

from foundation.design.forms import FaultyForm
from foundation.editing.reasons import LONGEST_REASON
from province.catalogue.forms.console import types_by_family
from standards.items.codelists import FAMILY_OF, Family


class ProposalForm(FaultyForm):
    """Why something should change. What it should say instead is asked by the item's own form."""

    reason = forms.CharField(
        label="为什么要改",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明群众或窗口遇到的情况，省里据此决定是否采纳。",
    )


class NewItemProposalForm(FaultyForm):
    name = forms.CharField(label="事项名称", max_length=200, help_text="与法律法规中的说法一致，例如：食品经营许可。")
    item_type = forms.ChoiceField(label="类别和类型", choices=lambda: [("", "请选择"), *types_by_family()])
    reason = forms.CharField(label="为什么要增加", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))

    def family(self) -> Family:
        return FAMILY_OF[self.cleaned_data["item_type"]]


class GuideFileForm(FaultyForm):
    file = forms.FileField(
        label="填好的表格",
        help_text="下载的表格（.xlsx），或国家交换格式的 XML（.xml）、JSON（.json），最多 2,000 个事项、20 MB。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xml,.json"}),
        error_messages={"empty": "文件是空的，请检查后再上传。", "required": "请选择要导入的文件。"},
    )
