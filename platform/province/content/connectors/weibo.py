"""微博, after its public documents (OAuth2, API 2): one short status with the address of the page (statuses/share),
taken back by statuses/destroy where the account has that right.

Where an answer was lost, the platform is asked for the account's newest statuses and ours is known by its words. Many
apps see only the five newest, or none (error 10014): then it cannot answer. We send once more, and 微博 itself refuses
the same words twice within a while (20019), which we take for "it is there"; what it is called stays unknown then, so
that taking it back is left to people.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings

from foundation.events.outgoing import Deferred, Failed, Refused, ask
from province.content.connectors.parcels import Journal, Parcel, PlatformCredential, Receipt, carry_out, credential_of
from province.content.connectors.platforms import PlatformRefused, as_form, first_picture, picture_of

# of 微博's own counting: a Chinese character is one, two letters are one, an address is ten
LONGEST_STATUS = 140
_ADDRESS_COUNTS = 10
LARGEST_PICTURE = 4 * 1024 * 1024
_NEWEST = 20
# in place of an id that the platform has not told
UNKNOWN = "?"

_EXPIRED: Final = frozenset({21314, 21315, 21316, 21317, 21327, 21332})
_PER_HOUR: Final = frozenset({10022, 10023, 10024})
_REPEATED: Final = frozenset({20017, 20019})
_GONE: Final = frozenset({20101})
_NOT_GRANTED: Final = frozenset({10014, 10013, 20112})
# it was taken, and is shown only in a minute or two
_SLOW: Final = 20032
_REFUSALS: Final[Mapping[int, str]] = {
    10005: "应用没有权限使用这个接口，请在微博开放平台申请。",
    10006: "缺少应用的 App Key，请在账号页核对接口凭据。",
    10014: "应用没有权限使用这个接口，请在微博开放平台申请。",
    10017: "内容的格式微博不接受，多为地址不在应用的安全域名里，请在微博开放平台加上服务厅的域名。",
    20003: "没有这个微博用户，请核对账号。",
    20012: "内容超过微博的限制，请缩短标题或摘要后换版。",
    20018: "微博认为内容不合规，请修改后换版。",
    20020: "微博认为内容像广告，请修改后换版。",
    20021: "微博认为内容不合规，请修改后换版。",
    20031: "微博认为账号操作异常，请在微博上完成验证。",
}
_LINK = re.compile(r"\s*https?://\S+.*\Z", re.DOTALL)
_BY_HAND: Final = "微博没有给这个账号自动删除的权限，请在微博上人工删除这条微博。"


class WeiboConnector:
    def deliver(self, parcel: Parcel) -> Receipt:
        credential = credential_of(parcel, "微博的访问令牌")
        try:
            return carry_out(
                parcel, take_back=lambda one: _take_back(credential, one), show=lambda: _share(credential, parcel)
            )
        except PlatformRefused as refusal:
            raise refusal.told("微博", _REFUSALS, otherwise="微博不接受。") from refusal

    @staticmethod
    def refusal(*, title: str, body: str, has_picture: bool) -> str:  # noqa: ARG004 - of every connector
        """It takes any: what is too long is shortened, since the address leads to the whole."""
        return ""


def _share(credential: PlatformCredential, parcel: Parcel) -> str:
    journal = parcel.journal
    words, address = _words(parcel), parcel.content["url"] or parcel.site
    if "status" not in journal and journal.get("begun") and (found := _status_of(credential, words, parcel)):
        journal.note(status=found)
    if "status" not in journal:
        picture_id = first_picture(parcel)
        files = {}
        if picture_id:
            files["pic"] = ("picture.jpg", picture_of(parcel, picture_id, most_bytes=LARGEST_PICTURE), "image/jpeg")
        was_begun = journal.get("begun", False)
        # noted before it is sent, so that a lost answer is known to be one
        journal.note(begun=True, words=words)
        body, headers = as_form({"access_token": credential.secret, "status": f"{words} {address}"}, files)
        journal.note(status=_shared(body, headers, journal, was_begun=was_begun))
    status: str = journal["status"]
    return "" if status == UNKNOWN else status


def _shared(body: bytes, headers: dict[str, str], journal: Journal, *, was_begun: bool) -> str:
    try:
        said = _asked("POST", "/2/statuses/share.json", body=body, headers=headers)
    except PlatformRefused as refusal:
        if refusal.code == _SLOW:
            raise Deferred("微博已收下，一两分钟后核实是否已显示。", wait=timedelta(minutes=2)) from refusal
        if refusal.code in _REPEATED and was_begun:
            return UNKNOWN
        journal.note(begun=False)
        if refusal.code in _REPEATED:
            message = f"微博提示内容与近期发过的重复，请修改标题或摘要后换版。（微博错误码 {refusal.code}）"
            raise Refused(message) from refusal
        raise
    except Deferred:
        journal.note(begun=False)
        raise
    return str(said.get("idstr") or said.get("id") or UNKNOWN)


def _words(parcel: Parcel) -> str:
    content = parcel.content
    left = LONGEST_STATUS - _ADDRESS_COUNTS
    return f"【{content['title']}】{content['summary']}"[:left].replace("\n", " ").strip()


def _status_of(credential: PlatformCredential, words: str, parcel: Parcel) -> str:
    """The id of the account's status with these words, "" where there is none or the platform does not say."""
    others = {one.get("status") for one in parcel.earlier}
    try:
        query = urlencode({"access_token": credential.secret, "count": _NEWEST, "trim_user": 1})
        said = _asked("GET", f"/2/statuses/user_timeline.json?{query}")
    except PlatformRefused as refusal:
        if refusal.code not in _NOT_GRANTED:
            raise
        return ""
    for one in said.get("statuses", []):
        found = str(one.get("idstr") or one.get("id") or "")
        # it shortens addresses: the words before them are ours
        if found and found not in others and _LINK.sub("", str(one.get("text", ""))).strip() == words:
            return found
    return ""


