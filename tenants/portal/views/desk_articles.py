"""The hall's own articles at the desk: the table, the page of each, the editor."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import posted_number
from foundation.design.tables import TableColumn, TableKind
from foundation.editing.comparing import difference_of
from foundation.editing.drafts import lock_holder
from foundation.errors import Conflict, Fault, Invalid
from foundation.exports import EXPORT_FORMATS, export_table
from foundation.masking import masked
from province.audit.queries import act_label, entries_about
from province.console.access import first_view
from province.console.queries.tables import own_table
from province.content.operations import RETURN_REASONS
from tenants.portal.forms import ArticleForm
from tenants.portal.layouts import at_desk
from tenants.portal.models import Article, ArticleReview, ArticleVersion
from tenants.portal.operations import articles, assets, library, reviews
from tenants.portal.queries.desk import (
    ARTICLE_FILTERS,
    article_at_desk,
    articles_at_desk,
    articles_by_filter,
    column_choices,
    review_shortage,
    version_of,
    versions_of,
    why_not_pass,
)
from tenants.portal.queries.settings import review_steps
from tenants.portal.states import REVIEW_STEPS, ArticleState, DraftState
from tenants.shell.layouts.desk import act_and_return, desk_page, rows_of_page
from tenants.shell.slots import Desk

_CHOSEN: Final = ("search", "state", "column_code")
_TABLE: Final = TableKind(
    "desk.articles",
    (
        TableColumn("title", "标题", sort="title", is_fixed=True),
        TableColumn("column", "栏目", sort="column__name"),
        TableColumn("state", "状态"),
        TableColumn("owner", "责任人"),
        TableColumn("edited", "最后修改", sort="edited_at"),
        TableColumn("published", "发布时间", sort="published_at"),
    ),
    filters=_CHOSEN,
)


@at_desk
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    chosen = {name: request.GET.get(name, "") for name in _CHOSEN}
    found = articles_at_desk(desk, search=chosen["search"], state=chosen["state"], column=chosen["column_code"])
    rows = shown.in_order(found)
    if request.GET.get("export") in EXPORT_FORMATS:
        return export_table(
            request.GET["export"],
            f"{desk.hall.short_name}文章",
            ["标题", "栏目", "网站状态", "稿件状态", "作者", "责任人", "部门", "最后修改人", "最后修改", "发布时间"],
            (
                [
                    *(row.title, row.column.name, row.get_state_display(), row.get_draft_state_display()),
                    *(row.author, row.owner_name, row.unit_name),  # type: ignore[attr-defined]  # annotated
                    *(masked(row.edited_by_name), row.edited_at, row.published_at),
                ]
                for row in rows.iterator()
            ),
        )
    numbers = articles_by_filter(desk)
    context = {
        "place": "articles",
        "page": rows_of_page(request, rows),
        "table": shown,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "filters": [(key, label, numbers[key]) for key, (label, _) in ARTICLE_FILTERS.items()],
        "columns": column_choices(),
    }
    return desk_page(request, desk, "portal/desk/articles.html", context)


@at_desk
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    columns = column_choices()
    form = ArticleForm(
        request.POST or None,
        request.FILES or None,
        columns=columns,
        initial={"column": request.GET.get("column", ""), "source": desk.hall.name, "author": desk.by.name},
    )
    if request.method == "POST" and form.is_valid():
        try:
            article = articles.create_article(
                by=desk.by, hall=desk.hall, **form.texts, **_cover_of(desk, form, only_new=True)
            )
        except Invalid as refusal:
            form.take_faults(refusal)
        else:
            return _after_save(request, desk, article)
    context = {"place": "articles", "form": form, "article": None, "has_columns": bool(columns), **_steps(desk)}
    return desk_page(request, desk, "portal/desk/article_edit.html", context, status=422 if form.errors else 200)


@at_desk
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, desk: Desk, article_id: UUID) -> HttpResponse:
    """Opening the editor takes the lock; while somebody else holds it, or a review runs, the article's page says so."""
    article = article_at_desk(desk, article_id)
    if request.method == "GET":
        if article.draft_state in REVIEW_STEPS or lock_holder(article, desk.by):
            return redirect("desk-article", article_id)
        articles.lock_article(by=desk.by, hall=desk.hall, article_id=article_id)
    form = ArticleForm(request.POST or None, request.FILES or None, columns=column_choices(), initial=_initial(article))
    if request.method == "POST" and form.is_valid():
        try:
            saved = articles.save_article(
                by=desk.by,
                hall=desk.hall,
                article_id=article_id,
                revision=_revision(request),
                **form.texts,
                **_cover_of(desk, form),
            )
        except Invalid as refusal:
            form.take_faults(refusal)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
        else:
            return _after_save(request, desk, saved)
    context = {
        "place": "articles",
        "form": form,
        "article": article,
        "article_key": article.pk.hex,
        "revision": request.POST.get("revision", article.revision),
        "has_columns": True,
        **_steps(desk),
    }
    return desk_page(request, desk, "portal/desk/article_edit.html", context, status=422 if form.errors else 200)


