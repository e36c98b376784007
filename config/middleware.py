"""The frame around every request: a number, a host's hall, and errors said in plain Chinese."""

import re
import sys
import uuid
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from psycopg2.errors import ReadOnlySqlTransaction

from config.hosts import HallsByHost
from config.leads import leads_of
from config.tracing import request_span
from foundation import schemas
from foundation.errors import DomainError, NotAllowed, NotFound, NotSignedIn, TooLarge, Unavailable
from province.console.access import ProofNeeded, is_preview, page_path
from province.people.access import positions_of_request
from province.people.models import Account, Position
from province.people.queries.actors import (
    POSITION_IN_SESSION,
    PREVIEW_IN_SESSION,
    actor_in_session,
    positions_open_to,
)
from province.rights.actors import Actor
from province.sign_in.access import lead_on, sign_in_of
from province.sign_in.operations.sessions import seen_session
from province.sign_in.views import step_up
from tenants.shell.layouts import site as site_layout

type Next = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger(__name__)


class RequestFrame:
    """Gives the request its number, which goes into logs, audit entries, error pages and the X-Request-ID header."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:12]
        request.request_id = request_id  # type: ignore[attr-defined]
        # hall and account are bound where they become known, and are unbound here with the number
        with (
            structlog.contextvars.bound_contextvars(request_id=request_id, hall="", account_id=""),
            request_span(request) as say,
        ):
            response = self.get_response(request)
            say(response)
            # Django logs a refused request once it has left all middleware (config/logs.py)
            request.bound = structlog.contextvars.get_contextvars()  # type: ignore[attr-defined]
        response["X-Request-ID"] = request_id
        return response


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where people work at a host: the layout of its pages, and the first of them."""

    layout: str
    address: str


# of one answer; a file of divisions tells of a thousand lines and of how many more there are
_MOST_FAULTS = 1_001
# a name and a port, and nothing that a canonical link or a redirect would read otherwise than we do
_HOST = re.compile(r"([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,126}\.?)(?::[0-9]{1,5})?")
_PROVINCE_WORKPLACE = Workplace("console/console.html", "/console/")
_HALL_WORKPLACE = Workplace("shell/desk.html", "/desk/")


class HostRouter:
    """Decides by the host name whether the province or which hall answers; an unknown name gets a neutral 404.

    Sets ``request.hall`` and ``request.generations``, which were read before anything of the hall's content is, and
    ``request.workplace``: where people work at this host.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.halls = HallsByHost()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = _HOST.fullmatch(request.META.get("HTTP_HOST", ""))
        host = named[1].lower().rstrip(".") if named else ""
        request.hall = None  # type: ignore[attr-defined]
        if host == settings.BASE_DOMAIN or request.path_info in {"/healthz", "/readyz", "/metrics"}:
            request.urlconf = settings.ROOT_URLCONF
            request.workplace = _PROVINCE_WORKPLACE  # type: ignore[attr-defined]
            return self.get_response(request)
        found = self.halls.at(host) if host else None
        if found is None:
            return HttpResponse("没有这个站点。", status=404, content_type="text/plain; charset=utf-8")
        request.hall = found.hall  # type: ignore[attr-defined]
        request.generations = found.generations  # type: ignore[attr-defined]
        request.urlconf = settings.HALL_URLCONFS[found.hall.kind]
        request.workplace = _HALL_WORKPLACE  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(hall=found.hall.schema_name)
        response = self.get_response(request)
        # proofs tell by it a hall's own 404 from that of a host where no hall answers
        response["X-Hall"] = str(found.hall.number)
        return response


class HallSchemaMiddleware:
    """Enters the schema of the host's hall. Behind the page cache, which answers without touching it.

    The request works on a copy of the hall's row: what an operation sets and then refuses must not reach the next one.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hall = request.hall  # type: ignore[attr-defined]
        if hall is None:
            return self.get_response(request)
        request.hall = copy(hall)  # type: ignore[attr-defined]
        with schemas.enter(hall.schema_name):
            return self.get_response(request)


