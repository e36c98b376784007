"""What departments' systems push of cases; their keys and calls, for who manages them."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.errors import DomainError
from province.console.access import require_fresh
from tenants.casework.layouts import keys_desk_of_request
from tenants.casework.operations.push_keys import make_department_key, revoke_department_key
from tenants.casework.operations.pushes import (
    OpenedCall,
    SignedCall,
    note_repeat,
    open_call,
    push_process,
    push_result,
    refuse_call,
)
from tenants.casework.queries.pushes import department_keys, pushed_calls, state_of_number
from tenants.casework.schemas.pushes import (
    DepartmentKeyIn,
    DepartmentKeyOut,
    DepartmentSecretOut,
    ProcessPushIn,
    PushedCallOut,
    PushedOut,
    ResultPushIn,
)
from tenants.casework.states import PushedKind
from tenants.shell.layouts.site import hall_of

type Push = Callable[..., Any]


def _as_caller(kind: PushedKind) -> Callable[[HttpRequest], OpenedCall]:
    def open_request(request: HttpRequest) -> OpenedCall:
        """Let a department's system in by its signature (docs/guides/department-systems.md)."""
        headers = request.headers
        call = SignedCall(
            key=headers.get("X-Yizhan-Key", ""),
            timestamp=headers.get("X-Yizhan-Timestamp", ""),
            nonce=headers.get("X-Yizhan-Nonce", ""),
            signature=headers.get("X-Yizhan-Signature", ""),
            method=str(request.method),
            path=request.path,
            body=request.body,
        )
        return open_call(hall=hall_of(request), call=call, kind=kind)

    return open_request


def _noted(push: Push) -> Push:
    """Note how a call ended that was refused, or was answered as the one before it."""

    @wraps(push)
    def answer(request: HttpRequest, data: Any) -> Any:
        opened = _opened(request)
        try:
            answered = push(request, data)
        except DomainError as refusal:
            refuse_call(opened=opened, case_number=data.project_no, refusal=refusal)
            raise
        note_repeat(opened=opened, case_number=data.project_no)
        return answered

    return answer


router = Router(tags=["department systems"])


@router.post("/process", response=PushedOut, auth=_as_caller(PushedKind.PROCESS))
@_noted
@idempotent
def process(request: HttpRequest, data: ProcessPushIn) -> tuple[int, PushedOut]:
    """Push that a step of a case's flow was begun or done by the department."""
    opened, hall = _opened(request), hall_of(request)
    said = push_process(by=opened.by, hall=hall, opened=opened, number=data.project_no, row=data.process)
    return 200, PushedOut(project_no=data.project_no, said=said, state=state_of_number(data.project_no))


@router.post("/result", response=PushedOut, auth=_as_caller(PushedKind.RESULT))
@_noted
@idempotent
def result(request: HttpRequest, data: ResultPushIn) -> tuple[int, PushedOut]:
    """Push what the department has decided of a case that it handles without a flow."""
    opened, hall = _opened(request), hall_of(request)
    said = push_result(by=opened.by, hall=hall, opened=opened, number=data.project_no, row=data.result)
    return 200, PushedOut(project_no=data.project_no, said=said, state=state_of_number(data.project_no))


@router.get("", response=Page[PushedCallOut])
def list_calls(
    request: HttpRequest, page: PageParameters, state: str = "", key_id: UUID | None = None, words: str = ""
) -> dict[str, Any]:
    """List the calls. ``words``: the end of a case's number."""
    keys_desk_of_request(request)
    return page_of(pushed_calls(state=state, key_id=key_id, words=words), page)


@router.get("/keys", response=list[DepartmentKeyOut])
def list_keys(request: HttpRequest) -> list[DepartmentKeyOut]:
    """List the keys, those that were revoked, too."""
    desk = keys_desk_of_request(request)
    return [
        DepartmentKeyOut(
            id=one.key.pk,
            name=one.key.name,
            unit=one.unit_name,
            revoked_at=one.key.revoked_at,
            called_at=one.called_at,
        )
        for one in department_keys(desk.hall)
    ]


@router.post("/keys", response={201: DepartmentSecretOut})
def make_key(request: HttpRequest, data: DepartmentKeyIn) -> Status[DepartmentSecretOut]:
    """Make a key. Not repeatable by Idempotency-Key: the secret would have to be kept."""
    desk = keys_desk_of_request(request)
    require_fresh(request)
    made, secret = make_department_key(by=desk.by, hall=desk.hall, **data.model_dump())
    return Status(201, DepartmentSecretOut(id=made.pk, secret=secret))


@router.delete("/keys/{uuid:key_id}", response=DepartmentKeyOut)
@idempotent
def revoke_key(request: HttpRequest, key_id: UUID) -> tuple[int, DepartmentKeyOut]:
    """Revoke a key: it opens nothing from now on."""
    desk = keys_desk_of_request(request)
    require_fresh(request)
    key = revoke_department_key(by=desk.by, hall=desk.hall, key_id=key_id)
    return 200, DepartmentKeyOut(id=key.pk, name=key.name, unit="", revoked_at=key.revoked_at, called_at=None)


def _opened(request: HttpRequest) -> OpenedCall:
    opened: OpenedCall = request.auth  # type: ignore[attr-defined]
    return opened
