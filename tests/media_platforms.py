"""Platforms of media accounts on loopback, written after their public documents: 微信公众号, 微博, and a collection of
the Atom Publishing Protocol. They refuse, delay, review, end tokens and lose answers, and count what they really did.

``moods``: path → what the next calls there meet, one each: "lost" (it is done, and nobody hears of it), "cut" (nothing
is done, nobody hears), "busy", "expired", "day" (the quota of the day), "minute", or a number (that error).
"""

import base64
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Lock
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from tests.servers import answering

_ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def form(self) -> dict[str, str]:
        """Fields of a form of either kind; a file as its bytes in Latin-1."""
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/"):
            return dict(parse_qsl(self.body.decode()))
        parts = self.body.split(b"--" + kind.partition("boundary=")[2].encode())
        found = {}
        for part in parts:
            head, _, content = part.partition(b"\r\n\r\n")
            if name := re.search(rb'name="([^"]+)"', head):
                text = content.removesuffix(b"\r\n")
                found[name[1].decode()] = text.decode("latin-1") if b"filename=" in head else text.decode()
        return found


@dataclass(frozen=True, slots=True)
class Told:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def told(said: Any, status: int = 200) -> Told:
    return Told(status, json.dumps(said, ensure_ascii=False).encode())


@dataclass
class Platform:
    calls: list[Call] = field(default_factory=list)
    moods: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    delay: float = 0.0
    address: str = ""
    lock: Lock = field(default_factory=Lock)

    def count(self, path: str) -> int:
        return sum(one.path == path for one in self.calls)

    def answer(self, call: Call) -> Told | None:
        """None: the line is cut."""
        with self.lock:
            self.calls.append(call)
            waiting = self.moods.get(call.path)
            mood = waiting.pop(0) if waiting else ""
        time.sleep(self.delay)
        with self.lock:
            if mood == "cut":
                return None
            if mood not in {"", "lost"}:
                return self.fault(mood)
            found = self.act(call)
        return None if mood == "lost" else found

    def fault(self, mood: Any) -> Told:
        raise NotImplementedError

    def act(self, call: Call) -> Told:
        raise NotImplementedError

    @contextmanager
    def running(self) -> Iterator[Self]:
        with answering(_handler_of(self)) as address:
            self.address = f"http://{address}"
            yield self


