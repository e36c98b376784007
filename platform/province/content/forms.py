"""What people fill in on the console's pages about content."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from foundation.design.dates import MomentField
from foundation.design.forms import FaultyForm
from foundation.design.picking import PickField, Picks, use_picks
from foundation.editing.forms import TextForm
from foundation.texts import TITLE_LENGTH
from province.content.connectors import ACCOUNT_CONNECTORS, AccountConnector
from province.content.models import Asset, Manuscript, ManuscriptVersion, MediaAccount
from province.content.queries.audiences import Audience, audience_of_codes
from province.content.queries.columns import PUSH_COLUMNS, column_code
from province.content.queries.desks import ContentDesk
from province.content.states import PushMode, ReviewState, WithdrawalKind
from province.halls.models import HallKind

_CODES = re.compile(r"[\s,，;；、]+")
_MOST_COVERS = 60
# the reader's word first, then the term
WITHDRAWALS = (
    (WithdrawalKind.GONE, "告诉读者已删除：页面显示“内容已删除”和原因（410）"),
    (WithdrawalKind.REDIRECT, "带读者去别的页面：自动跳转（301）"),
    (WithdrawalKind.NOTICE, "保留页面，顶部加说明：用于有误但需留档的内容"),
    (WithdrawalKind.VANISH, "如同从未发布：页面不存在（404），用于误发"),
    (WithdrawalKind.SUBSTITUTE, "换成另一版本：网址不变，读者看到替换稿"),
)


class NewManuscriptForm(forms.Form):
    title = forms.CharField(label="标题", max_length=TITLE_LENGTH, help_text="手机列表显示前 26 个字。")
    desk_prefix = forms.ChoiceField(label="编辑部")

    def __init__(self, *args: Any, desks: Sequence[ContentDesk], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desk = self.fields["desk_prefix"]
        assert isinstance(desk, forms.ChoiceField)  # noqa: S101 - declared above
        desk.choices = [(one.prefix, one.name) for one in desks]
        desk.initial = desks[0].prefix
        if len(desks) == 1:
            desk.widget = forms.HiddenInput()


class ManuscriptForm(TextForm):
    cover = forms.UUIDField(label="封面", required=False, widget=forms.Select)
    is_urgent = forms.BooleanField(label="加急：排在审核队列最前", required=False)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @classmethod
    def of(cls, manuscript: Manuscript) -> "ManuscriptForm":
        own = {"cover": manuscript.cover_id, "revision": manuscript.revision}
        return cls(initial=cls.filled_with(manuscript) | own)

    def offer_covers(self, assets: Iterable[Asset]) -> None:
        """The desk's newest pictures to choose from."""
        pictures = [one for one in list(assets[:200]) if one.width]  # type: ignore[index]
        widget = self.fields["cover"].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 - declared above
        widget.choices = [("", "没有封面"), *((str(one.pk), one.alt or one.name) for one in pictures[:_MOST_COVERS])]

    def texts(self) -> dict[str, Any]:
        """As ``save_draft`` takes them."""
        return {name: self.cleaned_data[name] for name in TextForm.base_fields}


class ReviewForm(forms.Form):
    decision = forms.ChoiceField(choices=[("pass", "通过"), ("return", "退回")])
    step = forms.ChoiceField(choices=ReviewState.choices)
    usual = forms.CharField(required=False, max_length=100)
    reason = forms.CharField(label="意见", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def reason_text(self) -> str:
        """The ready-made reason and what was written beside it."""
        usual = self.cleaned_data["usual"] if self.cleaned_data["decision"] == "return" else ""
        return f"{usual}{self.cleaned_data['reason']}"


def codes_of(text: str) -> list[str]:
    """Division codes as people type them: by spaces, lines or commas."""
    return [code for code in _CODES.split(text) if code]


class ScopePickForm(forms.Form):
    """A division to send to, by its name: beside the tree, for who knows what the place is called."""

    add = PickField(
        kind="divisions-to-push", label="按名称添加", required=False, help_text="输入名称或代码，选中后加入推送范围。"
    )

    def __init__(self, data: Any = None, *, picks: Picks) -> None:
        super().__init__(data)
        use_picks(self, picks)


class AudienceForm(FaultyForm):
    """To whom: codes to send to, codes to leave out, kinds. The tree writes into the two fields of codes."""

    to = forms.CharField(
        label="推送到（区划代码）",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "numeric"}),
        help_text="12 位代码，可填多个；末尾的零表示包括全部下级。",
    )
    excluded = forms.CharField(
        label="除外（区划代码）",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "numeric"}),
    )
    kinds = forms.MultipleChoiceField(
        label="服务厅类型", required=False, choices=HallKind.choices, widget=forms.CheckboxSelectMultiple
    )
    mode = forms.ChoiceField(label="方式", choices=PushMode.choices, initial=PushMode.DIRECT, widget=forms.RadioSelect)
    column = forms.CharField(
        label="栏目",
        max_length=32,
        initial=next(iter(PUSH_COLUMNS.values())),
        help_text="从常用栏目中选择；也可填写服务厅自设栏目的代码，只有设了这个栏目的厅会显示。",
        widget=forms.TextInput(attrs={"list": "push-columns", "autocomplete": "off"}),
    )

    def clean_column(self) -> str:
        return column_code(self.cleaned_data["column"])

    def audience(self) -> Audience:
        """Raises Invalid for unknown codes and for nobody."""
        filled = self.cleaned_data
        return audience_of_codes(codes_of(filled["to"]), codes_of(filled["excluded"]), filled["kinds"])


