"""What the staff fill in when they do something with a case, and applicants when they complain about it."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django import forms

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from foundation.editing.reasons import LONGEST_SHORT_REASON
from foundation.errors import DomainError
from province.cases.states import CaseChannel, CaseOutcome
from standards.items.codelists import ExcludedStep
from tenants.casework.forms.base import CaseActForm, PapersField
from tenants.casework.forms.base import words as _words
from tenants.casework.forms.joint import giver_choices, giver_value, read_giver
from tenants.casework.forms.serving import DESK_WAYS
from tenants.casework.operations.acceptance import MOST_WORKDAYS as MOST_CORRECTION
from tenants.casework.operations.attached_papers import MOST_PAPERS
from tenants.casework.operations.examining import MOST_JOINT_WORKDAYS
from tenants.casework.operations.examining import MOST_WORKDAYS as MOST_EXTENSION
from tenants.casework.operations.setup_partners import DEFAULT_WORKDAYS
from tenants.casework.operations.setup_partners import MOST_WORKDAYS as MOST_OPINION
from tenants.casework.operations.setups import DEFAULT_OPENING, MOST_OPENING
from tenants.casework.queries.joint import JointPartner
from tenants.engagement.models import LONGEST_QUESTION

_AREA: Final = {"rows": 3}


class AcceptanceForm(CaseActForm):
    """``takes_papers``: left out of the page where nothing is missing."""

    takes_papers = forms.BooleanField(
        label="还没有登记的必要材料都在手上，已核对", required=False, help_text="勾上就一起登记为“已提交”。"
    )


class DecliningForm(CaseActForm):
    said = _words("不予受理的理由", "请写明不予受理的理由。", "不属于本厅职权的，写明应当向哪里申请。会告知申请人。")


class CaseCorrectionForm(CaseActForm):
    """``opened``: fields of the application's form, as the page offers them."""

    asked = _words("需要补正的全部内容", "请写明需要补正的全部内容。", "一行一项。只能告知一次，请一次说全。", 5)
    opened = forms.MultipleChoiceField(
        label="申请人在网上可以修改哪些",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一个都不选，就是全部材料的文件。",
    )
    workdays = forms.IntegerField(
        label="几个工作日内补齐", required=False, min_value=1, max_value=MOST_CORRECTION, help_text="不填就是不限时间。"
    )

    def clean_asked(self) -> list[str]:
        lines: list[str] = self.cleaned_data["asked"].splitlines()
        return lines

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return data | {"fields": data.pop("opened", [])}


class LackingForm(CaseActForm):
    """``materials``: those that are missing and may come later, as the page offers them."""

    materials = forms.TypedMultipleChoiceField(
        label="容缺后补的材料",
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择容缺后补的材料。"},
    )
    workdays = forms.IntegerField(
        label="几个工作日内补交",
        min_value=1,
        max_value=MOST_CORRECTION,
        help_text="不能超过指南写的补交期限；比办理期限长的，以办理期限为准。",
        error_messages={"required": "请填写几个工作日。"},
    )
    promise = _words("申请人的承诺", "请写明申请人怎样承诺的。", "例如：本人在窗口签了容缺承诺书。", 2)


class LackingReturnForm(CaseActForm):
    said = _words("补交的材料有什么问题", "请写明补交的材料有什么问题、怎样改。", "会告知申请人；补交的期限接着计算。")


class BringingForm(FaultyForm):
    said = _words("说明")


class SpecialProcedureForm(CaseActForm):
    kind = forms.ChoiceField(label="种类", choices=ExcludedStep.choices)
    basis = _words("依据", "请写明依据的法律、法规、规章条款。", "会告知申请人。", 2)
    number = forms.IntegerField(
        label="所需时限", min_value=1, max_value=2_000, error_messages={"required": "请填写时限。"}
    )
    unit = forms.ChoiceField(label="单位", choices=[("wd", "个工作日"), ("d", "日")])
    begins_on = DayField(label="哪天开始的", required=False, help_text="不填就是今天。")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, unit = data.pop("number", None), data.pop("unit", "wd")
        return data | {"limit": f"{number}{unit}"}


class SpecialResultForm(CaseActForm):
    result = _words("结果", "请写明特别程序的结果。")
    ends_on = DayField(label="哪天恢复办理", required=False, help_text="不填就是今天；这一天起继续计时。")
    papers = PapersField(
        label="结果的文件",
        required=False,
        help_text=f"笔录、报告可以附上：PDF、Word 或者图片，最多 {MOST_PAPERS} 份。随办件归档，申请人看不到。",
    )


