"""微信公众号, after its public documents (草稿箱, 发布能力): a draft is made, submitted, reviewed there, and can be
deleted.

Every answer is noted before the next question. Where an answer was lost, the platform is asked what it has: each draft
bears in its 阅读原文 address, after ``#``, the id of the delivery, and the lists of drafts and of published articles
say it.

What it cannot be asked: whether a submitted draft whose ``publish_id`` was lost is under review just now. Then we wait
for SETTLED and ask the list of published articles all the while; only a draft that still lies in the box after that is
submitted again (a published one has left it). Pictures and covers whose answer was lost are uploaded again: nobody sees
the first copy, it only counts to the account's store of material.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from foundation.events.outgoing import Deferred, Failed, Refused, ask
from foundation.html import picture_ids, with_addresses, without_links
from province.content.connectors.parcels import Journal, Parcel, PlatformCredential, Receipt, carry_out, credential_of
from province.content.connectors.platforms import (
    PlatformRefused,
    age_of,
    as_form,
    first_picture,
    picture_of,
    until_tomorrow,
)

LONGEST_TITLE = 32
LONGEST_AUTHOR = 16
LONGEST_DIGEST = 120
LONGEST_BODY = 20_000  # characters, of markup as well
LARGEST_BODY = 1024 * 1024
LARGEST_PICTURE = 1024 * 1024
LARGEST_COVER = 2 * 1024 * 1024
# after which a draft that was submitted is either published or not
SETTLED = timedelta(minutes=30)
# the platform's review: asked often at first
SOONEST, LATEST = timedelta(seconds=20), timedelta(minutes=10)
LONGEST_REVIEW = timedelta(days=3)
# of one attempt that uploads pictures: well within what a claim and a task may take
_UPLOADS_FOR = 40
_PAGE, _PAGES = 20, 5
_LARGEST_LIST = 512 * 1024

_EXPIRED: Final = frozenset({40001, 40014, 42001})
_GONE_DRAFT: Final = 40007
_GONE_ARTICLE: Final = frozenset({53600})
_NOT_GRANTED: Final = frozenset({48001, 48004})
_PER_DAY: Final = frozenset({45009, 45028})
_PER_MINUTE: Final = frozenset({45011, 53501})
_REFUSALS: Final[Mapping[int, str]] = {
    40013: "开发者 ID（AppID）无效，请在账号页核对接口凭据。",
    40125: "应用密钥（AppSecret）无效或已重置，请在账号页重新填写。",
    40164: "本平台的出口地址不在公众号的 IP 白名单里，请在公众平台“设置与开发”里加上。",
    40243: "应用密钥（AppSecret）已被冻结，请在公众平台解冻。",
    89503: "公众号管理员还没有确认本平台的出口地址，请管理员在微信里确认。",
    48001: "这个公众号没有发布接口的权限，多为未认证，请先完成认证。",
    50002: "这个公众号被平台限制，请在公众平台查看通知。",
    45003: "标题超过平台限制，请缩短后换版。",
    45002: "正文超过平台限制，请缩短后换版。",
    45166: "正文里有平台不允许的内容，请修改后换版。",
    45008: "图文内容超过平台限制，请缩短后换版。",
    40009: "图片超过平台限制，请换小一些的图片。",
    40137: "图片格式平台不收，请换成 JPG 或 PNG。",
    53502: "平台认为这篇草稿有误，请在公众平台的草稿箱里查看。",
    53503: "草稿没有通过平台的发布检查，请在公众平台的草稿箱里查看。",
    53504: "平台要求到公众平台官网上使用这篇草稿。",
    53505: "平台要求先在公众平台官网上保存这篇草稿。",
}
# publish_status of freepublish/get
_PUBLISHED, _IN_REVIEW, _DELETED, _BANNED = 0, 1, 5, 6
_FAILURES: Final[Mapping[int, str]] = {
    2: "平台判定原创声明失败",
    3: "平台发布失败",
    4: "没有通过平台的审核",
}


class WeChatConnector:
    def deliver(self, parcel: Parcel) -> Receipt:
        api = _Api(credential_of(parcel, "公众号的 AppID 和 AppSecret"))

        def publish() -> str:
            _add_draft(api, parcel)
            _submit(api, parcel.journal)
            return _article(api, parcel.journal)

        try:
            return carry_out(parcel, take_back=lambda one: _take_back(api, one), show=publish)
        except PlatformRefused as refusal:
            raise refusal.told("微信", _REFUSALS, otherwise="平台不接受。") from refusal

    @staticmethod
    def refusal(*, title: str, body: str, has_picture: bool) -> str:
        """Why the platform would not take such a text, "" for nothing."""
        if len(title) > LONGEST_TITLE:
            return f"标题有 {len(title)} 个字，公众号最多 {LONGEST_TITLE} 个"
        if len(body) > LONGEST_BODY or len(body.encode()) > LARGEST_BODY:
            return f"正文连同格式有 {len(body):,} 个字符，公众号最多 {LONGEST_BODY:,} 个"
        return "" if has_picture else "没有封面，正文里也没有图片，公众号必须有封面"


@dataclass(slots=True)
class _Api:
    credential: PlatformCredential

    def call(self, path: str, said: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(said, ensure_ascii=False).encode()
        return self._with_token(path, {}, body, {"Content-Type": "application/json; charset=utf-8"})

    def upload(self, path: str, content: bytes, **query: str) -> dict[str, Any]:
        body, headers = as_form({}, {"media": ("picture.jpg", content, "image/jpeg")})
        return self._with_token(path, query, body, headers)

    def _with_token(self, path: str, query: Mapping[str, str], body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        """A token that is over is renewed once: nothing was done under it."""
        token = self.credential.token(refused="", fetch=self._fetch)
        try:
            return _asked(path, {**query, "access_token": token}, body, headers)
        except PlatformRefused as refusal:
            if refusal.code not in _EXPIRED:
                raise
        token = self.credential.token(refused=token, fetch=self._fetch)
        try:
            return _asked(path, {**query, "access_token": token}, body, headers)
        except PlatformRefused as refusal:
            if refusal.code not in _EXPIRED:
                raise
            message = f"刚换的访问令牌平台也不接受，稍后再试（微信错误码 {refusal.code}）。"
            raise Failed(message) from refusal

    def _fetch(self) -> tuple[str, int]:
        """By stable_token in its usual mode: it gives everybody the same token and ends nobody's."""
        facts = {
            "grant_type": "client_credential",
            "appid": self.credential.name,
            "secret": self.credential.secret,
            "force_refresh": False,
        }
        said = _asked("/cgi-bin/stable_token", {}, json.dumps(facts).encode(), {"Content-Type": "application/json"})
        token, seconds = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            raise Failed("微信的答复里没有访问令牌。")
        return token, seconds


