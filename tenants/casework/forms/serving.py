"""How documents shall reach an applicant: what they fill in themselves, and the staff who serve them."""

from typing import Any, Final

from django import forms
from django.http import QueryDict

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm, posted_number
from province.cases.states import LONGEST_SERVICE_ADDRESS, DeliveryWay
from tenants.casework.forms.base import CaseActForm
from tenants.casework.operations.serving import ServiceWish
from tenants.casework.queries.serving import CONSENT_TEXT, CONSENT_VERSION, LONGEST_PROOF

OWN_WAYS: Final = (
    (DeliveryWay.ELECTRONIC, "电子送达：在本网站的办件页面里看，短信提醒我"),
    (DeliveryWay.POST, "邮寄给我"),
    (DeliveryWay.WINDOW, "我到窗口领取"),
)


# of an application that somebody at the desk begins
DESK_WAYS: Final = (("", "以后再确认"), (DeliveryWay.WINDOW, "窗口领取"), (DeliveryWay.POST, "邮寄"))
# of casework/site/service_asked.html
SERVICE_ASKED: Final = {"service_ways": OWN_WAYS, "consent": CONSENT_VERSION, "consent_text": CONSENT_TEXT}


def wish_posted(posted: QueryDict) -> ServiceWish | None:
    """How documents shall reach who applies, as the page on which they begin asks; None: nothing was chosen."""
    way = posted.get("way", "")
    consent = posted_number(posted.get("consent", ""), otherwise=0)
    return ServiceWish(way=way, consent=consent, address=posted.get("address", "")) if way else None


class OwnServiceForm(FaultyForm):
    """``text``: the version that stands above the box."""

    way = forms.ChoiceField(
        label="文书怎样送达给您",
        choices=OWN_WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择文书怎样送达。"},
    )
    consent = forms.BooleanField(label="我已经看过上面的说明，同意电子送达", required=False)
    address = forms.CharField(
        label="邮寄地址",
        required=False,
        max_length=LONGEST_SERVICE_ADDRESS,
        help_text="选邮寄的要填：省、市、县、街道和门牌号。",
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    text = forms.IntegerField(widget=forms.HiddenInput, initial=CONSENT_VERSION, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text = data.pop("text", None) or 0
        return data | {"consent": text if data.get("consent") else 0}


class ServiceForm(CaseActForm):
    """``way``: as the page offers it, electronically with the applicant's consent alone."""

    way = forms.ChoiceField(label="送达方式", choices=DeliveryWay.choices)
    proof = forms.CharField(
        label="送达凭证",
        max_length=LONGEST_PROOF,
        required=False,
        help_text="签收人、邮件号或者送达时间。电子送达的不用填。",
    )
    served_on = DayField(label="哪天送达的", required=False, help_text="不填就是今天。")


class ServiceReceiptForm(CaseActForm):
    """As ``ServiceForm``."""

    way = forms.ChoiceField(label="送达方式", choices=DeliveryWay.choices)
    address = forms.CharField(
        label="送达地点",
        max_length=LONGEST_SERVICE_ADDRESS,
        required=False,
        help_text="例如：政务服务中心 3 号窗口。邮寄的，不填就是申请人确认的地址。",
    )


class ElectronicReceiptForm(CaseActForm):
    """It says when the decision arrived and when it was opened; nothing is to be filled in."""

    def clean(self) -> dict[str, Any]:
        return (super().clean() or {}) | {"way": DeliveryWay.ELECTRONIC}


class ServiceChoiceForm(CaseActForm):
    """As ``ServiceForm``."""

    way = forms.ChoiceField(label="申请人选择", choices=DeliveryWay.choices)
    address = forms.CharField(
        label="邮寄地址", max_length=LONGEST_SERVICE_ADDRESS, required=False, help_text="选邮寄的要填。"
    )
    is_signed = forms.BooleanField(
        label="申请人签名的送达地址确认书已收进材料",
        error_messages={"required": "请先请申请人在送达地址确认书上签名，收进材料以后勾选。"},
    )


class OtherServiceForm(CaseActForm):
    way = forms.ChoiceField(
        label="改用哪种方式", choices=[(one.value, one.label) for one in (DeliveryWay.POST, DeliveryWay.WINDOW)]
    )
    proof = forms.CharField(
        label="送达凭证",
        max_length=LONGEST_PROOF,
        help_text="签收人或者邮件号。",
        error_messages={"required": "请写明送达凭证：签收人或者邮件号。"},
    )
    served_on = DayField(label="哪天送达的", required=False, help_text="不填就是今天。")
