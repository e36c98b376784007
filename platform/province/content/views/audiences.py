"""What the push dialog shows while somebody fills it in: who would show it, and how it will look there."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import DomainError, Invalid, NotAllowed, NotFound
from foundation.exports import EXPORT_FORMATS, export_table
from province.console.access import actor_of_request
from province.content.forms import AudienceForm, codes_of
from province.content.models import ManuscriptVersion
from province.content.queries.audiences import GROUPS, AudiencePreview, Placing, audience_halls, audience_preview
from province.content.queries.columns import column_code
from province.content.queries.outside import outside_notes
from province.content.queries.previews import page_preview
from province.content.queries.reviews import version_at_desk
from province.content.states import PushMode
from province.halls.queries import hall_with_code
from province.halls.queries.divisions import names_of_codes
from province.halls.queries.halls import first_hall_below
from province.rights.actors import Actor
from province.rights.queries import may

_LISTED = 200
# of the dialog: what the next page of the list is asked with
_FIELDS = ("to", "excluded", "kinds", "mode", "column")


@dataclass(frozen=True, slots=True)
class AudienceAnswer:
    """The live line of the dialog with its list and chips; ``fault`` where the audience is wrong or empty."""

    preview: AudiencePreview | None
    fault: str
    chips: list[tuple[str, str]]
    excluded_chips: list[tuple[str, str]]
    # about accounts elsewhere
    notes: list[str]


@require_POST
def audience(request: HttpRequest, version_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "content.push")
    version = version_at_desk(by, version_id)
    answer = answer_for(by, version, AudienceForm(request.POST))
    return render(request, "content/push.html#audience", {"answer": answer, "version": version})


def answer_for(by: Actor, version: ManuscriptVersion, form: AudienceForm) -> AudienceAnswer:
    """What a form, filled in so far, would reach."""
    preview, fault = None, ""
    notes: list[str] = []
    form.is_valid()
    filled = form.cleaned_data
    to, excluded = codes_of(filled.get("to", "")), codes_of(filled.get("excluded", ""))
    if not to or "kinds" not in filled:
        fault = "还没有选择范围：请在下面勾选区划，或直接填写区划代码。"
    else:
        try:
            preview = _preview(by, version, form)
            notes = outside_notes(form.audience(), version)
        except DomainError as refusal:
            fault = refusal.message
    return AudienceAnswer(preview, fault, _named(to), _named(excluded), notes)


@require_POST
def audience_list(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Every hall of an audience to its end, page by page, or as a table to take away. POST, since codes may be many."""
    by = actor_of_request(request, "content.push")
    version = version_at_desk(by, version_id)
    form = AudienceForm(request.POST)
    if not form.is_valid():
        raise Invalid("请先在推送页选好范围和栏目。")
    _check_within_reach(by, form)
    placing = Placing(version.manuscript_id, PushMode(form.cleaned_data["mode"]), form.cleaned_data["column"])
    halls = audience_halls(form.audience(), placing=placing)
    if request.POST.get("format") in EXPORT_FORMATS:
        rows = ((one.division.code, one.name, one.get_kind_display(), GROUPS[one.group]) for one in halls.iterator())
        headings = ("区划代码", "服务厅", "类型", "是否显示")
        return export_table(request.POST["format"], f"推送名单-{version.title[:20]}", headings, rows)
    page = Paginator(halls, _LISTED).get_page(request.POST.get("page"))
    context = {
        "version": version,
        "page": page,
        "rows": [(one, GROUPS[one.group]) for one in page],
        "fields": [(name, value) for name in _FIELDS for value in request.POST.getlist(name)],
    }
    return render(request, "content/audience.html", context)


def _check_within_reach(by: Actor, form: AudienceForm) -> None:
    if any(not may(by, "content.push", prefix=scope.prefix) for scope in form.audience().scopes):
        raise NotAllowed("范围超出了您的岗位，请只选择本区划及下级。")


def _preview(by: Actor, version: ManuscriptVersion, form: AudienceForm) -> AudiencePreview:
    filled = form.cleaned_data
    _check_within_reach(by, form)
    return audience_preview(
        form.audience(),
        manuscript_id=version.manuscript_id,
        mode=PushMode(filled.get("mode") or PushMode.DIRECT),
        column=filled.get("column", ""),
    )


def _named(codes: list[str]) -> list[tuple[str, str]]:
    """Codes with their names, in the order given."""
    full = {code: code.ljust(12, "0") for code in codes}
    names = names_of_codes(full.values())
    return [(code, names.get(full[code], code)) for code in codes]


@require_GET
@xframe_options_sameorigin
def preview(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The text as readers of one hall's site will see it; stands in a frame of the dialog."""
    by = actor_of_request(request, "content.read")
    version = version_at_desk(by, version_id)
    code = request.GET.get("hall", "")
    hall = hall_with_code(code) if code else first_hall_below(version.manuscript.desk_prefix)
    if hall is None or not may(by, "content.read", hall_id=hall.pk, prefix=hall.prefixes[-1]):
        raise NotFound("您的岗位下还没有这个服务厅，没有可以预览的网站。")
    return HttpResponse(page_preview(hall, version, column_code(request.GET.get("column", "news"))))
