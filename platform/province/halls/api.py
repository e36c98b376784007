"""Divisions, plans and halls over HTTP. A hall is addressed by the code of its division, present or former."""
# ruff: noqa: ARG001 - ninja hands every endpoint its request

from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from foundation.api import OutcomeOut, Page, PageParameters, idempotent, page_of
from foundation.errors import NotFound
from foundation.exports import export_table
from province.console.access import require_fresh
from province.halls import operations, queries
from province.halls.queries.decision_columns import TABLE_HEADINGS, decision_rows
from province.halls.schemas import (
    AppliedOut,
    BranchOut,
    ChangeOut,
    ChangeWholeOut,
    CheckFiguresOut,
    ChecklistLineOut,
    CountOut,
    DecisionsIn,
    DivisionCodeOut,
    DivisionOut,
    DomainIn,
    DomainOut,
    ForecastOut,
    HallFacts,
    HallLineOut,
    HallOut,
    HallQuery,
    ImportedOut,
    LoadOut,
    PlanOut,
    RetireIn,
    SiteCheckOut,
    StepIn,
    SuspendIn,
    UndoIn,
)
from province.rights.queries import may, require

router = Router(tags=["halls"])

_CSV_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "example": "code,name\n420000000000,湖北省\n"}}},
    }
}


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXCEL = {"content": {_SHEET: {"schema": {"type": "string", "format": "binary"}}}}
_EXCEL_BODY = {"requestBody": {"required": True, **_EXCEL}}


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
def list_changes(request: HttpRequest, plan_id: UUID, page: PageParameters, kind: str = "", state: str = "") -> Any:
    require(_actor(request), "halls.manage")
    return page_of(queries.changes_of(queries.plan_with_id(plan_id), kind, state), page)


@router.get("/plans/{uuid:plan_id}/changes/{uuid:change_id}", response=ChangeWholeOut)
def show_change(request: HttpRequest, plan_id: UUID, change_id: UUID) -> Any:
    """One line, with what hangs together with it and what it would touch."""
    require(_actor(request), "halls.manage")
    plan = queries.plan_with_id(plan_id)
    line = queries.change_with_id(plan, change_id)
    hanging = queries.Dependencies.of(plan)
    is_open = line.pk in hanging.lines
    return ChangeOut.from_orm(line).model_dump() | {
        "group": hanging.group_of.get(line.pk, [line.pk]),
        "lacking": hanging.lacking(line.pk) if is_open else "",
        "touched": queries.forecast(plan, hanging.whole(line.pk)) if is_open else None,
    }


@router.get("/plans/{uuid:plan_id}/forecast", response=ForecastOut)
def show_forecast(request: HttpRequest, plan_id: UUID) -> Any:
    """What would be touched if all that is decided, and lacks nothing, were carried out now."""
    require(_actor(request), "halls.manage")
    plan = queries.plan_with_id(plan_id)
    return queries.forecast(plan, queries.Dependencies.of(plan).ready())


@router.get("/plans/{uuid:plan_id}/table", openapi_extra={"responses": {200: {"description": "Excel", **_EXCEL}}})
def export_changes(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The lines as an Excel table, to be decided in it and sent back (``/decisions/table``)."""
    require(_actor(request), "halls.manage")
    plan = queries.plan_with_id(plan_id)
    return export_table("xlsx", f"区划变更{plan.effective_on:%Y-%m-%d}", TABLE_HEADINGS, decision_rows(plan))


@router.post("/plans/{uuid:plan_id}/decisions", response=CountOut)
@idempotent
def decide_changes(request: HttpRequest, plan_id: UUID, body: DecisionsIn) -> Any:
    """All of these decisions, or none: 409 where somebody has decided on one of the lines since it was seen."""
    decisions = [
        operations.Decision(
            one.change_id,
            one.revision,
            one.act,
            operations.Wish(one.wish.kind, one.wish.code, one.wish.name) if one.wish else None,
            one.reason,
        )
        for one in body.decisions
    ]
    plan = queries.plan_with_id(plan_id)
    return 200, {"count": operations.decide_changes(by=_actor(request), plan=plan, decisions=decisions)}


@router.post("/plans/{uuid:plan_id}/decisions/table", response=ImportedOut, openapi_extra=_EXCEL_BODY)
@idempotent
def import_decisions(request: HttpRequest, plan_id: UUID) -> Any:
    """The body is the table that went out, with decisions written into it: all of them, or none."""
    plan = queries.plan_with_id(plan_id)
    done = operations.import_decisions(by=_actor(request), plan=plan, file=BytesIO(request.body))
    return 200, ImportedOut.model_validate(done).model_dump()


@router.post("/plans/{uuid:plan_id}/accept", response=CountOut)
@idempotent
def accept_guesses(request: HttpRequest, plan_id: UUID) -> Any:
    """Accept every line that nobody has decided yet."""
    return 200, {"count": operations.accept_guesses(by=_actor(request), plan=queries.plan_with_id(plan_id))}


@router.post("/plans/{uuid:plan_id}/undo", response=CountOut)
@idempotent
def undo_changes(request: HttpRequest, plan_id: UUID, body: UndoIn) -> Any:
    """Take back lines that were carried out: all of them, or none."""
    plan = queries.plan_with_id(plan_id)
    count = operations.undo_changes(by=_actor(request), plan=plan, change_ids=body.change_ids, reason=body.reason)
    return 200, {"count": count}


@router.post("/plans/{uuid:plan_id}/apply", response=AppliedOut)
@idempotent
def apply_plan(request: HttpRequest, plan_id: UUID) -> Any:
    """Carry out every decided line that lacks nothing. Stopped halfway, the next call goes on."""
    done = operations.apply_plan(by=_actor(request), plan=queries.plan_with_id(plan_id))
    return 200, AppliedOut.model_validate(done)


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


@router.post("/steps", response=list[OutcomeOut])
@idempotent
def step_halls(request: HttpRequest, body: StepIn) -> Any:
    """Take one step with many halls, each by itself. Answers what came of each: who is refused does not stop the
    others."""
    outcomes = operations.step_halls(by=_actor(request), codes=body.codes, step=body.step, reason=body.reason)
    return 200, [OutcomeOut.model_validate(one) for one in outcomes]


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
