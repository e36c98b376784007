"""Divisions, plans and halls over HTTP. A hall is addressed by the code of its division, present or former."""
# ruff: noqa: ARG001 - ninja hands every endpoint its request

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.errors import NotFound
from province.console.access import require_fresh
from province.halls import operations, queries
from province.halls.schemas import (
    BranchOut,
    ChangeOut,
    CheckFiguresOut,
    ChecklistLineOut,
    DivisionCodeOut,
    DivisionOut,
    DomainIn,
    DomainOut,
    HallFacts,
    HallLineOut,
    HallOut,
    HallQuery,
    LoadOut,
    PlanOut,
    RetireIn,
    SiteCheckOut,
    SuspendIn,
)
from province.rights.queries import may, require

router = Router(tags=["halls"])

_CSV_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "example": "code,name\n420000000000,湖北省\n"}}},
    }
}


# -- divisions


@router.get("/divisions", response=list[BranchOut])
def list_divisions(request: HttpRequest, parent: str = "") -> Any:
    """List one level of the tree below a code; without one, the provinces."""
    return queries.child_divisions(parent or None)


@router.get("/divisions/search", response=list[DivisionOut])
def search_divisions(request: HttpRequest, words: str) -> Any:
    """Search by words of the name or the beginning of a code, present or former: at most 50."""
    return queries.search_divisions(words)


@router.get("/divisions/{code}/history", response=list[DivisionCodeOut])
def show_history(request: HttpRequest, code: str) -> Any:
    """Every code and name that the division bore, the latest first."""
    return queries.division_history(queries.division_with_code(code))


@router.post("/divisions/load", response=LoadOut, openapi_extra=_CSV_BODY)
@idempotent
def load_divisions(request: HttpRequest, source: str, effective_on: date | None = None) -> Any:
    """The body is a CSV file ``code,name``. Applied at once where nothing is there yet; otherwise it becomes a plan."""
    result = operations.load_divisions(
        by=_actor(request),
        source=source,
        lines_or_bytes=request.body,
        effective_on=effective_on or timezone.localdate(),
    )
    return 200, LoadOut.model_validate(result)


# -- plans


@router.get("/plans", response=Page[PlanOut])
def list_plans(request: HttpRequest, page: PageParameters, state: str = "") -> Any:
    require(_actor(request), "halls.manage")
    return page_of(queries.plans_table(state), page)


@router.get("/plans/{uuid:plan_id}", response=PlanOut)
def show_plan(request: HttpRequest, plan_id: UUID) -> Any:
    require(_actor(request), "halls.manage")
    return queries.plan_with_id(plan_id)


@router.get("/plans/{uuid:plan_id}/changes", response=Page[ChangeOut])
def list_changes(request: HttpRequest, plan_id: UUID, page: PageParameters, kind: str = "") -> Any:
    require(_actor(request), "halls.manage")
    return page_of(queries.changes_of(queries.plan_with_id(plan_id), kind), page)


@router.post("/plans/{uuid:plan_id}/apply", response=PlanOut)
@idempotent
def apply_plan(request: HttpRequest, plan_id: UUID) -> Any:
    plan = operations.apply_plan(by=_actor(request), plan=queries.plan_with_id(plan_id))
    return 200, PlanOut.model_validate(plan)


@router.post("/plans/{uuid:plan_id}/discard", response=PlanOut)
@idempotent
def discard_plan(request: HttpRequest, plan_id: UUID) -> Any:
    plan = operations.discard_plan(by=_actor(request), plan=queries.plan_with_id(plan_id))
    return 200, PlanOut.model_validate(plan)


# -- halls


@router.get("/", response=Page[HallLineOut])
def list_halls(request: HttpRequest, page: PageParameters, wanted: Query[HallQuery]) -> Any:
    return page_of(queries.halls_table(**wanted.dict()), page)


@router.get("/figures", response=list[CheckFiguresOut])
def show_figures(request: HttpRequest) -> Any:
    """How many sites have which light, check by check."""
    return queries.site_check_figures(by=_actor(request))


@router.get("/{code}", response=HallOut)
def show_hall(request: HttpRequest, code: str) -> Any:
    return queries.hall_with_code(code)


