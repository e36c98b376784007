"""The list of items, the page of one, and the acts that need no more than a button or a reason."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.tables import TableColumn, TableKind
from foundation.errors import DomainError, Invalid
from foundation.exports import EXPORT_FORMATS, export_list, export_table
from foundation.masking import masked
from province.catalogue.forms.console import answers_posted, reasons_posted, types_by_family
from province.catalogue.models import Item, ItemVersion
from province.catalogue.operations import (
    resume_item,
    start_base_list,
    submit_version,
)
from province.catalogue.queries.base_list_loads import base_list_load, base_list_size
from province.catalogue.queries.codes import code_lines, with_former_codes
from province.catalogue.queries.contradictions import contradictions_in_halls, contradictory_items
from province.catalogue.queries.departments import departments
from province.catalogue.queries.designs import NOTHING, design_of_version, drafted_design
from province.catalogue.queries.desks import item_at_desk
from province.catalogue.queries.extra_elements import as_defined_at
from province.catalogue.queries.guide import guide_of
from province.catalogue.queries.handling import chosen_guide, way_lines, words_of_choice
from province.catalogue.queries.items import item_table
from province.catalogue.queries.ledger import ledger_of
from province.catalogue.queries.materials import with_materials
from province.catalogue.queries.overviews import ItemOverview, overview_of
from province.catalogue.queries.pause_requests import may_confirm, waiting_pause_request
from province.catalogue.queries.reviews import reasons_for_draft, review_queue, versions_to_mend
from province.catalogue.queries.successions import succession_lines
from province.catalogue.queries.uses import adoption_figures
from province.catalogue.queries.validity import pause_of
from province.catalogue.states import CodeState, ItemDeskState, ItemLife
from province.catalogue.views.designs import design_context
from province.catalogue.views.files import CatalogueFiles
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request, first_view
from province.console.queries.tables import own_table
from province.rights.actors import Actor
from province.rights.queries import has_anywhere, may
from standards.items import ELEMENTS
from standards.items.codelists import ACTED, Family
from standards.items.flowchart import chart_of
from standards.items.power_rules import steps_of
from standards.items.values import file_ids_in

_PAGE = 50
_FILTERS = ("words", "family", "item_type", "department", "state", "step", "lacking")
_TABLE = TableKind(
    "console.items",
    (
        TableColumn("name", "事项", sort="name", is_fixed=True),
        TableColumn("type", "类型"),
        TableColumn("department", "主管部门", sort="department_name"),
        TableColumn("step", "进度"),
        TableColumn("valid", "现行版本", sort="valid_number"),
        TableColumn("from", "施行时间", sort="valid_from"),
    ),
    filters=_FILTERS,
)
_HEADINGS = (
    *("基本编码", "事项名称", "类别", "类型", "主管部门", "使用状态", "办理进度", "报送次数", "现行版本"),
    *("施行时间", "样例", "内容", "目录", "曾用编码"),
)
_QUEUE_HEADINGS = ("基本编码", "事项名称", "主管部门", "版本", "状态", "报送人", "报送时间", "退回的原因")
_TABS = (
    ("guide", "办事指南"),
    ("ways", "办理项和情形"),
    ("flow", "流程图"),
    ("design", "表单和流程"),
    ("versions", "版本与审核"),
    ("uses", "使用情况"),
)


@require_GET
def item_list(request: HttpRequest) -> HttpResponse:
    """Show the items in sight; ``?view=reviews``: the versions that wait for a decision of one's offices;
    ``?view=returned``: those that came back."""
    by = actor_of_request(request, "catalogue.read")
    queues = {"reviews": review_queue, "returned": versions_to_mend}
    view = request.GET.get("view", "")
    if view in queues:
        if (kind := request.GET.get("format", "")) in EXPORT_FORMATS:
            name = "待我审核的事项" if view == "reviews" else "退回待修改的事项"
            return export_list(kind, name, _QUEUE_HEADINGS, queues[view](by), _queue_lines)
        page = Paginator(queues[view](by), _PAGE).get_page(request.GET.get("page"))
        return render(request, f"catalogue/items_{view}.html", {"tabs": tabs_of(by, view), "page": page})
    table = own_table(by, _TABLE, request.GET)
    if first := first_view(request, table):
        return redirect(first)
    filters = filters_of(request)
    rows = table.in_order(item_table(by, **filters))
    if request.GET.get("format") in EXPORT_FORMATS:
        return export_table(request.GET["format"], "事项目录", _HEADINGS, _lines(with_former_codes(rows).iterator()))
    may_load = may(by, "catalogue.write") and may(by, "catalogue.publish")
    load = base_list_load() if may_load else None
    context = {
        "tabs": tabs_of(by, "items"),
        "table": table,
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "is_filtered": any(filters.values()),
        "families": Family.choices,
        "types": types_by_family(),
        "departments": departments(),
        "states": ItemLife.choices,
        "steps": ItemDeskState.choices,
        "may_load": may_load,
        "load": load if load and (load.failed or not load.is_finished) else None,
    }
    return render(request, "catalogue/items.html", context)


def filters_of(request: HttpRequest) -> dict[str, str]:
    """The filters of the table, as the address has them."""
    return {name: request.GET.get(name, "").strip()[:80] for name in _FILTERS}


@require_http_methods(["GET", "POST"])
def base_list(request: HttpRequest) -> HttpResponse:
    """Show how far the loading has come; POST starts it. A repeat changes nothing."""
    by = actor_of_request(request, "catalogue.publish")
    if request.method == "POST":
        start_base_list(by=by, publishes=bool(request.POST.get("publishes")))
        return redirect("console-base-list")
    base = base_list_size()
    context = {
        "load": base_list_load(),
        "items": item_table(by).count(),
        "list_size": base.total,
        "list_complete": base.complete,
    }
    return render(request, "catalogue/base_list.html", context)


@require_GET
def contradictions(request: HttpRequest) -> HttpResponse:
    """Show which items say one thing against another as they stand published, and how to mend it."""
    by = actor_of_request(request, "catalogue.read")
    context = {
        "tabs": tabs_of(by, "contradictions"),
        "items": contradictory_items(),
        "in_halls": contradictions_in_halls(by),
    }
    return render(request, "catalogue/contradictions.html", context)


@require_GET
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show one item. ``?tab=``: what citizens read, the flow chart, versions, uses; ``?of=draft``: of the draft."""
    by = actor_of_request(request, "catalogue.read")
    return _item_page(request, by, item_at_desk(by, item_id))


