"""How acts reach accounts outside: one connector a module, each the same to those who call it.

A connector may be called twice for one parcel (a worker was killed before it could note the receipt), always with the
same ``id`` and with the journal of what was noted by then: it passes the id on where the other side does an act once
for each, and otherwise asks the other side what it has before it sends anything again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from foundation.events.outgoing import Refused
from province.content.connectors.atom import AtomConnector
from province.content.connectors.http import HttpConnector
from province.content.connectors.parcels import Parcel, Receipt
from province.content.connectors.webpush import WebPushConnector
from province.content.connectors.wechat import WeChatConnector
from province.content.connectors.weibo import WeiboConnector

__all__ = ["ACCOUNT_CONNECTORS", "AccountConnector", "Connector", "Parcel", "Receipt", "connector_of"]


class Connector(Protocol):
    def deliver(self, parcel: Parcel) -> Receipt:
        """Carry out the act there. Raises Failed where another attempt may help, Refused where none will, Deferred
        where it is only too early."""


class LimitedConnector(Connector, Protocol):
    def refusal(self, *, title: str, body: str, has_picture: bool) -> str:
        """Why the platform would not take such a text, in Chinese; "" for nothing."""


@dataclass(frozen=True, slots=True)
class AccountConnector:
    """What an account may name. ``platform``: the only one that it is for, "" for all. ``name_label``, ``key_label``:
    what the platform calls the two parts of a credential, "" where it has none. ``needs_right_to_delete``: only
    accounts that were granted that right can be taken back by program; ``is_up_to_other_side``: nobody knows before."""

    label: str
    connector: LimitedConnector
    platform: str = ""
    needs_endpoint: bool = False
    name_label: str = ""
    key_label: str = ""
    needs_right_to_delete: bool = False
    is_up_to_other_side: bool = False


ACCOUNT_CONNECTORS: Mapping[str, AccountConnector] = {
    "http": AccountConnector("签名接口", HttpConnector(), needs_endpoint=True),
    "atom": AccountConnector(
        "Atom 发布协议",
        AtomConnector(),
        needs_endpoint=True,
        name_label="用户名",
        key_label="密码",
        is_up_to_other_side=True,
    ),
    "wechat": AccountConnector(
        "微信公众号",
        WeChatConnector(),
        platform="wechat",
        name_label="开发者 ID（AppID）",
        key_label="应用密钥（AppSecret）",
    ),
    "weibo": AccountConnector(
        "微博", WeiboConnector(), platform="weibo", key_label="访问令牌", needs_right_to_delete=True
    ),
}
# readers' installed apps have their own
_WEBPUSH = WebPushConnector()


def connector_of(parcel: Parcel) -> Connector:
    """Raises Refused where the account names a connector that there is no more."""
    if parcel.subscription is not None:
        return _WEBPUSH
    found = ACCOUNT_CONNECTORS.get(parcel.connector)
    if found is None:
        message = f"没有“{parcel.connector}”这个接口。"
        raise Refused(message)
    return found.connector