@router.patch("/{code}", response=HallOut)
@idempotent
def update_hall(request: HttpRequest, code: str, facts: HallFacts) -> Any:
    hall = operations.update_hall(
        by=_actor(request), hall=queries.hall_with_code(code), **facts.model_dump(exclude_unset=True)
    )
    return 200, HallOut.model_validate(hall)


@router.get("/{code}/checklist", response=list[ChecklistLineOut])
def show_checklist(request: HttpRequest, code: str) -> Any:
    """What the hall must have before it goes live, and what to do for each line that is not green."""
    return queries.checklist(_own_hall(request, code))


@router.get("/{code}/site-checks", response=list[SiteCheckOut])
def show_site_checks(request: HttpRequest, code: str) -> Any:
    return queries.site_checks(_own_hall(request, code))


@router.get("/{code}/domains", response=list[DomainOut])
def list_domains(request: HttpRequest, code: str) -> Any:
    return queries.domains_of(_own_hall(request, code))


@router.post("/{code}/domains", response={201: DomainOut})
@idempotent
def add_domain(request: HttpRequest, code: str, body: DomainIn) -> Any:
    added = operations.add_domain(by=_actor(request), hall=queries.hall_with_code(code), domain=body.domain)
    return 201, DomainOut.model_validate(added)


@router.delete("/{code}/domains/{domain}", response=list[DomainOut])
@idempotent
def remove_domain(request: HttpRequest, code: str, domain: str) -> Any:
    """Take a host name from the hall. Answers with those that remain."""
    hall = queries.hall_with_code(code)
    operations.remove_domain(by=_actor(request), hall=hall, domain=domain)
    return 200, [DomainOut.model_validate(one).model_dump(mode="json") for one in queries.domains_of(hall)]


@router.post("/{code}/domain-checks", response=list[DomainOut])
def check_domains(request: HttpRequest, code: str) -> Any:
    """Fetch the hall's site at each of its domains now."""
    return operations.check_domains(by=_actor(request), hall=queries.hall_with_code(code))


# -- a hall's state


@router.post("/{code}/open", response=HallOut)
@idempotent
def open_hall(request: HttpRequest, code: str) -> Any:
    """planned → trial"""
    return _hall(operations.open_hall(by=_actor(request), hall=queries.hall_with_code(code)))


@router.post("/{code}/go-live", response=HallOut)
@idempotent
def go_live(request: HttpRequest, code: str) -> Any:
    """trial → live; refused with what remains to be done where the checklist is not green."""
    return _hall(operations.go_live(by=_actor(request), hall=queries.hall_with_code(code)))


@router.post("/{code}/suspend", response=HallOut)
@idempotent
def suspend_hall(request: HttpRequest, code: str, body: SuspendIn) -> Any:
    """Suspend the hall: its site answers 503 with the reason until it is resumed."""
    hall = queries.hall_with_code(code)
    return _hall(operations.suspend_hall(by=_actor(request), hall=hall, reason=body.reason, until=body.until))


@router.post("/{code}/resume", response=HallOut)
@idempotent
def resume_hall(request: HttpRequest, code: str) -> Any:
    """suspended → what it was before"""
    return _hall(operations.resume_hall(by=_actor(request), hall=queries.hall_with_code(code)))


@router.post("/{code}/retire", response=HallOut)
@idempotent
def retire_hall(request: HttpRequest, code: str, body: RetireIn) -> Any:
    """Retire the hall for good: its site answers 410 and names the successor."""
    require_fresh(request)
    successor = queries.hall_with_code(body.successor) if body.successor else None
    hall = queries.hall_with_code(code)
    return _hall(operations.retire_hall(by=_actor(request), hall=hall, reason=body.reason, successor=successor))


def _hall(hall: Any) -> tuple[int, HallOut]:
    return 200, HallOut.model_validate(hall)


def _own_hall(request: HttpRequest, code: str) -> Any:
    """For those who run halls, or this one. The directory of halls is public; how one is getting on is not."""
    hall = queries.hall_with_code(code)
    if not any(may(_actor(request), permission, hall_id=hall.id) for permission in ("halls.manage", "halls.edit")):
        raise NotFound("没有这个服务厅，或者它不归您管理。")
    return hall


def _actor(request: HttpRequest) -> Any:
    """The actor whom the API has recognised."""
    return request.auth  # type: ignore[attr-defined]
