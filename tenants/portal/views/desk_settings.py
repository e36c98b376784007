"""The hall's facts, hours, emblem and reviews at the desk."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import Invalid
from province.halls.operations import set_emblem, update_hall
from province.halls.queries import checklist
from tenants.portal.forms import HallFactsForm, HoursForm, ReviewStepsForm, SiteEmblemForm
from tenants.portal.layouts import at_desk
from tenants.portal.operations.settings import set_review_steps
from tenants.portal.queries.desk import reviewers_but
from tenants.portal.queries.settings import review_steps
from tenants.shell.layouts.desk import desk_page
from tenants.shell.slots import Desk


@at_desk
@require_GET
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _page(request, desk)


@at_desk
@require_POST
def facts(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = HallFactsForm(request.POST)
    if form.is_valid():
        try:
            update_hall(by=desk.by, hall=desk.hall, **form.cleaned_data)
        except Invalid as refusal:
            form.take_faults(refusal)
        else:
            return _saved(request, "facts")
    return _page(request, desk, facts_form=form)


@at_desk
@require_POST
def hours(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = HoursForm(request.POST)
    if form.is_valid():
        try:
            update_hall(by=desk.by, hall=desk.hall, opening_hours=form.opening_hours)
        except Invalid as refusal:
            form.add_error(None, "".join(fault.message for fault in refusal.faults) or refusal.message)
        else:
            return _saved(request, "hours")
    return _page(request, desk, hours_form=form)


@at_desk
@require_POST
def reviews(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = ReviewStepsForm(request.POST)
    if form.is_valid():
        set_review_steps(by=desk.by, hall=desk.hall, steps=form.cleaned_data["steps"])
        return _saved(request, "reviews")
    return _page(request, desk, steps_form=form)


@at_desk
@require_POST
def emblem(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = SiteEmblemForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["emblem"]
        try:
            set_emblem(by=desk.by, hall=desk.hall, name=file.name, content=file)
        except Invalid as refusal:
            form.add_error("emblem", refusal.message)
        else:
            return _saved(request, "emblem")
    return _page(request, desk, emblem_form=form)


def _saved(request: HttpRequest, part: str) -> HttpResponse:
    messages.success(
        request, "已保存，网站上立即生效。" if part != "reviews" else "已保存，从下一步审核起按新设置办理。"
    )
    return redirect("desk-settings")


def _page(
    request: HttpRequest,
    desk: Desk,
    *,
    facts_form: HallFactsForm | None = None,
    hours_form: HoursForm | None = None,
    steps_form: ReviewStepsForm | None = None,
    emblem_form: SiteEmblemForm | None = None,
) -> HttpResponse:
    forms: list[Form | None] = [facts_form, hours_form, steps_form, emblem_form]
    is_faulty = any(forms)
    context = {
        "place": "settings",
        "facts_form": facts_form or HallFactsForm.of(desk.hall),
        "hours_form": hours_form or HoursForm.of(desk.hall),
        "steps_form": steps_form
        or ReviewStepsForm(initial={"steps": [step.value for step in review_steps(desk.hall)]}),
        "emblem_form": emblem_form or SiteEmblemForm(),
        "reviewers": reviewers_but(desk.by, desk.hall),
        "checklist": checklist(desk.hall),
    }
    return desk_page(request, desk, "portal/desk/settings.html", context, status=422 if is_faulty else 200)