@at_desk
@require_POST
def autosave(request: HttpRequest, desk: Desk, article_id: UUID) -> JsonResponse:
    """The editor's own saving, in the background. A draft may be without a title for a while."""
    form = ArticleForm(request.POST, columns=column_choices())
    form.fields["title"].required = False
    if not form.is_valid():
        faults = [Fault(name, str(message)) for name, errors in form.errors.items() for message in errors]
        raise Invalid("有几处填写有误，还没有保存。", faults=faults)
    saved = articles.save_article(
        by=desk.by, hall=desk.hall, article_id=article_id, revision=_revision(request), **form.texts
    )
    return JsonResponse({"revision": saved.revision, "saved_at": f"{timezone.localtime():%H:%M:%S}"})


@at_desk
@require_POST
def release(request: HttpRequest, desk: Desk, article_id: UUID) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Give the lock back: the editor was left, and others may write."""
    articles.unlock_article(by=desk.by, hall=desk.hall, article_id=article_id)
    return HttpResponse(status=204)


@at_desk
@require_POST
def upload(request: HttpRequest, desk: Desk) -> JsonResponse:
    """A picture or attachment of a text; see templates/design/editor.html."""
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("没有收到文件，请重新选择。")
    alt = request.POST.get("alt", "")
    asset = assets.add_asset(by=desk.by, hall=desk.hall, name=file.name or "", content=file, alt=alt)
    return JsonResponse({"url": f"/media/{asset.id}", "id": str(asset.id), "name": asset.name}, status=201)


@at_desk
@require_GET
def article(request: HttpRequest, desk: Desk, article_id: UUID) -> HttpResponse:
    found = article_at_desk(desk, article_id)
    versions = list(versions_of(found))
    waiting = versions[0] if versions and found.draft_state in REVIEW_STEPS else None
    if waiting:
        waiting.article = found
    before = next((version for version in versions if version.pk == found.published_id), None)
    context = {
        "place": "articles",
        "article": found,
        "text": waiting or found,
        "versions": versions,
        "waiting": waiting,
        "why_not": why_not_pass(desk.by, desk.hall, waiting) if waiting else "",
        "changes": difference_of(before, waiting) if waiting and before else None,
        "return_reasons": RETURN_REASONS,
        "last_return": _last_return(found, versions),
        "lock_owner": lock_holder(found, desk.by),
        "history": [(act_label(entry.act), entry) for entry in entries_about(found.pk).order_by("-created_at")[:50]],
        "is_published": found.state == ArticleState.PUBLISHED,
        "is_withdrawn": found.state == ArticleState.WITHDRAWN,
        **_steps(desk),
    }
    return desk_page(request, desk, "portal/desk/article.html", context)


@at_desk
@require_GET
def compare(request: HttpRequest, desk: Desk, article_id: UUID) -> HttpResponse:
    """Show two versions side by side, or a version and the draft (number 0)."""
    found = article_at_desk(desk, article_id)
    numbers = [posted_number(request.GET.get(name, ""), otherwise=0) for name in ("from", "to")]
    before, after = (version_of(found, number) if number else found for number in numbers)
    context = {
        "place": "articles",
        "article": found,
        "versions": versions_of(found),
        "from": numbers[0],
        "to": numbers[1],
        "changes": difference_of(before, after),
    }
    return desk_page(request, desk, "portal/desk/compare.html", context)


@at_desk
@require_POST
def act(request: HttpRequest, desk: Desk, article_id: UUID, verb: str) -> HttpResponse:
    """Do what a button of an article's page says."""
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "article_id": article_id}
    reason = request.POST.get("reason", "")
    acts = {
        "submit": (lambda: reviews.submit_article(**given), _said_of_submission(desk)),
        "recall": (lambda: reviews.recall_article(**given), "已撤回送审，可以继续修改。"),
        "withdraw": (
            lambda: articles.withdraw_article(**given, reason=reason),
            "已撤下，网站上立即看不到了。可以随时恢复。",
        ),
        "restore": (lambda: articles.restore_article(**given), "已恢复发布。"),
        "pin": (lambda: articles.pin_article(**given, is_pinned=True), "已置顶。"),
        "unpin": (lambda: articles.pin_article(**given, is_pinned=False), "已取消置顶。"),
        "unlock": (lambda: articles.unlock_article(**given, is_forced=True), "已解除锁定，现在可以编辑。"),
        "offer": (lambda: library.offer_article(**given), "已报送云稿库，等待上级选用。"),
    }
    carry_out, said = acts[verb]
    return act_and_return(request, carry_out, said=said, to="desk-article", args=(article_id,))