class ExtensionForm(CaseActForm):
    workdays = forms.IntegerField(
        label="延长几个工作日",
        min_value=1,
        max_value=MOST_JOINT_WORKDAYS,
        error_messages={"required": f"请填写 1 至 {MOST_EXTENSION}。"},
        help_text=f"最多 {MOST_EXTENSION} 个；联办件最多 {MOST_JOINT_WORKDAYS} 个，要经本级人民政府负责人批准。",
    )
    reason = _words("理由", "请写明延长期限的理由。", "会告知申请人。只能延长一次。")


class CaseReasonForm(CaseActForm):
    reason = _words("原因和依据", "请写明原因和依据。", "会告知申请人。")


class ResumptionForm(CaseActForm):
    reason = _words("说明")


class CaseWithdrawalForm(FaultyForm):
    reason = _words("申请人怎样撤回的", "请写明申请人撤回的情况。", "例如：本人到窗口书面撤回。")


class CaseTransferForm(CaseActForm):
    to = forms.CharField(label="移送到哪个机关", max_length=200, error_messages={"required": "请写明移送到哪个机关。"})
    reason = _words("原因", "请写明移送的原因。")


class DecisionForm(CaseActForm):
    outcome = forms.ChoiceField(
        label="决定",
        choices=CaseOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择准予或者不予。"},
    )
    reasons = _words("理由", help_text="不予的决定必须说明理由；准予的可以不写。会告知申请人。")


class DecisionCorrectionForm(DecisionForm):
    corrects = _words("原决定错在哪里", "请写明原决定错在哪里。", "只有工作人员看得到。", 2)


class AtOnceForm(DecisionForm, AcceptanceForm):
    proof = forms.CharField(
        label="领取凭证", max_length=200, initial="本人当场领取", error_messages={"required": "请写明谁领取的。"}
    )


