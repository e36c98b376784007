"""The two HTTP interfaces: the province's and every hall's. Each app brings its own routers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from config.middleware import error_response
from foundation.errors import DomainError, Fault, Invalid, NotFound, NotSignedIn
from province.identity.models import Actor
from province.identity.queries.tokens import actor_with_token


class TokenAuth(HttpBearer):
    """``Authorization: Bearer yz_…``, or the session of somebody who is signed in."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        if request.headers.get("Authorization"):
            return super().__call__(request)
        return getattr(request, "actor", None)

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002 - ninja's signature
        return actor_with_token(token)


def _make_api(**options: Any) -> NinjaAPI:
    api = NinjaAPI(version="1", auth=TokenAuth(), docs_url=None, **options)

    @api.exception_handler(DomainError)
    def _domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
        return error_response(request, error)

    @api.exception_handler(AuthenticationError)
    def _not_signed_in(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
        return error_response(request, NotSignedIn("请登录,或在 Authorization 头中提供有效的访问令牌。"))

    @api.exception_handler(Http404)
    def _not_found(request: HttpRequest, _: Http404) -> HttpResponse:
        return error_response(request, NotFound("没有找到您要的内容。"))

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [Fault(".".join(str(part) for part in one["loc"]), one["msg"]) for one in error.errors]
        return error_response(request, Invalid("请求的内容不符合接口要求。", faults=faults))

    @api.exception_handler(HttpError)
    def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        refused = DomainError("请求无法理解,请检查格式。")
        refused.status = error.status_code  # type: ignore[misc]
        return error_response(request, refused)

    return api


province_api = _make_api(title="Yizhan province", urls_namespace="province-api")
province_api.add_router("/halls", "province.halls.api.router")
province_api.add_router("/content", "province.content.api.router")
province_api.add_router("/provisioning", "provisioning.api.router")

hall_api = _make_api(title="Yizhan hall", urls_namespace="hall-api")
hall_api.add_router("/portal", "tenants.portal.api.router")