@require_POST
def act(request: HttpRequest, item_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.read")
    found = item_at_desk(by, item_id)
    try:
        messages.success(request, _done(request, by, found))
    except DomainError as refusal:
        return _item_page(request, by, item_at_desk(by, item_id), refusal)
    return redirect("console-item", item_id=item_id)


def _done(request: HttpRequest, by: Actor, found: Item) -> str:
    """Do what the button says; returns what to say of it."""
    match request.POST.get("act"):
        case "submit":
            version = submit_version(by=by, item=found, answers=answers_posted(request.POST))
            return f"{version.called}已完成，等待各部门审核。"
        case "resume":
            resume_item(by=by, item=found)
            return "已恢复，各服务厅照常显示。"
        case _:
            raise Invalid("请选择要做的操作。")


def _item_page(request: HttpRequest, by: Actor, found: Item, refusal: DomainError | None = None) -> HttpResponse:
    overview = overview_of(by, found)
    chosen, asked = request.GET.get("tab", ""), waiting_pause_request(found)
    tab = chosen if chosen in dict(_TABS) else "guide"
    codes = code_lines(found)
    context = {
        "item": found,
        "codes": codes,
        "former": [line for line in codes if line.state is CodeState.FORMER],
        "may_change_code": overview.may_edit and overview.valid is not None,
        "overview": overview,
        "tab": tab,
        "tabs": _TABS,
        "figures": adoption_figures(found) if tab == "uses" else None,
        "pause": pause_of(found),
        "successions": succession_lines(by, found),
        "refusal": refusal,
        "pause_request": asked,
        "may_confirm": asked is not None and may_confirm(by, asked),
        "is_own_request": asked is not None and asked.proposed_by_id == by.id,
        "reasons": reasons_posted(reasons_for_draft(found), request.POST) if overview.may_submit else [],
        "may_audit": has_anywhere(by, "audit.read"),
    }
    if tab == "design":
        context |= _design(overview, is_draft=request.GET.get("of") == "draft")
    if tab in {"guide", "ways", "flow"}:
        choice = dict(request.GET.lists())
        context |= _preview(by, overview, tab, choice, is_draft=request.GET.get("of") == "draft")
    return render(request, "catalogue/item.html", context, status=refusal.status if refusal else 200)


def _design(overview: ItemOverview, *, is_draft: bool) -> dict[str, Any]:
    """The form and flow that come down with the version in force, with the next one, or with the draft."""
    version = overview.valid or overview.coming
    if overview.sees_draft and (is_draft or version is None):
        return {"shown": None, "is_draft": True, **design_context(drafted_design(overview.item))}
    shown = design_of_version(version.pk) if version else NOTHING
    return {"shown": version, "is_draft": False, **design_context(shown)}


def _preview(
    by: Actor, overview: ItemOverview, tab: str, asked: Mapping[str, Sequence[str]], *, is_draft: bool
) -> dict[str, Any]:
    """What citizens read: of the version in force, or of the next one where there is none yet."""
    found = overview.item
    version = overview.valid or overview.coming
    item_type = version.item_type if version else found.drafted_type
    if overview.sees_draft and (is_draft or version is None):
        values, version, item_type = found.values, None, found.drafted_type
    elif version is not None:
        values = with_materials(version)
    else:
        values = {}
    shown: dict[str, Any] = {"shown": version, "is_draft": version is None}
    if tab == "ways":
        ways = way_lines({**values, "item_type": item_type})
        return shown | {"ways": ways}
    defined = as_defined_at(version.created_at) if version else nullcontext()
    if tab == "guide" and item_type in ACTED:
        with defined:
            return shown | {"ledger": ledger_of(item_type, values)}
    chosen = chosen_guide(values, asked)
    values = chosen.situated.values
    shown |= {"chosen": chosen, "way_words": words_of_choice(chosen)}
    if tab == "guide":
        files = CatalogueFiles(by).links(set(file_ids_in(ELEMENTS, values)))
        with defined:
            return shown | {"guide": guide_of(item_type, values, files=files)}
    chart = chart_of(
        steps_of(values),
        case_type=values.get("case_type", ""),
        excluded_steps=values.get("excluded_steps", ()),
        limits=values,
        title=values.get("name", ""),
        item_type=item_type,
    )
    return shown | {"chart": chart}


def _queue_lines(versions: list[ItemVersion]) -> Iterable[tuple[Any, ...]]:
    for one in versions:
        returned = [f"{review.office.name}：{review.reason}" for review in one.reviews.all() if not review.is_passed]
        yield (
            *(one.item.basic_code, one.name, one.department.name, one.called, one.get_state_display()),
            *(masked(one.submitted_by_name), one.created_at, "；".join(returned)),
        )


def _lines(rows: Iterable[Any]) -> Iterable[tuple[Any, ...]]:
    for row in rows:
        yield (
            row.basic_code,
            row.name,
            row.get_family_display(),
            row.get_item_type_display(),
            row.department_name,
            row.get_state_display(),
            row.step_label,
            row.latest_number,
            row.valid_public_number,
            row.valid_from,
            "样例" if row.is_sample else "",
            "不齐" if row.is_incomplete else "",
            row.origin.label,
            "、".join(row.former_codes),
        )
