"""What people fill in about the places of the hall's list."""

from typing import Any

from django import forms

from foundation.design.forms import FaultyForm
from standards.forms.fields.places import DATUM_LABELS, LONGEST_ADDRESS, LONGEST_KIND
from tenants.workflow.models.places import LONGEST_KEEPER, LONGEST_PLACE_NAME
from tenants.workflow.operations.places import PlaceFacts


class HallPlaceForm(FaultyForm):
    name = forms.CharField(
        label="名称", max_length=LONGEST_PLACE_NAME, help_text="填写的人看到的，例如：政务服务中心一楼大厅。"
    )
    kind = forms.CharField(
        label="类别",
        required=False,
        max_length=LONGEST_KIND,
        help_text="选填，例如：领取点、体检医院。表单里可以只列出某几类。",
        widget=forms.TextInput(attrs={"list": "place-kinds"}),
    )
    address = forms.CharField(label="地址", required=False, max_length=LONGEST_ADDRESS)
    longitude = forms.CharField(
        label="经度",
        required=False,
        max_length=24,
        help_text="度的小数，例如 111.788312；不写，就只在列表里，不在图上。",
    )
    latitude = forms.CharField(label="纬度", required=False, max_length=24, help_text="度的小数，例如 30.821022。")
    datum = forms.ChoiceField(
        label="坐标系",
        choices=list(DATUM_LABELS.items()),
        help_text="天地图、测绘成果用 CGCS2000，高德、腾讯地图用 GCJ-02；整张清单要用同一种。",
    )
    keeper = forms.CharField(
        label="管理单位", required=False, max_length=LONGEST_KEEPER, help_text="科室，或者代办的网点。"
    )
    phone = forms.CharField(label="联系电话", required=False, max_length=40)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, data: Any = None, *, facts: PlaceFacts, revision: int = 0) -> None:
        """``facts``: what it begins with; whether the place is in use is not asked here."""
        initial = {name: getattr(facts, name) for name in self.base_fields if name != "revision"}
        super().__init__(data, initial=initial | {"revision": revision})
        self._is_in_use = facts.is_in_use

    def facts(self) -> PlaceFacts:
        said = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        return PlaceFacts(**said, is_in_use=self._is_in_use)


class PlacesFileForm(FaultyForm):
    file = forms.FileField(
        label="地点表",
        help_text="Excel 工作簿（.xlsx）或者 CSV。先导出，在表里改好再导入；编号留空的是新增的地点。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": "文件是空的，请检查后再上传。", "required": "请选择要导入的文件。"},
    )
