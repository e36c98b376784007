"""How long an act in the designer of forms takes, in a browser: from the key or click until its frame is drawn.

The island that is shipped, on a page of its own with forms of 10, 200 and 1,000 fields. What the server is asked while
nothing is typed (study, saving) is answered by a server on loopback and counts in no act. The largest form begins 70
fields below 1,000, which is the most that a form may have: acts add some.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from threading import Thread
from typing import Any, ClassVar, Final, override

from playwright.sync_api import Page, sync_playwright

from benchmarks.measuring import line
from benchmarks.world import ROOT, Profile
from standards.forms.definition import MOST_FIELDS
from standards.forms.palette import palette

_SIZES: Final = (10, 200, 1_000)
_ROOM: Final = 70
_BOUND: Final = 100.0  # ms
_TIMES: Final = 31
_FIELDS_A_PAGE: Final = 50
_KINDS: Final = ("short_text", "number", "date", "choice", "mobile")
_STATIC: Final = {
    "/design/": ROOT / "platform/foundation/design/static/design",
    "/designer/": ROOT / "platform/province/designers/static/designers/form_designer",
}
_MEDIA: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_ANSWERS: Final = {
    "/save": {"revision": 1},
    "/study": {"faults": [], "names": [], "expressions": {}, "is_editable": True},
}
# an act is over when its frame is drawn: what comes after that frame waits for the next task
_ACT = """act => new Promise(done => {
  const began = performance.now();
  act();
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now() - began);
    channel.port2.postMessage(0);
  });
})"""
_KEY = """new KeyboardEvent('keydown', {{
  key: {key!r}, altKey: {alt}, ctrlKey: {control}, bubbles: true, cancelable: true,
}})"""


def _pressed(key: str, *, alt: bool = False, control: bool = False) -> str:
    event = _KEY.format(key=key, alt=str(alt).lower(), control=str(control).lower())
    return f"() => document.querySelector('[role=tree]').dispatchEvent({event})"


# label of an act -> what is done
_ACTS: Final = {
    "select": _pressed("ArrowDown"),
    "add": "() => document.querySelector('.fd-palette li button').click()",
    "type": """() => {
      const box = document.querySelector('[data-side] input[type=text]');
      box.value += '字';
      box.dispatchEvent(new Event('input', {bubbles: true}));
    }""",
    "move": _pressed("ArrowUp", alt=True),
    "duplicate": _pressed("d", control=True),
    "delete": _pressed("Delete"),
    "undo": "() => document.querySelector('.fd-bar button').click()",
}


class _Pages(BaseHTTPRequestHandler):
    page: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        folder = next((folder for start, folder in _STATIC.items() if self.path.startswith(start)), None)
        if folder is None:
            self._answer(type(self).page, "text/html; charset=utf-8")
            return
        file = folder / self.path.rpartition("/")[2]
        self._answer(file.read_bytes(), _MEDIA[file.suffix])

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(json.dumps(_ANSWERS[self.path]).encode(), "application/json")

    do_PATCH = do_POST  # noqa: N815 - the name that http.server calls

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: figures are all that is printed."""

    def _answer(self, body: bytes, media: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media)
        self.end_headers()
        self.wfile.write(body)


def run(profile: Profile) -> list[dict[str, Any]]:  # noqa: ARG001 - every benchmark's signature
    lines = []
    with _served() as address, sync_playwright() as playwright:
        program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for size in _SIZES:
            begun = min(size, MOST_FIELDS - _ROOM)
            _Pages.page = _page(begun)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(address)
            page.locator("[role=treeitem]").nth(begun).wait_for(state="attached")
            taken = {name: _taken(page, act) for name, act in _ACTS.items()}
            page.close()
            slowest = max(found["median"] for found in taken.values())
            lines.append(
                line(
                    f"an act in the designer of forms, {size:,} fields",
                    measured=f"{slowest} ms (median of the slowest act)",
                    bound=f"{_BOUND:.0f} ms",
                    holds=slowest <= _BOUND,
                    acts=taken,
                )
            )
        browser.close()
    return lines


def _taken(page: Page, act: str) -> dict[str, float]:
    times = sorted(page.evaluate(f"() => ({_ACT})({act})") for _ in range(_TIMES))
    return {"median": round(median(times), 1), "p95": round(times[int(len(times) * 0.95)], 1)}


@contextmanager
def _served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _page(size: int) -> bytes:
    given = {
        "definition": _form(size),
        "revision": 0,
        "urls": {"save": "/save", "study": "/study", "expression": "/study", "names": "/names"},
        "previews": [],
    }
    written = {
        name: json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
        for name, value in (("palette", palette()), ("form", given))
    }
    data = "".join(
        f'<script type="application/json" id="designer-{name}">{text}</script>' for name, text in written.items()
    )
    sheets = "".join(
        f'<link rel="stylesheet" href="{sheet}">'
        for sheet in ("/design/tokens.css", "/design/components.css", "/designer/form_designer.css")
    )
    return (
        f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">{sheets}</head><body>{data}'
        '<div class="fd" data-form-designer data-icons="/design/icons.svg"></div>'
        '<script type="module" src="/designer/form_designer.js"></script></body></html>'
    ).encode()


def _form(size: int) -> dict[str, Any]:
    fields = [
        {**types["start"], "type": kind, "name": f"field_{place}", "label": f"第 {place} 个字段"}
        for place in range(size)
        for kind in (_KINDS[place % len(_KINDS)],)
        for types in (palette()["types"][kind],)
    ]
    pages = [fields[start : start + _FIELDS_A_PAGE] for start in range(0, size, _FIELDS_A_PAGE)]
    parts = [
        {"name": f"page_{number}", "label": f"第 {number + 1} 页", "fields": page} for number, page in enumerate(pages)
    ]
    return {"format": 1, "title": f"{size} 个字段", "parts": parts}
