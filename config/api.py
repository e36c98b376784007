"""The HTTP interfaces: the province's, and that of a hall by its kind. Each app brings its own routers."""

from functools import cache
from typing import Any, Final, override

from django.http import Http404, HttpRequest, HttpResponse, RawPostDataException
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from config.middleware import error_response
from config.routes import hall_routers, province_routers
from foundation.api import declare_problems
from foundation.errors import DomainError, Invalid, NotAllowed, NotFound, NotSignedIn
from foundation.schema_faults import MOST_FAULTS, faults_of
from province.rights.actors import Actor
from province.sign_in.operations.tokens import note_token_use
from province.sign_in.queries.tokens import actor_of_token, token_with_key

# of one list or mapping in a body; the longest that any endpoint takes are half as long
MOST_ENTRIES: Final = 10_000


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


def actor_with_token(key: str, *, address: str) -> Actor | None:
    """Let a program in by its key and note that the key was used; None where it does not open from this address."""
    token = token_with_key(key, address=address)
    if token is None:
        return None
    note_token_use(token)
    return actor_of_token(token)


class Api(NinjaAPI):
    """Its document is written once: to write it takes half a second, and anybody may ask for it."""

    _document: OpenAPISchema | None = None

    @override
    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        # with addresses below another root it is another document
        is_own = options.get("path_prefix") is None
        if is_own and self._document is not None:
            return self._document
        document = super().get_openapi_schema(**options)
        declare_problems(document)
        if is_own:
            self._document = document
        return document


class UsableJson(Parser):
    """Refuses texts that neither PostgreSQL nor a reader can use: NUL, and halves of characters (lone surrogates); and
    lists and mappings longer than any that is taken, each entry of which would be found wrong by itself."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = super().parse_body(request)
        _check_usable(body)
        return body


def _check_usable(body: Any) -> None:
    """It calls nothing again and again: a call at the end of one of the interpreter's pieces of stack costs as much as
    twenty others."""
    waiting = [body]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            one.encode()
            if "\0" in one:
                message = "NUL in a text"
                raise ValueError(message)
        elif isinstance(one, list | dict):
            if len(one) > MOST_ENTRIES:
                raise Invalid(f"一个列表或一组属性里最多 {MOST_ENTRIES:,} 项，这里有 {len(one):,} 项，请分几次提交。")
            waiting += one
            if isinstance(one, dict):
                waiting += one.values()


def _make_api(**options: Any) -> Api:
    api = Api(version="1", auth=TokenAuth(), parser=UsableJson(), docs_url=None, **options)

    @api.exception_handler(DomainError)
    def _domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
        return error_response(request, error)

    @api.exception_handler(AuthenticationError)
    def _not_signed_in(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
        return error_response(request, NotSignedIn("请登录，或在 Authorization 头中提供有效的访问令牌。"))

    @api.exception_handler(RawPostDataException)
    def _form(request: HttpRequest, _: RawPostDataException) -> HttpResponse:
        # it was read on its way here, to look for the token of a session and for letters that cannot be kept
        return error_response(request, Invalid("这里不收表单，请把 JSON 或者文件的内容直接放在请求里。"))

    @api.exception_handler(Http404)
    def _not_found(request: HttpRequest, _: Http404) -> HttpResponse:
        return error_response(request, NotFound("没有找到您要的内容。"))

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        number = len(error.errors)
        which = f"有 {number:,} 处，列出的是前 {MOST_FAULTS} 处" if number > MOST_FAULTS else ""
        message = f"请求的内容不符合接口要求{which and f'：{which}'}。"
        return error_response(request, Invalid(message, faults=faults_of(error.errors)))

    @api.exception_handler(HttpError)
    def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        if isinstance(error.__cause__, DomainError):
            return error_response(request, error.__cause__)
        refused = DomainError("请求无法理解，请检查格式。")
        refused.status = error.status_code  # type: ignore[misc]
        return error_response(request, refused)

    return api


province_api = _make_api(title="Yizhan province", urls_namespace="province-api")
for _prefix, _router in province_routers():
    province_api.add_router(_prefix, _router)


def hall_api(kind: str) -> Api:
    """The API of a hall of this kind; kinds that have the same apps share one."""
    return _hall_api(tuple(hall_routers(kind)))


@cache
def _hall_api(routers: tuple[tuple[str, Router], ...]) -> Api:
    api = _make_api(title="Yizhan hall", urls_namespace="hall-api")
    for prefix, router in routers:
        api.add_router(prefix, router)
    return api