class PushForm(AudienceForm):
    starts_at = MomentField(label="发布时间", required=False, help_text="留空则立即发布。")
    expires_at = MomentField(label="到期下线", required=False, help_text="留空则一直显示。")
    is_pinned = forms.BooleanField(label="置顶", required=False)
    is_urgent = forms.BooleanField(label="首页紧急横幅", required=False)
    sends_message = forms.BooleanField(
        label="同时给订阅的读者发 App 消息",
        required=False,
        help_text="不勾选就不发；手机上已经弹出的通知收不回来。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].help_text = "不选表示各类服务厅都推送。"

    def clean_starts_at(self) -> datetime | None:
        starts_at: datetime | None = self.cleaned_data["starts_at"]
        return starts_at if starts_at and starts_at > timezone.now() else None

    def options(self) -> dict[str, Any]:
        """As ``push_version`` takes them, beside version and audience."""
        names = ("column", "starts_at", "expires_at", "is_pinned", "is_urgent", "sends_message")
        return {name: self.cleaned_data[name] for name in names} | {"mode": PushMode(self.cleaned_data["mode"])}


class WithdrawForm(FaultyForm):
    kind = forms.ChoiceField(
        label="撤稿后，原来的网页", choices=WITHDRAWALS, initial=WithdrawalKind.GONE, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="原因",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="记入档案；选择“保留页面并加说明”或“已删除”时，读者也会看到。",
        error_messages={"required": "请填写撤稿原因。"},
    )
    redirect_url = forms.CharField(
        label="转到的地址", required=False, max_length=500, help_text="仅“转到其他页面”时填写。"
    )
    substitute = forms.ModelChoiceField(
        label="换成的版本", required=False, queryset=ManuscriptVersion.objects.none(), empty_label="请选择"
    )


class ReceiptForm(forms.Form):
    file = forms.FileField(label="回执（PDF）", widget=forms.FileInput(attrs={"accept": ".pdf"}))


class AccountImportForm(forms.Form):
    file = forms.FileField(
        label="备案表", help_text="Excel（.xlsx），最多 10,000 行。", widget=forms.FileInput(attrs={"accept": ".xlsx"})
    )


class MediaAccountForm(FaultyForm):
    """What may change of a registered account."""

    name = forms.CharField(label="账号名称", max_length=80)
    owner = forms.CharField(label="主管单位", max_length=80)
    filing_number = forms.CharField(label="备案号", max_length=40, required=False)
    contact_name = forms.CharField(label="负责人", max_length=40, required=False)
    contact_phone = forms.CharField(label="联系电话", max_length=40, required=False)
    connector = forms.ChoiceField(
        label="接口",
        required=False,
        choices=[("", "只登记，不推送"), *((name, one.label) for name, one in ACCOUNT_CONNECTORS.items())],
        help_text="选择接口后，推稿和撤稿会同时发给这个账号。",
    )
    endpoint = forms.CharField(
        label="接口地址",
        max_length=300,
        required=False,
        help_text="签名接口和 Atom 发布协议要填写；微信公众号和微博不用。",
    )


class ChangedAccountForm(MediaAccountForm):
    """Of an account that has a contact: who it is stands nowhere in the form, and empty fields leave it as it is."""

    removes_contact = forms.BooleanField(label="删除负责人和联系电话", required=False)
    field_order = ("name", "owner", "filing_number", "contact_name", "contact_phone", "removes_contact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("contact_name", "contact_phone"):
            self.fields[name].help_text = "留空则不更改。"

    def changes(self) -> dict[str, str]:
        """As ``change_account`` takes them."""
        filled = dict(self.cleaned_data)
        is_removed = filled.pop("removes_contact")
        for name in ("contact_name", "contact_phone"):
            if not filled[name] and not is_removed:
                del filled[name]
            elif is_removed:
                filled[name] = ""
        return filled


class CredentialForm(FaultyForm):
    """By what the platform lets us act for an account; what is secret is never shown again."""

    # beside the account's own form, which has a name, too
    prefix = "credential"
    name = forms.CharField(max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    secret = forms.CharField(
        max_length=500, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    may_delete = forms.BooleanField(
        label="平台已给这个账号自动删除的权限",
        required=False,
        help_text="没有这个权限的账号，撤稿时要有人到平台上删除，推送前会提示。",
    )

    def __init__(self, *args: Any, connector: AccountConnector, is_kept: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = connector.name_label
        self.fields["secret"].label = connector.key_label
        if is_kept:
            self.fields["secret"].help_text = "已设置，不再显示。留空则不更换。"
        if not connector.name_label:
            del self.fields["name"]
        if not connector.needs_right_to_delete:
            del self.fields["may_delete"]


class NewMediaAccountForm(MediaAccountForm):
    platform = forms.ChoiceField(label="平台", choices=MediaAccount.Platform)
    external_id = forms.CharField(label="平台账号", max_length=80)
    code = PickField(
        kind="divisions-of-accounts",
        label="所属区划",
        help_text="按它决定账号接收哪些推稿。输入名称或 12 位代码。",
    )
    field_order = ("platform", "external_id", "name", "owner", "code")

    def __init__(self, data: Any = None, *, picks: Picks) -> None:
        super().__init__(data)
        use_picks(self, picks)