def _take_back(credential: PlatformCredential, journal: Journal) -> str:
    if "status" not in journal and not journal.get("begun"):
        return ""
    found = journal.get("status", UNKNOWN)
    if found == UNKNOWN:
        return "不能确定这条微博的编号，请在微博上查看这个账号，如有这条微博请人工删除。"
    if not credential.may_delete:
        return _BY_HAND
    body, headers = as_form({"access_token": credential.secret, "id": found})
    try:
        _asked("POST", "/2/statuses/destroy.json", body=body, headers=headers)
    except PlatformRefused as refusal:
        if refusal.code in _NOT_GRANTED:
            return _BY_HAND
        if refusal.code not in _GONE:
            raise
    return ""


def _asked(
    method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Raises PlatformRefused, Failed and Deferred. Errors come with status 400 or 403, and their code in the body."""
    url = f"{settings.MEDIA_PLATFORMS['weibo']}{path}"
    answer = ask(method, url, headers=headers or {}, body=body, largest=512 * 1024, is_of_settings=True)
    said = answer.json_object
    code = said.get("error_code") if said else None
    if code in _EXPIRED:
        message = f"微博的授权已过期或被解除，请账号管理员重新授权，并在账号页填写新的访问令牌。（微博错误码 {code}）"
        raise Refused(message)
    if code in _PER_HOUR:
        message = f"微博的接口次数用完了，一小时后自动继续（微博错误码 {code}）。"
        raise Deferred(message, wait=timedelta(hours=1))
    if isinstance(code, int) and code >= 10004:  # noqa: PLR2004 - below it are faults of its own servers
        raise PlatformRefused(code)
    if not answer.is_good or said is None:
        message = f"微博答复 {answer.status}。"
        raise Failed(message, retry_after=answer.retry_after)
    return said