class RequestSize:
    """Refuses a body that is longer than any upload may be, by what its head says and before a byte of it is read. Our
    own proxy has done so before: its answer reaches who sent it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.BODY_LIMIT:
            message = f"文件过大，最多 {settings.UPLOAD_LIMIT // 1024 // 1024} MB。请压缩或拆分后再上传。"
            return error_response(request, TooLarge(message))
        return self.get_response(request)


class SignedIn:
    """Sets ``request.sign_in`` (the open SignInSession behind this host's session, or None) and ``request.user``: both
    by one query, and only where somebody asks. A person who still owes a second factor has no sign-in, and is
    nobody."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.sign_in = SimpleLazyObject(lambda: seen_session(request.session))  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(lambda: _user(request))  # type: ignore[assignment]
        return self.get_response(request)


def _user(request: HttpRequest) -> Account | AnonymousUser:
    session = sign_in_of(request)
    if session is None:
        return AnonymousUser()
    structlog.contextvars.bind_contextvars(account_id=str(session.account_id))
    return session.account


class ActorOfSession:
    """Sets ``request.positions`` (those open to who is signed in) and ``request.actor`` (that person with them, or
    None): both by one query, and only where somebody asks."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.positions = SimpleLazyObject(lambda: _positions(request))  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        request.is_preview = SimpleLazyObject(lambda: _is_preview(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _positions(request: HttpRequest) -> list[Position]:
    return positions_open_to(request.user) if isinstance(request.user, Account) else []


def _actor(request: HttpRequest) -> Actor | None:
    if not isinstance(request.user, Account):
        return None
    position, seen = request.session.get(POSITION_IN_SESSION), request.session.get(PREVIEW_IN_SESSION)
    return actor_in_session(
        request.user,
        positions_of_request(request),
        position_id=UUID(position) if position else None,
        preview_of=UUID(seen) if seen else None,
    )


def _is_preview(request: HttpRequest) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.session.get(PREVIEW_IN_SESSION):
        return False
    return isinstance(request.user, Account)


class PreviewGuard:
    """While an administrator looks around as somebody else, nothing changes: what is not a mere reading is refused, and
    the database refuses what a page would write on its way."""

    _SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
    # what ends it
    _OPEN = frozenset({"/account/preview/end/", "/sign-out/"})

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_preview(request):
            return self.get_response(request)
        if request.method in self._SAFE:
            with schemas.reading_alone():
                return self.get_response(request)
        if request.path_info in self._OPEN:
            return self.get_response(request)
        return error_response(request, NotAllowed(_PREVIEW))


_PREVIEW = "您正在以他人身份查看，只能看，不能办理。请先点页面上方的“结束查看”。"


class ErrorPages:
    """Translates domain errors once: problem+json (RFC 9457) for the API, a page with the request number for people."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return error_response(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            return _database_away(request, exception)
        if isinstance(exception.__cause__, ReadOnlySqlTransaction):
            return error_response(request, NotAllowed(_PREVIEW))
        if isinstance(exception, RequestDataTooBig):
            return refused_unread(request, exception)
        return None


class FreshProof:
    """Takes the proof that came back with a form from the page that asked for it; behind it the view goes on as if it
    had not been asked."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        is_form = request.content_type == "application/x-www-form-urlencoded"
        return step_up.take_proof(request) if is_form else None


def error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    number = getattr(request, "request_id", "")
    if request.path_info.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(problem(error, number), status=error.status, content_type="application/problem+json")
    if isinstance(error, NotSignedIn):
        return _to_sign_in(request)
    if isinstance(error, ProofNeeded):
        return step_up.ask_first(request)
    context = {"error": error, "number": number, **leads_of(request, error)}
    response = render(request, "people/refused.html", context, status=error.status)
    if error.status == Unavailable.status:
        response["Retry-After"] = "10"
    return response


class Unexpected(DomainError):
    """A fault of the program itself; what it is, the log tells by the request's number."""

    status = 500
    code = "unexpected"
    title = "系统出错了"


class FormWithoutToken(DomainError):
    """A form came without the token of our own pages: it lay open longer than its session, or is somebody else's."""

    status = 403
    code = "form-without-token"
    title = "这次提交没有生效"


def form_without_token(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer such a form, in place of Django's page."""
    message = "页面打开太久或登录已变化，这次提交没有生效。请返回上一页，刷新后再试。"
    return error_response(request, FormWithoutToken(message))


def refused_unread(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a body that Django would not read, in place of its page of two English words; a middleware that looks into
    a form meets it before any view does."""
    if isinstance(exception, RequestDataTooBig):
        return error_response(request, TooLarge("提交的内容太大，没有收下。请减少文字，或改为上传附件。"))
    message = "提交的内容无法读取，没有收下。请返回上一页，刷新后再试；内容很多时请分几次提交。"
    return error_response(request, DomainError(message))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return error_response(request, NotFound("没有找到这个页面。请检查网址，或返回首页查找。"))


def _database_away(request: HttpRequest, exception: Exception) -> HttpResponse:
    log.error("database_unreachable", exc_info=exception)
    return error_response(request, Unavailable("数据库暂时连接不上，系统会自动恢复，请稍后再试。"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles what a view or a middleware raised; the latter never comes by ErrorPages."""
    raised = sys.exception()
    if isinstance(raised, OperationalError | InterfaceError):
        return _database_away(request, raised)
    return error_response(request, Unexpected("刚才的操作没有完成，已记录故障。请稍后再试；如仍不行，请报告请求编号。"))


def not_found_at_hall(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For an address that a hall's host does not have: programs get a problem document, people a page of the site."""
    if request.path_info.startswith("/api/"):
        return error_response(request, NotFound("没有这个接口。"))
    return site_layout.not_found(request, exception)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """People sign in and come back to the page that they were on; a fragment takes its whole page along."""
    back = request.get_full_path()
    if request.method != "GET" or request.headers.get("HX-Request"):
        back = page_path(request)
    address = f"{reverse('sign-in', urlconf=request.urlconf)}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    # a hall's leads to another host
    is_led_on = request.hall is not None and request.method != "GET"  # type: ignore[attr-defined]
    return lead_on(request, address) if is_led_on else redirect(address)


def problem(error: DomainError, number: str) -> dict[str, object]:
    """A problem document by RFC 9457."""
    return {
        "type": f"about:blank#{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "request_id": number,
        "errors": [{"where": fault.where, "message": fault.message} for fault in error.faults[:_MOST_FAULTS]],
    }
