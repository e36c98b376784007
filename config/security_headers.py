"""The outermost skin: who really asks, what browsers are told with every answer, and how much one may ask for."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import ip_address
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from config.middleware import error_response
from foundation.errors import Invalid, TooMany, Unavailable
from foundation.limits import seconds_to_wait

type Next = Callable[[HttpRequest], HttpResponse]

# no page asks for any of these
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope"),
        *("magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "usb"),
        *("xr-spatial-tracking", "browsing-topics", "interest-cohort"),
    )
)
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
# bytes of a body that are thrown away at once
_PIECE = 64 * 1024
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class ClientAddress:
    """Takes the reader's address and scheme from the proxies in front: the one of this machine, which alone comes by
    the web server's socket and so without an address, and those that ``PROXY_ADDRESSES`` names.

    These headers are not believed from anyone else: addresses are what tries and limits are counted by.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        is_by_socket = not meta.get("REMOTE_ADDR")
        if is_by_socket or _is_proxy(meta["REMOTE_ADDR"]):
            # each proxy adds at the end whom it heard: the last that is none of ours is the reader
            passed_on = [one.strip() for one in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
            readers = [one for one in passed_on if _is_address(one) and not _is_proxy(one)]
            if readers:
                meta["REMOTE_ADDR"] = readers[-1]
            elif is_by_socket:
                # the proxies' own machine asks, or one of our programs, which needs no proxy
                meta["REMOTE_ADDR"] = passed_on[-1] if _is_address(passed_on[-1]) else "127.0.0.1"
            if meta.get("HTTP_X_FORWARDED_PROTO") == "https":
                meta["wsgi.url_scheme"] = "https"
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_proxy(address: str) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in settings.PROXY_ADDRESSES)


class AnswerHeaders:
    """What Django's own middleware does not say. A view that says otherwise is left to it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        # pages of people at work stay in no cache; what may be kept says so itself
        headers.setdefault("Cache-Control", "no-store")
        return response


def _read_to_its_end(request: HttpRequest, length: int) -> None:
    """Throw away what a view has left of a body: an answer that overtakes its question is lost, and the proxy says 502
    in its place. What is too large anyway is not waited for."""
    if length <= settings.BODY_LIMIT:
        with suppress(OSError):
            while request.read(_PIECE):
                pass


class BodySlots:
    """Lets a few threads wait for bodies, and refuses more with 503: clients that send a byte at a time hold those few,
    and nobody is kept from reading. One address may have half of them.

    A short body is read here, at once, and its thread given back before the page is made; files are taken in by their
    views and hold it to the end, also where the store hangs.
    """

    _SHORT = 1024 * 1024

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self._lock = Lock()
        self._waiting: Counter[str] = Counter()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) == 0:
            return self.get_response(request)
        address = request.META.get("REMOTE_ADDR", "")
        if not self._begin(address):
            fault = Unavailable("现在提交的人太多，请稍等几秒再试。已填写的内容请先不要关闭页面。")
            refusal = error_response(request, fault)
            refusal["Retry-After"] = "5"
            return refusal
        is_short = int(length) <= self._SHORT and request.content_type != "multipart/form-data"
        try:
            if not is_short:
                answer = self.get_response(request)
                _read_to_its_end(request, int(length))
                return answer
            _ = request.body
        except UnreadablePostError:
            return error_response(request, Invalid("提交的内容没有收完，请再试一次。"))
        finally:
            self._end(address)
        return self.get_response(request)

    def _begin(self, address: str) -> bool:
        with self._lock:
            is_full = self._waiting.total() >= settings.BODIES_AT_ONCE
            if is_full or self._waiting[address] >= settings.BODIES_AT_ONCE // 2:
                return False
            self._waiting[address] += 1
            return True

    def _end(self, address: str) -> None:
        with self._lock:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address]


class UsableText:
    """Refuses addresses and forms with a NUL in them, which the database cannot keep and nobody types. The pages of a
    site bear every address of themselves: readers see a page, whatever led them there."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        route = request.resolver_match
        is_of_site = route is not None and (route.url_name or "").startswith("site-")
        has_nul = "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")
        if has_nul and not is_of_site:
            return _unusable(request)
        is_form = request.method == "POST" and request.content_type in _FORMS
        if is_form and any("\0" in text for texts in request.POST.lists() for text in (texts[0], *texts[1])):
            return _unusable(request)
        return None


def _unusable(request: HttpRequest) -> HttpResponse:
    return error_response(request, Invalid("内容或网址里有看不见的控制字符（NUL），请删除后再试。"))


class RateLimits:
    """Refuses with 429 what comes too often from one account or one address at one hall (``RATE_LIMITS``).

    Readers of a site are not counted: their pages are kept, and cost less than the counting.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = _kind_of(request)
        if name:
            for whose, most in _counted(request, settings.RATE_LIMITS.get(name, (0, 0))):
                hall = request.hall  # type: ignore[attr-defined]
                if seconds := seconds_to_wait(name, hall.number if hall else "province", whose, most=most):
                    refusal = TooMany(f"操作太频繁，请 {seconds} 秒后再试。已填写的内容请先不要关闭页面。")
                    response = error_response(request, refusal)
                    response["Retry-After"] = str(seconds)
                    return response
        return self.get_response(request)


def _kind_of(request: HttpRequest) -> str:
    path = request.path_info
    if path.startswith("/api/"):
        return "api"
    if path.startswith("/verify/"):
        return "verify"
    if request.method not in _SAFE:
        return "sign-in" if path.startswith("/sign-in/") else "writes"
    if path.endswith((".pdf", ".docx")):
        return "papers"
    return "search" if "/search/" in path or request.GET.get("q") else ""


def _counted(request: HttpRequest, limit: tuple[int, int]) -> Iterator[tuple[str, int]]:
    """First the address, which costs nothing to know; then the account behind the token or the session."""
    of_account, of_address = limit
    if of_address:
        yield request.META.get("REMOTE_ADDR", ""), of_address
    if of_account:
        key = request.headers.get("Authorization", "")
        if key:
            yield hashlib.sha256(key.encode()).hexdigest()[:24], of_account
        elif request.COOKIES.get(settings.SESSION_COOKIE_NAME) and request.user.is_authenticated:
            yield str(request.user.pk), of_account
