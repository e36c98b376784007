"""Applications for several items at once (一件事): a citizen's, for the program of the citizen, by the session of the
hall's host and never by a token; and those that the desk takes in for somebody."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.cases.states import CaseState
from province.catalogue.queries.packages import shown_package
from province.citizens.access import citizen_as_caller
from tenants.casework.layouts import cases_desk_of_request
from tenants.casework.models import PackageApplication
from tenants.casework.operations.packages import begin_package, withdraw_package
from tenants.casework.operations.serving import ServiceWish
from tenants.casework.queries.own_packages import (
    numbers_in_package,
    own_package,
    own_packages,
    package_at_desk,
    package_view,
    packages_at_desk,
)
from tenants.casework.queries.packages import package_guide
from tenants.casework.schemas.own import OwnReasonIn
from tenants.casework.schemas.packages import (
    OwnPackageLineOut,
    OwnPackageOut,
    OwnPackageStepOut,
    PackageAnswerOut,
    PackageAnswersQuery,
    PackageAtDeskOut,
    PackageBeginIn,
    PackageBegunOut,
    PackageGuideOut,
    PackageItemOut,
    PackageMaterialOut,
    PackageQuestionOut,
    PackageTakenIn,
)
from tenants.shell.layouts.citizen import citizen_of_caller
from tenants.shell.layouts.site import hall_of
from tenants.workflow.queries.filled import FormFiller, filler_of

router = Router(tags=["own packages"], auth=citizen_as_caller)
at_desk = Router(tags=["cases"])


def _line(application: PackageApplication) -> dict[str, Any]:
    names = ("number", "name", "sent_at", "withdrawn_at")
    return {"id": application.pk} | {name: getattr(application, name) for name in names}


def _whole(application: PackageApplication) -> OwnPackageOut:
    view = package_view(application)
    steps = [
        OwnPackageStepOut(
            name=one.name,
            hall=one.away.hall.name if one.away else "",
            is_late=one.is_late,
            case_id=one.case_id,
            number=one.number,
            state=CaseState(one.state) if one.state else None,
            sentence=one.sentence,
            waits=one.waits,
            ended=one.ended,
        )
        for one in view.steps
    ]
    return OwnPackageOut(**_line(application), sentence=view.sentence, steps=steps, can_withdraw=view.can_withdraw)


@router.get("", response=list[OwnPackageLineOut])
def list_own_packages(request: HttpRequest) -> list[OwnPackageLineOut]:
    """List what one has sent at this hall."""
    return [OwnPackageLineOut(**_line(one)) for one in own_packages(citizen_of_caller(request).pk)]


@router.get("/guides/{uuid:package_id}", response=PackageGuideOut)
def show_package_guide(request: HttpRequest, package_id: UUID, given: Query[PackageAnswersQuery]) -> PackageGuideOut:
    """Show what is done at once at this hall after some answers."""
    citizen_of_caller(request)
    asked: dict[str, list[str]] = {}
    for one in given.answer:
        question, _, code = one.partition(":")
        asked.setdefault(f"q{question}", []).append(code)
    guide = package_guide(hall_of(request), shown_package(package_id), asked)
    return PackageGuideOut(
        id=package_id,
        name=guide.version.name,
        version=guide.version.number,
        summary=guide.definition.summary,
        questions=[
            PackageQuestionOut(
                code=one.code,
                text=one.text,
                is_multiple=one.is_multiple,
                answers=[PackageAnswerOut(code=each.code, label=each.label) for each in one.answers],
                answered=list(guide.answers[one.code]) if one.code in guide.answers else None,
            )
            for one in guide.definition.situations.asked(guide.answers)
        ],
        items=[
            PackageItemOut(
                code=one.item.code,
                name=one.name,
                is_here=one.setup is not None,
                is_sent=one.offer is not None and guide.is_whole,
                elsewhere=one.elsewhere.name if one.elsewhere else "",
                after=list(one.item.after),
            )
            for one in guide.parts
        ],
        materials=[
            PackageMaterialOut(name=one.name, needed_by=list(one.needed_by), is_needed=one.is_needed)
            for one in guide.materials
        ],
        notes=list(guide.chosen.notes),
        refusals=list(guide.chosen.refusals),
        is_whole=guide.is_whole,
    )


def _given(data: PackageBeginIn | PackageTakenIn) -> dict[str, Any]:
    said = data.model_dump()
    wish = said.pop("service")
    return said | {"service": ServiceWish(**wish) if wish else None}


@router.post("", response={201: PackageBegunOut})
@idempotent
def begin_own_package(request: HttpRequest, data: PackageBeginIn) -> tuple[int, PackageBegunOut]:
    """Begin the one form of all items that the answers choose, or go on with the draft that there is. 422 for an open
    question, 409 where it cannot be done in one here."""
    who = filler_of(citizen_of_caller(request))
    made = begin_package(who=who, hall=hall_of(request), **_given(data))
    return 201, PackageBegunOut(id=made.pk, filled_id=made.filled_id)


@router.get("/{uuid:application_id}", response=OwnPackageOut)
def show_own_package(request: HttpRequest, application_id: UUID) -> OwnPackageOut:
    """Show where each of its items stands, and what one must do now."""
    return _whole(own_package(citizen_of_caller(request), application_id))


@router.post("/{uuid:application_id}/withdraw", response=OwnPackageOut)
@idempotent
def withdraw_own_package(request: HttpRequest, application_id: UUID, data: OwnReasonIn) -> tuple[int, OwnPackageOut]:
    """Take back all that is not decided yet. 409 where nothing is left."""
    who = filler_of(citizen_of_caller(request))
    made = withdraw_package(who=who, hall=hall_of(request), application_id=application_id, reason=data.reason)
    return 200, _whole(made)


def _taken(application: PackageApplication) -> PackageAtDeskOut:
    return PackageAtDeskOut(**_line(application), cases=numbers_in_package(application))


@at_desk.get("", response=Page[OwnPackageLineOut])
def list_packages(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List what was taken in here for somebody, the newest first."""
    cases_desk_of_request(request)
    return page_of(packages_at_desk(), page)


@at_desk.post("", response={201: PackageBegunOut})
@idempotent
def take_package(request: HttpRequest, data: PackageTakenIn) -> tuple[int, PackageBegunOut]:
    """Begin an application for somebody; it is filled in and sent by the interface of forms. 422 for an open question,
    409 where it cannot be done in one here."""
    desk = cases_desk_of_request(request)
    made = begin_package(who=FormFiller(desk.by), hall=desk.hall, is_another=True, **_given(data))
    return 201, PackageBegunOut(id=made.pk, filled_id=made.filled_id)


@at_desk.get("/{uuid:application_id}", response=PackageAtDeskOut)
def show_package(request: HttpRequest, application_id: UUID) -> PackageAtDeskOut:
    """Show one that was sent."""
    cases_desk_of_request(request)
    return _taken(package_at_desk(application_id))


@at_desk.post("/{uuid:application_id}/withdraw", response=PackageAtDeskOut)
@idempotent
def withdraw_taken_package(
    request: HttpRequest, application_id: UUID, data: OwnReasonIn
) -> tuple[int, PackageAtDeskOut]:
    """Write down that the applicant takes back all that is not decided yet. 409 where nothing is left."""
    desk = cases_desk_of_request(request)
    made = withdraw_package(who=FormFiller(desk.by), hall=desk.hall, application_id=application_id, reason=data.reason)
    return 200, _taken(made)
