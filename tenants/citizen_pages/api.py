"""Citizens at the hall's desk over HTTP: found by their whole number, and acted for (代办)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from ninja import Router, Status

from foundation.api import idempotent
from foundation.errors import NotFound
from province.citizens.models import Citizen, Mandate
from province.citizens.operations.citizens import look_up_citizen, reveal_citizen
from province.citizens.operations.mandates import (
    confirm_mandate,
    grant_mandate,
    open_paper,
    revoke_mandate,
    send_mandate_code,
)
from province.citizens.queries.citizens import citizen_with_id
from province.citizens.queries.mandates import mandate_with_id, mandates_of
from province.console.access import require_fresh
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require
from tenants.citizen_pages.schemas import (
    CitizenOut,
    CitizenRevealedOut,
    CitizenRevealIn,
    CitizenSearchIn,
    MandateCodeIn,
    MandateIn,
    MandateOut,
)
from tenants.shell.layouts.desk import desk_of_caller
from tenants.shell.slots import Desk

router = Router(tags=["citizens"])


def _desk(request: HttpRequest) -> Desk:
    """Whom the interface let in, if they receive citizens in this hall."""
    return desk_of_caller(request, _require_clerk)


def _require_clerk(by: Actor, hall: Hall) -> None:
    require(by, "citizens.check", hall_id=hall.pk)


@router.post("/citizens/search", response=CitizenOut)
def search(request: HttpRequest, data: CitizenSearchIn) -> Citizen:
    """Find a citizen by the whole number, which never comes into the address. The citizen sees who asked. 404 where
    nobody is found."""
    desk = _desk(request)
    found = look_up_citizen(by=desk.by, hall_id=desk.hall.pk, who=data.who)
    if found is None:
        raise NotFound("没有找到。请核对号码；还没有账号的，可以看着身份证登记。")
    return found


@router.get("/citizens/{uuid:citizen_id}", response=CitizenOut)
def show_citizen(request: HttpRequest, citizen_id: UUID) -> Citizen:
    _desk(request)
    return citizen_with_id(citizen_id)


@router.post("/citizens/{uuid:citizen_id}/reveal", response=CitizenRevealedOut)
def reveal(request: HttpRequest, citizen_id: UUID, data: CitizenRevealIn) -> CitizenRevealedOut:
    """Show one value in plain text. The citizen sees who asked, and why. Not repeatable by Idempotency-Key: the value
    would have to be kept."""
    desk = _desk(request)
    require_fresh(request)
    value = reveal_citizen(
        by=desk.by,
        hall_id=desk.hall.pk,
        citizen=citizen_with_id(citizen_id),
        field=data.field,
        reason=data.reason,
    )
    return CitizenRevealedOut(value=value)


@router.get("/citizens/{uuid:citizen_id}/mandates", response=list[MandateOut])
def list_mandates(request: HttpRequest, citizen_id: UUID) -> list[Mandate]:
    """List those of this hall that are in force or wait."""
    desk = _desk(request)
    return [one for one in mandates_of(citizen_with_id(citizen_id)) if one.hall_id == desk.hall.pk]


@router.post("/citizens/{uuid:citizen_id}/mandates", response={201: MandateOut})
def grant(request: HttpRequest, citizen_id: UUID, data: MandateIn) -> Status[Mandate]:
    """Begin a mandate of one's own for the citizen; it waits for the code that their phone gets now. One on paper is
    registered on the desk's page. A repeat takes the place of the former one, and within a minute is refused (429)."""
    desk = _desk(request)
    made = grant_mandate(
        by=desk.by,
        hall_id=desk.hall.pk,
        citizen=citizen_with_id(citizen_id),
        kind=Mandate.Kind(data.kind),
        acts=data.acts,
    )
    return Status(201, made)


@router.post("/mandates/{uuid:mandate_id}/confirm", response=MandateOut)
def confirm(request: HttpRequest, mandate_id: UUID, data: MandateCodeIn) -> Mandate:
    """Confirm it with the code that the citizen was sent. A wrong one counts, whatever key comes with it."""
    desk = _desk(request)
    found = mandate_with_id(mandate_id, hall_id=desk.hall.pk)
    return confirm_mandate(by=desk.by, mandate=found, code=data.code)


@router.post("/mandates/{uuid:mandate_id}/code", response={204: None})
def send_code_again(request: HttpRequest, mandate_id: UUID) -> Status[None]:
    """Send the code once more, after a minute."""
    desk = _desk(request)
    send_mandate_code(by=desk.by, mandate=mandate_with_id(mandate_id, hall_id=desk.hall.pk))
    return Status(204, None)


@router.delete("/mandates/{uuid:mandate_id}", response=MandateOut)
@idempotent
def revoke(request: HttpRequest, mandate_id: UUID) -> tuple[int, MandateOut]:
    """Revoke it, at once."""
    desk = _desk(request)
    found = mandate_with_id(mandate_id, hall_id=desk.hall.pk)
    return 200, MandateOut.from_orm(revoke_mandate(by=desk.by, mandate=found))


@router.get("/mandates/{uuid:mandate_id}/paper", response={302: None})
def show_paper(request: HttpRequest, mandate_id: UUID) -> HttpResponseRedirect:
    """Redirect to a link that opens the signed paper for some minutes. The citizen sees who opened it."""
    desk = _desk(request)
    found = mandate_with_id(mandate_id, hall_id=desk.hall.pk)
    require_fresh(request)
    return HttpResponseRedirect(open_paper(by=desk.by, mandate=found))
