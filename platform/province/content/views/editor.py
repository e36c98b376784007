"""One manuscript being written: draft with autosave, lock, pictures and attachments, submission."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import Conflict, DomainError, Invalid
from province.console.access import actor_of_request
from province.content.forms import ManuscriptForm
from province.content.models import Manuscript
from province.content.operations.assets import add_asset
from province.content.operations.manuscripts import (
    lock_manuscript,
    save_draft,
    submit_manuscript,
    unlock_manuscript,
)
from province.content.queries.assets import asset_at_desk, assets_at_desk, file_at_desk, media_link
from province.content.queries.desks import desk_name
from province.content.queries.manuscripts import manuscript_at_desk, versions_of
from province.content.queries.reviews import review_shortage
from province.content.states import OPEN_REVIEWS
from province.rights.actors import Actor


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, manuscript_id: UUID) -> HttpResponse:
    """The editor. Without JavaScript its two buttons save, or save and submit."""
    by = actor_of_request(request, "content.write")
    manuscript = manuscript_at_desk(by, manuscript_id)
    if request.method == "GET":
        return _editor_page(request, by, manuscript, ManuscriptForm.of(manuscript))
    form = ManuscriptForm(request.POST)
    if not form.is_valid():
        return _editor_page(request, by, manuscript, form)
    try:
        manuscript = _save(by, manuscript, form)
        if request.POST.get("act") != "submit":
            messages.success(request, "已保存。")
            return redirect("console-manuscript", manuscript_id=manuscript_id)
        version = submit_manuscript(by=by, manuscript=manuscript, is_urgent=form.cleaned_data["is_urgent"])
    except DomainError as refusal:
        # what was written stays; the draft may have been saved before the refusal
        form = ManuscriptForm({**request.POST.dict(), "revision": manuscript.revision})
        form.is_valid()
        form.take_faults(refusal)
        return _editor_page(request, by, manuscript, form)
    messages.success(request, f"第 {version.number} 版已提交审核，等待初审。")
    return redirect("console-version", version_id=version.pk)


@require_POST
def save(request: HttpRequest, manuscript_id: UUID) -> JsonResponse:
    """Autosave: the form as it stands; answers the new revision."""
    by = actor_of_request(request, "content.write")
    form = ManuscriptForm(request.POST)
    if not form.is_valid():
        errors = [error for found in form.errors.values() for error in found]
        message = " ".join(str(error) for error in errors)
        raise Invalid(message)
    manuscript = _save(by, manuscript_at_desk(by, manuscript_id), form)
    return JsonResponse({"revision": manuscript.revision, "saved_at": f"{timezone.localtime():%H:%M}"})


@require_POST
def lock(request: HttpRequest, manuscript_id: UUID) -> HttpResponseRedirect:
    by = actor_of_request(request, "content.write")
    manuscript = manuscript_at_desk(by, manuscript_id)
    if request.POST.get("act") == "release":
        unlock_manuscript(by=by, manuscript=manuscript)
        return redirect("console-manuscripts")
    lock_manuscript(by=by, manuscript=manuscript)
    return redirect("console-manuscript", manuscript_id=manuscript_id)


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Where the editor sends pictures and attachments: ``?desk=PREFIX``; answers the link that the text carries."""
    by = actor_of_request(request, "content.write")
    content = request.FILES.get("file")
    if content is None:
        raise Invalid("没有收到文件，请重新选择。")
    if (content.size or 0) > settings.UPLOAD_LIMIT:
        message = f"文件太大，最多 {settings.UPLOAD_LIMIT // 1024 // 1024} MB。"
        raise Invalid(message)
    kept = add_asset(
        by=by,
        desk_prefix=request.GET.get("desk", ""),
        name=content.name or "",
        content=content,
        alt=request.POST.get("alt", ""),
    )
    return JsonResponse({"id": str(kept.id), "url": f"/media/{kept.id}", "name": kept.name})


@require_GET
def asset(request: HttpRequest, asset_id: UUID) -> HttpResponseRedirect:
    """The console's own way to a file: of a draft of one's desks, or of an offer."""
    by = actor_of_request(request, "content.read")
    return HttpResponseRedirect(media_link(file_at_desk(by, asset_id)))


def _save(by: Actor, manuscript: Manuscript, form: ManuscriptForm) -> Manuscript:
    texts = form.texts()
    cover = form.cleaned_data["cover"]
    texts["cover"] = asset_at_desk(by, cover) if cover else None
    return save_draft(by=by, manuscript=manuscript, revision=form.cleaned_data["revision"], **texts)


def _editor_page(request: HttpRequest, by: Actor, manuscript: Manuscript, form: ManuscriptForm) -> HttpResponse:
    owner = ""
    if request.method == "GET":
        try:
            manuscript = lock_manuscript(by=by, manuscript=manuscript)
        except Conflict as refusal:
            owner = refusal.message
    form.offer_covers(assets_at_desk(by, manuscript.desk_prefix))
    latest = versions_of(manuscript).first()
    context: dict[str, Any] = {
        "manuscript": manuscript,
        "form": form,
        "owner": owner,
        "desk": desk_name(manuscript.desk_prefix),
        "shortage": review_shortage(by, manuscript.desk_prefix),
        "latest": latest,
        "is_under_review": latest is not None and latest.state in OPEN_REVIEWS,
        "draft_key": f"manuscript:{manuscript.pk}",
        "upload_url": f"{reverse('console-assets')}?desk={manuscript.desk_prefix}",
        "save_url": reverse("console-manuscript-save", args=[manuscript.pk]),
    }
    return render(request, "content/manuscript.html", context, status=422 if form.errors else 200)
