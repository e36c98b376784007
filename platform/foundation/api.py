"""What every API endpoint shares: problem documents, cursors, idempotent writes."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from typing import Annotated, Any
from uuid import UUID

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.utils import timezone
from ninja import Field, Query, Schema, Status
from ninja.operation import Operation
from ninja.responses import NinjaJSONEncoder
from ninja.utils import contribute_operation_callback
from pydantic import AfterValidator, AwareDatetime

from foundation.errors import Conflict, Invalid
from foundation.idempotency.models import IdempotencyKey
from foundation.idempotency.operations import claim_key, keep_answer

LARGEST_PAGE = 200
# the column's width
_LONGEST_KEY = 80


class ProblemFault(Schema):
    """One thing wrong with one field or line."""

    where: str
    message: str


class Problem(Schema):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[ProblemFault] = []


PROBLEM_STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503)


def declare_problems(document: dict[str, Any]) -> None:
    """Add to an OpenAPI document that each of its operations may answer with a problem.

    Declared here once: as a response model of every operation, the eleven statuses would cost each process a second
    and 25 MB.
    """
    schema = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    components = document["components"]
    components["schemas"] |= {**schema.pop("$defs"), "Problem": schema}
    components["responses"] = {
        "Problem": {
            "description": "A problem document (RFC 9457)",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }
    problems = {status: {"$ref": "#/components/responses/Problem"} for status in PROBLEM_STATUSES}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"] = problems | operation["responses"]


class PageQuery(Schema):
    """Paging by cursor: ask with the ``next_cursor`` of the page before."""

    cursor: str = ""
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)


def _in_utc(moment: datetime) -> datetime:
    """RFC 3339 allows offsets of nearly a day, PostgreSQL of less than sixteen hours; and near the years 1 and 9999 a
    moment exists in one zone and not in the other."""
    try:
        timezone.localtime(moment)
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("这个时间超出范围。") from error


# a point in time that a request names
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Page[Item](Schema):
    """One page, and the cursor of the next; an empty cursor ends the list."""

    items: list[Item]
    next_cursor: str


# ninja does not look through a ``type`` statement
PageParameters = Query[PageQuery]


def page_of[Item: models.Model](rows: models.QuerySet[Item], query: PageQuery) -> dict[str, Any]:
    """The page of ``rows`` after the cursor, ordered by id (UUIDv7: oldest first). Raises Invalid for a bent cursor."""

    def rows_after(last: UUID | None, limit: int) -> models.QuerySet[Item]:
        ordered = rows.order_by("pk")
        return (ordered.filter(pk__gt=last) if last else ordered)[:limit]

    return page_after(rows_after, query)


def page_after(rows_after: Callable[[UUID | None, int], Iterable[Any]], query: PageQuery) -> dict[str, Any]:
    """The page of a list that has an order of its own. ``rows_after`` gives at most so many rows (each with its ``id``)
    after the one with this id (None: from the first). Raises Invalid for a bent cursor."""
    found = list(rows_after(_read_cursor(query.cursor) if query.cursor else None, query.limit + 1))
    has_more = len(found) > query.limit
    found = found[: query.limit]
    return {"items": found, "next_cursor": _write_cursor(found[-1].id) if has_more else ""}


class OutcomeOut(Schema):
    """What came of one of the rows that were named. ``reason``: why it was refused, in Chinese."""

    id: str
    name: str
    is_done: bool
    reason: str


def _write_cursor(key: UUID) -> str:
    return base64.urlsafe_b64encode(key.bytes).decode().rstrip("=")


def _read_cursor(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise Invalid("翻页标记无效，请从第一页重新开始。") from error


def idempotent[**Parameters](endpoint: Callable[Parameters, Any]) -> Callable[Parameters, Any]:
    """Honour an ``Idempotency-Key`` header: the write is done once and answered alike every time.

    The key's row and the write commit together. A second request with the same key waits for the first, then gets its
    answer; the same key with another body is a Conflict, a form is Invalid. The endpoint must answer
    ``(status, body)``.
    """

    @wraps(endpoint)
    def once(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Any:
        request = args[0]
        assert isinstance(request, HttpRequest)  # noqa: S101 - ninja's first argument always is
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return Status(*endpoint(*args, **kwargs))
        if len(key) > _LONGEST_KEY:
            raise Invalid(f"Idempotency-Key 不能超过 {_LONGEST_KEY} 个字符。")
        hall = getattr(request, "hall", None)
        owner = f"{hall.pk if hall else 'province'}:{request.auth.id}"  # type: ignore[attr-defined]
        digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + _body_of(request)).hexdigest()
        with transaction.atomic():
            row, is_first = claim_key(owner=owner, key=key, request_digest=digest)
            if not is_first:
                return _answer_again(row, digest)
            status, body = endpoint(*args, **kwargs)
            keep_answer(row, status=status, body=json.loads(json.dumps(_plain(body), cls=NinjaJSONEncoder)))
            return Status(status, body)

    contribute_operation_callback(once, _declare_key)
    return once


def _declare_key(operation: Operation) -> None:
    operation.openapi_extra = {
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "maxLength": _LONGEST_KEY},
                "description": "The write is done once; a repeat with the same key and body gets the same answer",
            }
        ]
    }


def _body_of(request: HttpRequest) -> bytes:
    """Raises Invalid for a form: it was read on its way here, and cannot be compared."""
    try:
        return request.body
    except RawPostDataException as error:
        raise Invalid("带 Idempotency-Key 的请求请用 JSON，不要用表单格式。") from error


def _answer_again(row: IdempotencyKey, digest: str) -> HttpResponse:
    if row.request_digest != digest:
        raise Conflict("这个 Idempotency-Key 已用于另一请求，请换一个。")
    return JsonResponse(row.body, status=row.status or 200, safe=False)


def _plain(body: Any) -> Any:
    return body.model_dump() if isinstance(body, Schema) else body
