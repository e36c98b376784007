"""One version: its review, its publication; and any two side by side."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import posted_number
from foundation.errors import DomainError
from province.catalogue.forms.console import USUAL_GRACE, ItemReviewForm, PublishForm
from province.catalogue.models import ItemVersion, Office
from province.catalogue.operations import pass_review, publish_version, recall_version, return_version, withdraw_version
from province.catalogue.queries.designs import NOTHING, compared_designs, design_differences, design_of_version
from province.catalogue.queries.desks import item_at_desk, version_at_desk
from province.catalogue.queries.differences import ElementDifference, difference
from province.catalogue.queries.display_values import DisplayValue, display_values_of
from province.catalogue.queries.items import compared
from province.catalogue.queries.overviews import in_force_before, overview_of
from province.catalogue.queries.reviews import (
    answered_reasons,
    deciding_offices,
    office_with_code,
    open_offices,
    part_of,
    returned_before,
    why_not_review,
)
from province.catalogue.queries.uses import touches_of
from province.catalogue.states import OPEN_REVIEWS, VersionState
from province.catalogue.views.designs import design_context
from province.console.access import actor_of_request
from province.rights.actors import Actor
from province.rights.queries import has_anywhere, may
from standards.items import KNOWN_ELEMENTS, Filler

_OTHERS = "其他内容"


@dataclass(frozen=True, slots=True)
class OfficePart:
    """What one office decides on: what changed there, ``since`` the version that came back, and what it says; ``form``
    where this person decides for it."""

    code: str
    name: str
    changes: list[ElementDifference]
    since: list[ElementDifference]
    display_values: list[DisplayValue]
    form: ItemReviewForm | None


@require_http_methods(["GET", "POST"])
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.read")
    found = version_at_desk(by, version_id)
    if request.method == "GET":
        return _version_page(request, by, found)
    office = office_with_code(request.POST.get("office", ""))
    form = ItemReviewForm(request.POST, auto_id=f"id_{office.code}_%s")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if request.POST.get("decision") == "pass":
                after = pass_review(by=by, version=found, office=office, reason=reason)
                words = VersionState(after.state).label
                messages.success(request, f"已代表{office.name}通过，现在是“{words}”。")
            else:
                return_version(by=by, version=found, office=office, reason=reason)
                messages.success(request, f"已代表{office.name}退回，编写部门会看到退回的原因。")
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            return redirect("console-item-version", version_id=version_id)
    return _version_page(request, by, version_at_desk(by, version_id), office, form)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    found = version_at_desk(by, version_id)
    form = PublishForm(request.POST or None, initial={"grace_days": USUAL_GRACE})
    if request.method == "POST" and form.is_valid():
        try:
            done = publish_version(
                by=by, version=found, valid_from=form.begins_at(), required_from=form.required_from()
            )
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            is_now = form.begins_at() is None
            words = "现在起施行。" if is_now else "到时自动施行，在此之前可以撤回公布。"
            messages.success(request, f"{done.called}已公布，{words}")
            return redirect("console-item", item_id=found.item_id)
    before = in_force_before(found)
    context = {
        "version": found,
        "form": form,
        "before": before,
        "changes": difference(before.values, found.values) if before else [],
        "design_changes": design_differences(
            design_of_version(before.pk) if before else NOTHING, design_of_version(found.pk)
        ),
        "touches": touches_of(found),
    }
    return render(request, "catalogue/publish.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, version_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    found = version_at_desk(by, version_id)
    called = found.called
    try:
        withdraw_version(by=by, version=found)
        messages.success(request, f"{called}的公布已撤回，可以另定日期再公布。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("console-item", item_id=found.item_id)


@require_POST
def recall(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Take back what waits for the offices."""
    by = actor_of_request(request, "catalogue.submit")
    found = version_at_desk(by, version_id)
    try:
        recall_version(by=by, version=found)
        messages.success(request, f"{found.called}已撤回，改好后可以重新报送。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("console-item", item_id=found.item_id)


@require_GET
def compare(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show what changed between two versions by their numbers (``?from=…&to=…``); 0 is the draft."""
    by = actor_of_request(request, "catalogue.read")
    found = item_at_desk(by, item_id)
    overview = overview_of(by, found)
    names = {one.number: one.called for one in overview.versions}
    known = ([0] if overview.sees_draft else []) + [one.number for one in overview.versions]
    before, after = (posted_number(request.GET.get(name, ""), otherwise=None) for name in ("from", "to"))
    if before is None or after is None:
        # the last change: of the draft if there is one, else of the latest version
        shown = known if overview.has_draft else [number for number in known if number]
        after, before = (shown[0], shown[1]) if len(shown) > 1 else (None, None)
    changes, design_changes = None, []
    if before is not None and after is not None:
        changes = difference(*compared(by, found, before, after))
        design_changes = design_differences(*compared_designs(by, found, before, after))
    context = {
        "item": found,
        "overview": overview,
        "can_compare": len(known) > 1,
        "before": before,
        "after": after,
        "before_name": names.get(before or 0, "草稿"),
        "after_name": names.get(after or 0, "草稿"),
        "changes": changes,
        "design_changes": design_changes,
    }
    return render(request, "catalogue/compare.html", context)


def _version_page(
    request: HttpRequest,
    by: Actor,
    found: ItemVersion,
    office: Office | None = None,
    form: ItemReviewForm | None = None,
) -> HttpResponse:
    before = in_force_before(found)
    is_open = bool(open_offices(found))
    returned = returned_before(found)
    since = difference(returned.values, found.values) if returned else []
    why_not = why_not_review(by, found) if is_open and has_anywhere(by, "catalogue.review") else ""
    changes = difference(before.values, found.values) if before else []
    forms = {} if why_not else _forms(by, found)
    if office is not None and form is not None:
        forms[office.code] = form
    parts = _parts(found, changes, since, forms)
    design = design_of_version(found.pk)
    before_design = design_of_version(before.pk) if before else NOTHING
    context = {
        **design_context(design),
        "design_changes": design_differences(before_design, design) if before else [],
        "had_design": bool(before_design),
        "version": found,
        "before": before,
        "changes": changes,
        "parts": parts,
        "returned": returned,
        "reasons": answered_reasons(found),
        "may_recall": found.state in OPEN_REVIEWS
        and may(by, "catalogue.submit", unit_id=found.item.department.unit_id),
        "reviews": sorted(found.reviews.all(), key=lambda one: one.created_at),
        "waiting": open_offices(found),
        "why_not": why_not,
        "may_publish": found.state == VersionState.APPROVED and may(by, "catalogue.publish"),
        "refused": form if form is not None and form.errors else None,
    }
    return render(request, "catalogue/version.html", context, status=422 if form is not None and form.errors else 200)


def _forms(by: Actor, found: ItemVersion) -> dict[str, ItemReviewForm]:
    """Forms of the offices whose turn it is and for which this person decides, by office."""
    return {
        one.code: ItemReviewForm(auto_id=f"id_{one.code}_%s")
        for one in open_offices(found)
        if may(by, "catalogue.review", unit_id=one.unit_id)
    }


def _parts(
    found: ItemVersion,
    changes: list[ElementDifference],
    since: list[ElementDifference],
    forms: dict[str, ItemReviewForm],
) -> list[OfficePart]:
    """What this person decides on comes first, and of that what changed."""
    parts, covered = [], set[str]()
    for office in deciding_offices(found):
        elements = part_of(office)
        names = {element.name for element in elements}
        covered |= names
        parts.append(
            OfficePart(
                code=office.code,
                name=office.name,
                changes=[one for one in changes if one.name in names],
                since=[one for one in since if one.name in names],
                display_values=display_values_of(elements, found.values),
                form=forms.get(office.code),
            )
        )
    others = [one for one in KNOWN_ELEMENTS if one.name not in covered and one.by is not Filler.PLATFORM]
    rest = display_values_of(others, found.values)
    if rest:
        changed, newly = ([one for one in some if one.name not in covered] for some in (changes, since))
        parts.append(OfficePart("", _OTHERS, changed, newly, rest, None))
    return sorted(parts, key=lambda part: (part.form is None, not part.changes))