@at_desk
@require_POST
def review(request: HttpRequest, desk: Desk, article_id: UUID) -> HttpResponse:
    """Pass or return the version that waits, at the step that the reviewer saw."""
    version = version_of(article_at_desk(desk, article_id), posted_number(request.POST.get("version", ""), otherwise=0))
    given: dict[str, Any] = {
        "by": desk.by,
        "hall": desk.hall,
        "version_id": version.pk,
        "step": request.POST.get("step", ""),
    }
    reason = request.POST.get("reason", "")
    if request.POST.get("decision") == "return":
        return act_and_return(
            request,
            lambda: reviews.return_article(**given, reason=reason),
            said="已退回修改，撰写人会看到原因。",
            to="desk-article",
            args=(article_id,),
        )
    return act_and_return(
        request,
        lambda: reviews.pass_article_review(**given, reason=reason),
        said="审核已通过。",
        to="desk-article",
        args=(article_id,),
    )


def _after_save(request: HttpRequest, desk: Desk, article: Article) -> HttpResponse:
    """The draft is saved; what the pressed button asks for comes next."""
    if request.POST.get("then") != "submit":
        messages.success(request, "已保存。")
        return redirect("desk-article-edit", article.pk)
    return act_and_return(
        request,
        lambda: reviews.submit_article(by=desk.by, hall=desk.hall, article_id=article.pk),
        said=_said_of_submission(desk),
        to="desk-article",
        args=(article.pk,),
    )


def _said_of_submission(desk: Desk) -> str:
    return "已提交，等待审核。" if review_steps(desk.hall) else "已发布，网站上现在就能看到。"


def _steps(desk: Desk) -> dict[str, object]:
    steps = review_steps(desk.hall)
    names = "、".join(step.label.removeprefix("待") for step in steps)
    return {
        "shortage": review_shortage(desk.by, desk.hall),
        "submit_word": "提交审核" if steps else "发布",
        "steps_word": f"发布前要经过{names}。" if steps else "本厅文章提交即发布。",
        "upload_url": reverse("desk-upload"),
    }


def _initial(article: Article) -> dict[str, object]:
    return {**ArticleForm.filled_with(article), "column": article.column.code}


def _cover_of(desk: Desk, form: ArticleForm, *, only_new: bool = False) -> dict[str, Any]:
    """``cover_id`` where the form changes the cover, else nothing."""
    file = form.cleaned_data["cover"]
    if file:
        alt = form.cleaned_data["cover_alt"]
        asset = assets.add_asset(by=desk.by, hall=desk.hall, name=file.name, content=file, alt=alt)
        return {"cover_id": asset.pk}
    return {"cover_id": None} if form.cleaned_data["no_cover"] and not only_new else {}


def _last_return(article: Article, versions: list[ArticleVersion]) -> ArticleReview | None:
    if article.draft_state != DraftState.RETURNED or not versions:
        return None
    return next((one for one in versions[0].reviews.all() if not one.is_passed), None)


def _revision(request: HttpRequest) -> int:
    return posted_number(request.POST.get("revision", ""), otherwise=-1)