class IntakeForm(FaultyForm):
    """``setups``: (id, name) of the items for which the hall takes applications."""

    setup_id = forms.TypedChoiceField(label="事项", error_messages={"required": "请选择事项。"})
    channel = forms.ChoiceField(
        label="申请方式", choices=[(one.value, one.label) for one in (CaseChannel.WINDOW, CaseChannel.PHONE)]
    )
    way = forms.ChoiceField(
        label="文书怎样送达",
        required=False,
        choices=DESK_WAYS,
        help_text="由申请人选择。电子送达要申请人用网上账号申请，并且本人同意。",
    )
    address = forms.CharField(
        label="邮寄地址",
        max_length=200,
        required=False,
        help_text="选邮寄的要填。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, setups: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("setup_id", [("", "请选择"), *setups])


class HandUpForm(CaseActForm):
    """``halls``: (id, name) of those that can be chosen."""

    to_hall_id = forms.TypedChoiceField(label="上报到", coerce=UUID, error_messages={"required": "请选择上级服务厅。"})
    opinion = _words("初审意见", "请写明初审意见。", "随申请表和全部材料报送上级，申请人看不到。", 5)

    def __init__(self, *args: Any, halls: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("to_hall_id", halls if len(halls) == 1 else [("", "请选择"), *halls])


class SendOnForm(CaseActForm):
    """As ``HandUpForm``."""

    to_hall_id = forms.TypedChoiceField(label="转送到", coerce=UUID, error_messages={"required": "请选择服务厅。"})
    reason = _words("原因", "请写明转送的原因。", "会告知申请人。")

    def __init__(self, *args: Any, halls: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("to_hall_id", [("", "请选择"), *halls])


class SendBackForm(CaseActForm):
    reason = _words("退回的原因", "请写明退回的原因。", "送来的服务厅会看到，申请人不会收到通知。")


class SetupForm(FaultyForm):
    """``flows`` and ``units``: (id, name) of those that can be chosen; ``bodies``: 联办机构 of the guide, of each of
    which the form asks who stands for it; ``givers``: as of ``AskAnotherForm``; ``partners``: what was said of them
    before."""

    flow_id = forms.TypedChoiceField(
        label="审查流程", required=False, empty_value=None, help_text="不选就由承办部门自己审查、作出决定。"
    )
    unit_id = forms.TypedChoiceField(label="承办部门", required=False, empty_value=None)
    is_online = forms.BooleanField(label="群众可以在网上申请", required=False)
    is_paid_first = forms.BooleanField(
        label="先缴费后发证", required=False, help_text="准予的，缴费或者减免以后才能送达；不收费的事项不受影响。"
    )
    review_body = forms.CharField(
        label="复议机关", max_length=100, required=False, help_text="写进不予受理、不予许可的文书；行政许可必须填写。"
    )
    court = forms.CharField(label="管辖法院", max_length=100, required=False)
    opening_workdays = forms.IntegerField(
        label="电子送达几个工作日内要打开",
        min_value=1,
        max_value=MOST_OPENING,
        required=False,
        help_text="不填就不改。申请人到时没有打开的，系统提醒承办人打电话，或者改用邮寄、窗口送达。",
    )
    retention_years = forms.IntegerField(label="档案保管期限（年）", min_value=1, max_value=100)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        flows: list[tuple[str, str]],
        units: list[tuple[str, str]],
        bodies: Sequence[str] = (),
        partners: Sequence[JointPartner] = (),
        givers: Sequence[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.offer("flow_id", [("", "不走流程"), *flows])
        self.offer("unit_id", [("", "综合窗口"), *units])
        self.bodies = bodies
        known = {one.body: one for one in partners}
        for place, body in enumerate(bodies):
            partner = known.get(body)
            self.fields[f"partner_{place}"] = forms.ChoiceField(
                label=f"联办：{body}由哪个部门出具意见",
                choices=[("", "请选择部门"), *giver_choices(units, givers)],
                required=False,
                help_text="开通以前都要选好。",
                initial=giver_value(partner.hall_id, partner.unit_id)
                if partner and (partner.hall_id or partner.unit_id)
                else "",
            )
            self.fields[f"partner_days_{place}"] = forms.IntegerField(
                label="几个工作日内出具意见",
                min_value=1,
                max_value=MOST_OPINION,
                required=False,
                initial=partner.workdays if partner else DEFAULT_WORKDAYS,
                help_text="比办理期限长的，以办理期限为准。",
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        asked = [
            (body, data.pop(f"partner_{place}", ""), data.pop(f"partner_days_{place}", None))
            for place, body in enumerate(self.bodies)
        ]
        given = [
            JointPartner(body, unit_id, days or DEFAULT_WORKDAYS, hall_id)
            for body, giver, days in asked
            if giver
            for hall_id, unit_id in [read_giver(giver)]
        ]
        days = data.get("opening_workdays") or self.initial.get("opening_workdays", DEFAULT_OPENING)
        return data | {"partners": given, "opening_workdays": days}


class CaseExportForm(FaultyForm):
    """Who may not read people's data in full is not asked."""

    file_format = forms.ChoiceField(
        label="文件格式", choices=[("xml", "XML"), ("json", "JSON")], widget=forms.RadioSelect, initial="xml"
    )
    is_unmasked = forms.BooleanField(
        label="含完整的姓名、证件号码和电话",
        required=False,
        help_text="不勾就遮盖。完整导出每一件都记入审计，申请人能看到谁、为什么导出。",
    )
    reason = forms.CharField(
        label="完整导出的理由", required=False, max_length=LONGEST_SHORT_REASON, widget=forms.TextInput()
    )

    def __init__(self, *args: Any, may_unmask: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faults: list[str] = []
        if not may_unmask:
            del self.fields["is_unmasked"], self.fields["reason"]

    def take_faults(self, refusal: DomainError) -> None:
        """What the schema refuses, each with its case; the first stands in the refusal itself."""
        super().take_faults(refusal)
        self.faults = [one.message for one in refusal.faults if one.where not in self.fields][1:]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {"is_unmasked": False, "reason": ""} | data


class DepartmentKeyForm(FaultyForm):
    """``positions``: (id, words) of those at which a system can act."""

    name = forms.CharField(
        label="系统名称", max_length=80, help_text="如：住建审批系统。", error_messages={"required": "请写系统的名称。"}
    )
    position_id = forms.TypedChoiceField(
        label="按谁的权限办理",
        help_text="部门里负责这个系统的人。系统推送的，办理记录里写这个人；这个人离开岗位，密钥随之失效。",
        error_messages={"required": "请选择岗位。"},
    )

    def __init__(self, *args: Any, positions: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("position_id", [("", "请选择"), *positions])


class CaseComplaintForm(FaultyForm):
    """Of who is signed in: name and phone are known."""

    text = forms.CharField(
        label="您要投诉什么",
        max_length=LONGEST_QUESTION,
        help_text=f"写明什么时候、遇到什么情况、希望怎样解决，最多 {LONGEST_QUESTION} 个字。",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "请写下您要投诉的情况。"},
    )
    wants_messages = forms.BooleanField(
        label="有答复时发短信告诉我（短信里只有编号和查看办法，没有答复内容）", required=False, initial=True
    )
    consents = forms.BooleanField(label="同意把投诉和答复公开（不显示姓名、电话、办件编号和经办人）", required=False)
    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)


class GuestComplaintForm(CaseComplaintForm):
    """Of who has looked the case up by its number."""

    phone = forms.CharField(
        label="手机号",
        max_length=20,
        help_text="查看答复要用它的后四位。只有处理投诉的人能看到。",
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": "请填写 11 位手机号。"},
    )
    name = forms.CharField(
        label="怎样称呼您", max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["text", "phone", "name", "wants_messages", "consents"]
