"""Stands in for Debian's archive of moments where that is not to be had: one moment alone, whose lists and packages are
those of the mirror today. So what apt is told is tried with real, signed lists; that they are of then is not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MOMENT = "20261201T000000Z"
_MIRROR = "http://deb.debian.org"


class _Redirects(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        _, name, moment, rest = [*self.path.removeprefix("/archive").split("/", 3), "", "", ""][:4]
        if name in {"debian", "debian-security"} and moment == MOMENT:
            self.send_response(302)
            self.send_header("Location", f"{_MIRROR}/{name}/{rest}")
        else:
            self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def archive() -> Iterator[str]:
    """Its address, for ``--build-arg ARCHIVE``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Redirects)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/archive"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
