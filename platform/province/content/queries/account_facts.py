"""What is wrong with the facts of a media account, one by one or in a row of a table."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from foundation.errors import Fault
from foundation.text_encoding import is_plain
from province.content.connectors import ACCOUNT_CONNECTORS
from province.content.models import MediaAccount

# heading of the table -> fact
HEADINGS: dict[str, str] = {
    "平台": "platform",
    "账号名称": "name",
    "平台账号": "external_id",
    "主管单位": "owner",
    "区划代码": "code",
    "备案号": "filing_number",
    "备案日期": "filed_on",
    "负责人": "contact_name",
    "联系电话": "contact_phone",
    "接口": "connector",
    "接口地址": "endpoint",
}
LABELS = {name: heading for heading, name in HEADINGS.items()}
REQUIRED = frozenset({"platform", "name", "external_id", "owner", "code"})
_LONGEST = {
    "name": 80,
    "external_id": 80,
    "owner": 80,
    "filing_number": 40,
    "contact_name": 40,
    "contact_phone": 40,
    "endpoint": 300,
}
_LABELS = {value: str(label) for value, label in MediaAccount.Platform.choices}
_PLATFORMS = {str(label): value for value, label in MediaAccount.Platform.choices}


def platform_of(text: str) -> str:
    """``wechat`` for ``wechat`` and 微信公众号; "" for what is no platform."""
    return text if text in MediaAccount.Platform.values else _PLATFORMS.get(text, "")


def unit_refusal(account: MediaAccount) -> str:
    """Why a unit that has this account may file no second one on its platform (国办发〔2018〕123号)."""
    return (
        f"“{account.owner}”在{account.get_platform_display()}已备案账号“{account.name}”（{account.external_id}）。"
        "一个单位在同一平台只开设一个账号，请先注销原账号。"
    )


def account_faults(facts: Mapping[str, str]) -> list[Fault]:
    """A fault for every wrong fact among these; ``platform`` is a value, ``filed_on`` an ISO date or ""."""
    faults = [Fault(name, message) for name, value in facts.items() if (message := _fault_of(name, value))]
    connector = ACCOUNT_CONNECTORS.get(facts.get("connector", ""))
    if connector and connector.needs_endpoint and not facts.get("endpoint"):
        faults.append(Fault("endpoint", f"选择了“{connector.label}”，请填写接口地址。"))
    if connector and connector.platform and connector.platform != platform_of(facts.get("platform", "")):
        faults.append(Fault("connector", f"“{connector.label}”接口只用于{_LABELS[connector.platform]}账号。"))
    return faults


def _fault_of(name: str, value: str) -> str:  # noqa: PLR0911 - one line a rule
    if not value:
        return f"请填写{LABELS[name]}。" if name in REQUIRED else ""
    if not is_plain(value):
        return f"{LABELS[name]}不能含有换行或控制字符。"
    if len(value) > _LONGEST.get(name, len(value)):
        return f"{LABELS[name]}不能超过 {_LONGEST[name]} 个字。"
    if name == "platform" and not platform_of(value):
        return f"没有“{value[:20]}”这个平台，应为：{'、'.join(_PLATFORMS)}。"
    if name == "filed_on" and not _is_date(value):
        return "备案日期应写成 2026-01-31 的形式。"
    if name == "connector" and value not in ACCOUNT_CONNECTORS:
        return f"没有“{value[:20]}”这个接口，应为：{'、'.join(ACCOUNT_CONNECTORS)}。"
    if name == "endpoint" and not _is_web_address(value):
        return "接口地址应是以 https:// 或 http:// 开头的网址，且不带账号密码。"
    return ""


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in {"https", "http"} and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        )
    except ValueError:
        return False
