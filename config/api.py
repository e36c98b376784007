"""The two HTTP interfaces: the province's and every hall's. Each app brings its own routers."""

from typing import Any, override

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from config.middleware import error_response
from foundation.errors import DomainError, Fault, Invalid, NotAllowed, NotFound, NotSignedIn
from province.identity.models import Actor
from province.identity.queries.tokens import actor_with_token


class TokenAuth(HttpBearer):
    """``Authorization: Bearer yz_…``, or the session of somebody who is signed in, which a page of another site could
    send along: what changes something must then bring the token of our own pages (``X-CSRFToken``)."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        if request.headers.get("Authorization"):
            return super().__call__(request)
        actor: Actor | None = getattr(request, "actor", None)
        if actor and check_csrf(request):
            raise NotAllowed("这次请求没有带本站页面的校验码（X-CSRFToken），没有执行。程序请使用访问令牌。")
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return actor_with_token(token, address=str(request.META.get("REMOTE_ADDR", "")))


class Api(NinjaAPI):
    """Its document is written once: to write it takes half a second, and anybody may ask for it."""

    _document: OpenAPISchema | None = None

    @override
    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        if self._document is None:
            self._document = super().get_openapi_schema(**options)
        return self._document


class UsableJson(Parser):
    """Refuses texts that neither PostgreSQL nor a reader can use: NUL, and halves of characters (lone surrogates)."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = super().parse_body(request)
        _check_usable(body)
        return body


def _check_usable(value: Any) -> None:
    if isinstance(value, str):
        value.encode()
        if "\0" in value:
            message = "NUL in a text"
            raise ValueError(message)
    elif isinstance(value, dict | list):
        for one in (*value, *value.values()) if isinstance(value, dict) else value:
            _check_usable(one)


def _make_api(**options: Any) -> Api:
    api = Api(version="1", auth=TokenAuth(), parser=UsableJson(), docs_url=None, **options)

    @api.exception_handler(DomainError)
    def _domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
        return error_response(request, error)

    @api.exception_handler(AuthenticationError)
    def _not_signed_in(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
        return error_response(request, NotSignedIn("请登录，或在 Authorization 头中提供有效的访问令牌。"))

    @api.exception_handler(Http404)
    def _not_found(request: HttpRequest, _: Http404) -> HttpResponse:
        return error_response(request, NotFound("没有找到您要的内容。"))

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [Fault(".".join(str(part) for part in one["loc"]), one["msg"]) for one in error.errors]
        return error_response(request, Invalid("请求的内容不符合接口要求。", faults=faults))

    @api.exception_handler(HttpError)
    def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        refused = DomainError("请求无法理解，请检查格式。")
        refused.status = error.status_code  # type: ignore[misc]
        return error_response(request, refused)

    return api


province_api = _make_api(title="Yizhan province", urls_namespace="province-api")
province_api.add_router("/identity", "province.identity.api.router")
province_api.add_router("/halls", "province.halls.api.router")
province_api.add_router("/catalogue", "province.catalogue.api.router")
province_api.add_router("/content", "province.content.api.router")
province_api.add_router("/provisioning", "provisioning.api.router")

hall_api = _make_api(title="Yizhan hall", urls_namespace="hall-api")
hall_api.add_router("/portal", "tenants.portal.api.router")
hall_api.add_router("/services", "tenants.services.api.router")
