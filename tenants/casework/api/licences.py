"""Licences of this hall that stand in an application, at the desk and for a citizen's own program."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from province.citizens.access import citizen_as_caller
from province.halls.models import Hall
from tenants.casework.layouts import cases_desk_of_request
from tenants.casework.operations.licences import use_licence
from tenants.casework.queries.licences import offers_for
from tenants.casework.schemas.cases import LicenceOfferOut, LicenceUseIn
from tenants.shell.layouts.citizen import citizen_of_caller
from tenants.shell.layouts.site import hall_of
from tenants.workflow.queries.filled import FormFiller, filler_of, own_filled
from tenants.workflow.queries.forms import definition_of

router = Router(tags=["cases"])
own = Router(tags=["own cases"], auth=citizen_as_caller)


def _offered(hall: Hall, who: FormFiller, filled_id: UUID) -> list[LicenceOfferOut]:
    filled = own_filled(who, filled_id)
    names = definition_of(filled.version).named_fields
    return [
        LicenceOfferOut(
            field=one.field,
            material=one.material,
            licence_id=one.licence.pk,
            number=one.licence.number,
            name=one.licence.name,
            is_used=one.is_used,
        )
        for one in offers_for(hall, who, filled, names)
    ]


@router.get("/{uuid:filled_id}", response=list[LicenceOfferOut])
def list_licences_for_form(request: HttpRequest, filled_id: UUID) -> list[LicenceOfferOut]:
    """List the licences of the applicant whom one's draft names that could stand in it."""
    desk = cases_desk_of_request(request)
    return _offered(desk.hall, FormFiller(desk.by), filled_id)


@router.post("/{uuid:filled_id}", response=list[LicenceOfferOut])
def use_licence_in_form(request: HttpRequest, filled_id: UUID, data: LicenceUseIn) -> list[LicenceOfferOut]:
    """Put one of them into the draft, with its holder's consent. The same once more changes nothing, so that no key is
    needed to send it again. 409 where it holds no more, 503 while its paper is being made."""
    desk = cases_desk_of_request(request)
    who = FormFiller(desk.by)
    use_licence(who=who, hall=desk.hall, filled_id=filled_id, **data.model_dump())
    return _offered(desk.hall, who, filled_id)


@own.get("/{uuid:filled_id}", response=list[LicenceOfferOut])
def list_own_licences_for_form(request: HttpRequest, filled_id: UUID) -> list[LicenceOfferOut]:
    """List the licences of one's own, and of one's companies, that could stand in one's application."""
    return _offered(hall_of(request), _applicant(request), filled_id)


@own.post("/{uuid:filled_id}", response=list[LicenceOfferOut])
def use_own_licence(request: HttpRequest, filled_id: UUID, data: LicenceUseIn) -> list[LicenceOfferOut]:
    """Put one of them into the application and agree that the hall uses it there. Once more changes nothing, so that no
    key is needed."""
    who, hall = _applicant(request), hall_of(request)
    use_licence(who=who, hall=hall, filled_id=filled_id, **data.model_dump())
    return _offered(hall, who, filled_id)


def _applicant(request: HttpRequest) -> FormFiller:
    return filler_of(citizen_of_caller(request))
