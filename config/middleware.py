"""The frame around every request: a number, a host's hall, and errors said in plain Chinese."""

import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from foundation import schemas
from foundation.errors import DomainError, Unavailable
from province.halls.queries import hall_at_host
from province.identity.models import Account, Actor
from province.identity.queries import actor_of

type Next = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger(__name__)


class RequestFrame:
    """Gives the request its number, which goes into logs, audit entries, error pages and the X-Request-ID header."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:12]
        request.request_id = request_id  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                response = self.get_response(request)
            except (OperationalError, InterfaceError):
                log.exception("database_unreachable")
                response = error_response(request, Unavailable("数据库暂时连接不上,系统会自动恢复,请稍后再试。"))
        response["X-Request-ID"] = request_id
        return response


class HostRouter:
    """Decides by the host name whether the province or which hall answers; an unknown name gets a neutral 404."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "").rpartition("@")[2].partition(":")[0].lower().rstrip(".")
        request.hall = None  # type: ignore[attr-defined]
        if host == settings.BASE_DOMAIN or request.path_info in {"/healthz", "/readyz", "/metrics"}:
            request.urlconf = "config.urls_province"
            return self.get_response(request)
        hall = hall_at_host(host)
        if hall is None:
            return HttpResponse("没有这个站点。", status=404, content_type="text/plain; charset=utf-8")
        request.hall = hall  # type: ignore[attr-defined]
        request.urlconf = "config.urls_hall"
        with schemas.enter(hall.schema_name):
            return self.get_response(request)


class ActorOfSession:
    """Sets ``request.actor``: whoever is signed in, with all posts, or None. Read only where somebody asks."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor | None:
    return actor_of(request.user) if isinstance(request.user, Account) else None


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
            log.error("database_unreachable", exc_info=exception)
            return error_response(request, Unavailable("数据库暂时连接不上,系统会自动恢复,请稍后再试。"))
        if isinstance(exception, RequestDataTooBig):
            return error_response(request, DomainError("提交的内容太大,请减少文字或改为上传附件。"))
        return None


def error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    number = getattr(request, "request_id", "")
    if request.path_info.startswith("/api/"):
        return JsonResponse(problem(error, number), status=error.status, content_type="application/problem+json")
    response = render(request, "design/error.html", {"error": error, "number": number}, status=error.status)
    if error.status == Unavailable.status:
        response["Retry-After"] = "10"
    return response


def problem(error: DomainError, number: str) -> dict[str, object]:
    """A problem document by RFC 9457."""
    return {
        "type": f"about:blank#{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "request_id": number,
        "errors": [{"where": fault.where, "message": fault.message} for fault in error.faults],
    }
