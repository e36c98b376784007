"""One's own notices over HTTP."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from foundation.api import Page, PageParameters, idempotent, page_after
from province.messaging.models import Notice
from province.messaging.operations.notices import choose_notice_kinds, mark_all_notices_read, mark_notice_read
from province.messaging.queries.notices import chosen_kinds, notice_lines, notices_before, own_account_id, unread_count
from province.messaging.schemas import NoticeKindOut, NoticeKindsIn, NoticeQuery, OwnNoticeOut, UnreadOut
from province.rights.actors import Actor

router = Router(tags=["messaging"])


@router.get("/notices", response=Page[OwnNoticeOut])
def list_notices(request: HttpRequest, page: PageParameters, wanted: Query[NoticeQuery]) -> dict[str, Any]:
    """List one's own notices, the newest first; they are kept for 90 days."""
    by = _actor(request)

    def rows_after(last: UUID | None, limit: int) -> Iterable[Notice]:
        return notices_before(by, last, limit, is_unread=wanted.unread)

    answer = page_after(rows_after, page)
    return answer | {"items": [OwnNoticeOut.of(line) for line in notice_lines(answer["items"])]}


@router.get("/notices/unread", response=UnreadOut)
def count_unread(request: HttpRequest) -> UnreadOut:
    return UnreadOut(unread=unread_count(own_account_id(_actor(request))))


@router.post("/notices/read", response=UnreadOut)
@idempotent
def read_all(request: HttpRequest) -> tuple[int, UnreadOut]:
    """Mark all of one's own as read."""
    mark_all_notices_read(by=_actor(request))
    return 200, UnreadOut(unread=0)


@router.post("/notices/{uuid:notice_id}/read", response=OwnNoticeOut)
@idempotent
def read_one(request: HttpRequest, notice_id: UUID) -> tuple[int, OwnNoticeOut]:
    [line] = notice_lines([mark_notice_read(by=_actor(request), notice_id=notice_id)])
    return 200, OwnNoticeOut.of(line)


@router.get("/kinds", response=list[NoticeKindOut])
def list_kinds(request: HttpRequest) -> list[NoticeKindOut]:
    return [NoticeKindOut.of(one) for one in chosen_kinds(_actor(request))]


@router.put("/kinds", response=list[NoticeKindOut])
@idempotent
def choose_kinds(request: HttpRequest, data: NoticeKindsIn) -> tuple[int, list[NoticeKindOut]]:
    """Say which kinds one wants."""
    by = _actor(request)
    choose_notice_kinds(by=by, kinds=set(data.kinds))
    return 200, [NoticeKindOut.of(one) for one in chosen_kinds(by)]


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]