def _handler_of(platform: Platform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                # who was sending it is gone: nothing was said
                self.close_connection = True
                return
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = platform.answer(Call(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body))
            if reply is None:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(reply.body)
            except OSError:
                self.close_connection = True

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_DELETE(self) -> None:
            self._serve()

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@dataclass
class WeChat(Platform):
    """``in_review``: submitted drafts are under review until that ends; ``verdict``: the status that it ends with. A
    second submission of a draft under review is taken and published a second time: the worst that it could do."""

    secret: str = "s1"
    may_delete: bool = True
    in_review: bool = False
    verdict: int = 0
    token: str = ""
    fetched: int = 0
    made: int = 0
    pictures: list[str] = field(default_factory=list)
    covers: list[str] = field(default_factory=list)
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    # what readers see, and everything that they ever saw
    articles: dict[str, dict[str, Any]] = field(default_factory=dict)
    published: list[dict[str, Any]] = field(default_factory=list)

    def fault(self, mood: Any) -> Told:
        codes = {"busy": -1, "expired": 42001, "day": 45009, "minute": 45011}
        return told({"errcode": codes.get(mood, mood), "errmsg": "no"})

    def act(self, call: Call) -> Told:
        if call.path == "/cgi-bin/stable_token":
            return self._token(call.said)
        if not self.token or call.query.get("access_token") != self.token:
            return told({"errcode": 40001, "errmsg": "invalid credential"})
        self._settle()
        found = getattr(self, "_" + call.path.removeprefix("/cgi-bin/").replace("/", "_"))(call)
        return told(found if isinstance(found, dict) else {"errcode": found, "errmsg": "no"})

    def _token(self, said: dict[str, Any]) -> Told:
        if said["secret"] != self.secret:
            return told({"errcode": 40125, "errmsg": "invalid appsecret"})
        self.fetched += 1
        self.token = self.token or f"access-of-wechat-{self.fetched}"
        return told({"access_token": self.token, "expires_in": 7200})

    def _settle(self) -> None:
        for key, job in self.jobs.items():
            if job["status"] == 1 and not self.in_review:
                job["status"] = self.verdict
                if self.verdict == 0:
                    job["article"] = f"article-{key}"
                    self.articles[job["article"]] = job["said"]
                    self.published.append(job["said"])
                    self.drafts.pop(job["draft"], None)

    def _media_uploadimg(self, call: Call) -> Any:
        content = call.form["media"].encode("latin-1")
        if not content.startswith((b"\xff\xd8", b"\x89PNG")):
            return 40137
        if len(content) > 1024 * 1024:
            return 40009
        self.pictures.append(f"https://mmbiz.qpic.cn/{len(self.pictures)}")
        return {"url": self.pictures[-1]}

    def _material_add_material(self, call: Call) -> Any:
        if call.query["type"] != "image" or not call.form["media"].startswith("\xff\xd8"):
            return 40137
        self.covers.append(f"cover-{len(self.covers)}")
        return {"media_id": self.covers[-1], "url": "https://mmbiz.qpic.cn/cover"}

    def _draft_add(self, call: Call) -> Any:
        [article] = call.said["articles"]
        if len(article["title"]) > 32:
            return 45003
        if article["thumb_media_id"] not in self.covers:
            return 40007
        if any(one not in self.pictures for one in re.findall(r'<img[^>]*src="([^"]*)"', article["content"])):
            return 45166
        self.made += 1
        key = f"draft-{self.made}"
        self.drafts[key] = article
        return {"media_id": key}

    def _draft_batchget(self, call: Call) -> Any:
        return self._list(call, "media_id", self.drafts)

    def _draft_get(self, call: Call) -> Any:
        found = self.drafts.get(call.said["media_id"])
        return {"news_item": [found]} if found else 40007

    def _draft_delete(self, call: Call) -> Any:
        return 0 if self.drafts.pop(call.said["media_id"], None) else 40007

    def _freepublish_submit(self, call: Call) -> Any:
        draft = call.said["media_id"]
        if draft not in self.drafts:
            return 40007
        key = str(len(self.jobs) + 1)
        self.jobs[key] = {"draft": draft, "said": self.drafts[draft], "status": 1}
        return {"publish_id": key, "msg_data_id": key}

    def _freepublish_get(self, call: Call) -> Any:
        job = self.jobs.get(str(call.said["publish_id"]))
        if job is None:
            return 40007
        return {"publish_id": call.said["publish_id"], "publish_status": job["status"], "fail_idx": []} | (
            {"article_id": job["article"]} if "article" in job else {}
        )

    def _freepublish_batchget(self, call: Call) -> Any:
        return self._list(call, "article_id", self.articles)

    def _freepublish_delete(self, call: Call) -> Any:
        if not self.may_delete:
            return 48001
        return 0 if self.articles.pop(call.said["article_id"], None) else 53600

    @staticmethod
    def _list(call: Call, name: str, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
        start, count = call.said["offset"], call.said["count"]
        newest = list(reversed(rows.items()))[start : start + count]
        items = [{name: key, "content": {"news_item": [{**one, "content": ""}]}} for key, one in newest]
        return {"total_count": len(rows), "item_count": len(items), "item": items}


@dataclass
class Weibo(Platform):
    """``shows``: whether it lets the app read the account's own statuses; ``deletes``: and delete them."""

    token: str = "access-of-weibo"
    shows: bool = True
    deletes: bool = True
    statuses: dict[str, str] = field(default_factory=dict)
    published: list[str] = field(default_factory=list)

    def fault(self, mood: Any) -> Told:
        codes = {"busy": 10001, "expired": 21327, "day": 10023}
        return self._error(codes.get(mood, mood))

    @staticmethod
    def _error(code: int) -> Told:
        return told({"error": "no", "error_code": code, "request": "/"}, 400 if code > 10010 else 503)

    def act(self, call: Call) -> Told:
        fields = {**call.query, **(call.form if call.method == "POST" else {})}
        if fields.get("access_token") != self.token:
            return self._error(21332)
        if call.path.endswith("/user_timeline.json"):
            rows = [{"idstr": key, "text": text} for key, text in reversed(self.statuses.items())]
            return told({"statuses": rows}) if self.shows else self._error(10014)
        if call.path.endswith("/destroy.json"):
            if not self.deletes:
                return self._error(10014)
            return told({"idstr": fields["id"]}) if self.statuses.pop(fields["id"], None) else self._error(20101)
        return self._share(re.sub(r"https?://\S+", "http://t.cn/A6x", fields["status"]))

    def _share(self, text: str) -> Told:
        if "http" not in text:
            return self._error(10017)
        if text in self.statuses.values():
            return self._error(20019)
        key = str(5_000_000_000_000_000 + len(self.published))
        self.statuses[key] = text
        self.published.append(text)
        return told({"idstr": key, "text": text})


@dataclass
class AtomCollection(Platform):
    """``keeps``: which of our two marks it leaves in an entry; ``deletes``: whether it lets us; ``user``: whom it takes
    entries from."""

    keeps: str = "id"
    deletes: bool = True
    page: int = 3
    user: str = "yizhan"
    entries: dict[str, str] = field(default_factory=dict)
    published: list[str] = field(default_factory=list)

    def fault(self, mood: Any) -> Told:
        return Told({"busy": 503, "day": 429}.get(mood, mood), headers={"Retry-After": "600"} if mood == "day" else {})

    def act(self, call: Call) -> Told:
        if call.headers.get("authorization") != "Basic " + base64.b64encode(f"{self.user}:s1".encode()).decode():
            return Told(401)
        if call.method == "POST":
            return self._post(call.body)
        if call.method == "DELETE":
            if not self.deletes:
                return Told(405)
            return Told(204) if self.entries.pop(call.path, None) else Told(410)
        start = int(call.query.get("from", 0))
        newest = list(reversed(self.entries.values()))
        following = f'<link rel="next" href="?from={start + self.page}"/>' if start + self.page < len(newest) else ""
        body = "".join(newest[start : start + self.page])
        return Told(body=f'<feed xmlns="http://www.w3.org/2005/Atom">{following}{body}</feed>'.encode())

    def _post(self, body: bytes) -> Told:
        said = etree.fromstring(body)
        key = f"/entries/{len(self.published) + 1}"
        number = said.findtext(f"{_ATOM}id") if self.keeps == "id" else f"tag:{key}"
        kept = "".join(
            f"<category scheme={quoteattr(one.get('scheme'))} term={quoteattr(one.get('term'))}/>"
            for one in said.iterfind(f"{_ATOM}category")
            if one.get("scheme") and self.keeps == "category"
        )
        title = said.findtext(f"{_ATOM}title")
        self.entries[key] = (
            f'<entry><id>{number}</id><title>{escape(title)}</title>{kept}<link rel="edit" href="{key}"/></entry>'
        )
        self.published.append(body.decode())
        return Told(201, headers={"Location": f"{self.address}{key}"})
