"""What operators send of the province's templates."""

from django import forms

from foundation.design.forms import FaultyForm


class ProvinceTemplateForm(FaultyForm):
    file = forms.FileField(
        label="Word 模板（.docx）",
        help_text="字段写成 {{申请人}}，名称见下表；先下载正在施行的或平台自带的，在它上面改最方便。",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"required": "请选择一个 .docx 文件。"},
    )