def _asked(path: str, query: Mapping[str, str], body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """Raises PlatformRefused for a code that is final or the caller's to judge, Failed and Deferred for others."""
    url = f"{settings.MEDIA_PLATFORMS['wechat']}{path}" + (f"?{urlencode(query)}" if query else "")
    answer = ask("POST", url, headers=headers, body=body, largest=_LARGEST_LIST, is_of_settings=True)
    if not answer.is_good:
        message = f"微信答复 {answer.status}。"
        raise Failed(message, retry_after=answer.retry_after)
    said = answer.json_object
    if said is None:
        raise Failed("微信的答复不合约定。")
    code = said.get("errcode", 0)
    if code in _PER_DAY:
        message = f"公众号今天的接口次数用完了，明天零点后自动继续（微信错误码 {code}）。"
        raise Deferred(message, wait=until_tomorrow())
    if code in _PER_MINUTE:
        message = f"微信嫌请求太密，一分钟后自动继续（微信错误码 {code}）。"
        raise Deferred(message, wait=timedelta(minutes=1))
    if code == -1:
        raise Failed("微信系统繁忙。")
    if code:
        raise PlatformRefused(int(code))
    return said


def _add_draft(api: _Api, parcel: Parcel) -> None:
    journal = parcel.journal
    if "draft" in journal:
        return
    if "draft_begun" in journal and (found := _draft_of(api, journal.id)):
        journal.note(draft=found)
        return
    article = _written(api, parcel)
    journal.note(draft_begun=True)
    said = api.call("/cgi-bin/draft/add", {"articles": [article]})
    journal.note(draft=_named(said, "media_id"))


def _written(api: _Api, parcel: Parcel) -> dict[str, Any]:
    """The article with its pictures uploaded. Raises Refused for what the platform would not take."""
    content, cover_id = parcel.content, first_picture(parcel)
    title, body = content["title"], without_links(content["body_html"])
    if fault := WeChatConnector.refusal(title=title, body=body, has_picture=bool(cover_id)):
        raise Refused(f"{fault}。请修改后换版。")
    pictures, cover = _uploaded(api, parcel, picture_ids(body), cover_id)
    return {
        "article_type": "news",
        "title": title,
        "author": (content["author"] or content["source"])[:LONGEST_AUTHOR],
        "digest": content["summary"][:LONGEST_DIGEST],
        "content": with_addresses(body, pictures),
        "content_source_url": f"{content['url'] or parcel.site}#{parcel.journal.id}",
        "thumb_media_id": cover,
        "need_open_comment": 0,
    }


def _uploaded(api: _Api, parcel: Parcel, ids: list[str], cover_id: str) -> tuple[dict[str, str], str]:
    """Addresses at the platform by ids of pictures, and its id of the cover. What is uploaded is not uploaded again."""
    journal, until = parcel.journal, time.monotonic() + _UPLOADS_FOR
    pictures: dict[str, str] = dict(journal.get("pictures", {}))
    for one in ids:
        if one in pictures:
            continue
        if time.monotonic() > until:
            raise Deferred("图片较多，正在接着上传。", wait=timedelta(seconds=1))
        said = api.upload("/cgi-bin/media/uploadimg", picture_of(parcel, one, most_bytes=LARGEST_PICTURE))
        pictures[one] = _named(said, "url")
        journal.note(pictures=pictures)
    if "cover" not in journal:
        content = picture_of(parcel, cover_id, most_bytes=LARGEST_COVER)
        said = api.upload("/cgi-bin/material/add_material", content, type="image")
        journal.note(cover=_named(said, "media_id"))
    return pictures, journal["cover"]


def _submit(api: _Api, journal: Journal) -> None:
    if "publish_id" in journal or "article" in journal:
        return
    if journal.get("submitted_at") and not _may_submit_again(api, journal):
        return
    journal.note(submitted_at=timezone.now().isoformat())
    try:
        said = api.call("/cgi-bin/freepublish/submit", {"media_id": journal["draft"]})
    except (PlatformRefused, Deferred):
        # it says itself that it has not begun
        journal.note(submitted_at="")
        raise
    journal.note(publish_id=_named(said, "publish_id"))


def _may_submit_again(api: _Api, journal: Journal) -> bool:
    """After an answer that was lost. False where the article is out; raises Deferred until that is settled."""
    if found := _article_of(api, journal.id):
        journal.note(article=found)
        return False
    if age_of(journal["submitted_at"]) < SETTLED:
        raise Deferred("提交发布后没有收到微信的答复，正在核实它是否已经发布。", wait=timedelta(minutes=1))
    if _is_in_box(api, journal["draft"]):
        return True
    raise Refused("提交发布后没有收到微信的答复，草稿箱和已发布列表里都没有这篇文章，请到公众平台核对。")


def _article(api: _Api, journal: Journal) -> str:
    """The article's id once the platform's review is over. Raises Deferred while it lasts, Refused where it ended
    otherwise."""
    if "article" not in journal:
        status, article = _outcome(api, journal)
        if status in _FAILURES:
            # so that pushing it again begins anew; the draft stays in the box for people to look at
            message = f"{_FAILURES[status]}，请在公众平台查看原因，修改后换版。"
            raise Refused(message)
        if status in {_DELETED, _BANNED}:
            words = "发布后被平台封禁" if status == _BANNED else "发布后在公众平台被人工删除"
            raise Refused(f"{words}。")
        journal.note(article=article)
    found: str = journal["article"]
    return found


def _outcome(api: _Api, journal: Journal) -> tuple[int, str]:
    said = api.call("/cgi-bin/freepublish/get", {"publish_id": journal["publish_id"]})
    status = said.get("publish_status")
    if not isinstance(status, int):
        raise Failed("微信的答复里没有发布状态。")
    if status == _IN_REVIEW:
        age = age_of(journal["submitted_at"])
        if age > LONGEST_REVIEW:
            raise Refused("平台审核三天仍没有结果，请到公众平台查看。")
        raise Deferred("平台审核中，有结果后自动继续。", wait=min(max(age / 4, SOONEST), LATEST))
    return status, _named(said, "article_id") if status == _PUBLISHED else ""


def _take_back(api: _Api, journal: Journal) -> str:
    """Delete what this push has become there: nothing, a draft, something under review (waits for its end), an
    article."""
    if "draft" not in journal:
        found = _draft_of(api, journal.id) if "draft_begun" in journal else ""
        if not found:
            return ""
        journal.note(draft=found)
    article = journal.get("article") or _became(api, journal)
    path, said = "/cgi-bin/draft/delete", {"media_id": journal["draft"]}
    if article:
        path, said = "/cgi-bin/freepublish/delete", {"article_id": article}
    try:
        api.call(path, said)
    except PlatformRefused as refusal:
        if refusal.code == _GONE_DRAFT or refusal.code in _GONE_ARTICLE:
            return ""
        if refusal.code in _NOT_GRANTED:
            return "公众号没有删除接口的权限，请在公众平台“发表记录”里人工删除这篇文章。"
        raise
    return ""


def _became(api: _Api, journal: Journal) -> str:
    """The article that a draft has become, "" for none; raises Deferred while that is open."""
    if "publish_id" in journal:
        status, article = _outcome(api, journal)
        if status == _PUBLISHED:
            journal.note(article=article)
        return article
    if journal.get("submitted_at"):
        _may_submit_again(api, journal)
    found: str = journal.get("article", "")
    return found


def _draft_of(api: _Api, delivery_id: str) -> str:
    """The draft that bears the delivery's mark among the newest hundred, "" for none."""
    return _marked(api, "/cgi-bin/draft/batchget", "media_id", delivery_id)


def _article_of(api: _Api, delivery_id: str) -> str:
    """The published article that bears it, "" for none."""
    return _marked(api, "/cgi-bin/freepublish/batchget", "article_id", delivery_id)


def _marked(api: _Api, path: str, name: str, delivery_id: str) -> str:
    for page in range(_PAGES):
        said = api.call(path, {"offset": page * _PAGE, "count": _PAGE, "no_content": 1})
        items = said.get("item", [])
        for item in items:
            news = item.get("content", {}).get("news_item", [])
            if any(str(one.get("content_source_url", "")).endswith(f"#{delivery_id}") for one in news):
                return _named(item, name)
        if len(items) < _PAGE:
            break
    return ""


def _is_in_box(api: _Api, draft: str) -> bool:
    try:
        api.call("/cgi-bin/draft/get", {"media_id": draft})
    except PlatformRefused as refusal:
        if refusal.code != _GONE_DRAFT:
            raise
        return False
    return True


def _named(said: Mapping[str, Any], name: str) -> str:
    """Raises Failed where the answer lacks it."""
    found = said.get(name)
    if not isinstance(found, str | int) or not str(found):
        message = f"微信的答复里没有 {name}。"
        raise Failed(message)
    return str(found)
