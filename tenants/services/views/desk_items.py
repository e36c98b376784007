"""The hall's items at its desk: the table, the page of each, the acts that need no more than a button or a reason."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from foundation.design.forms import ids_of, posted_number
from foundation.design.tables import TableColumn, TableKind
from foundation.exports import EXPORT_FORMATS, export_table
from foundation.masking import masked
from province.audit.queries import act_label
from province.catalogue.forms.item_form import elements_of
from province.catalogue.queries.display_values import display_values_of
from province.catalogue.queries.guide import guide_of
from province.catalogue.queries.handling import way_lines
from province.catalogue.queries.ledger import ledger_of
from province.catalogue.queries.materials import with_materials
from province.console.access import first_view
from province.console.queries.tables import own_table
from province.people.queries.units import unit_paths
from province.rights.queries import may, works_at
from standards.items import ELEMENTS, effective
from standards.items.codelists import ACTED, Family, ItemType
from standards.items.values import file_ids_in
from tenants.services.layouts import at_items
from tenants.services.operations.adoptions import drop_adoption, resume_adoption, stop_adoption
from tenants.services.operations.hall_guides import (
    pass_hall_guide,
    pass_hall_guides,
    recall_hall_guide,
    return_hall_guide,
    submit_hall_guide,
    submit_hall_guides,
)
from tenants.services.operations.units import give_to_unit
from tenants.services.operations.versions import accept_version, accept_versions
from tenants.services.queries.access import is_for_whole_hall, of_units, own_units
from tenants.services.queries.choosing import Asked, guide_choice
from tenants.services.queries.desk import (
    ADOPTION_FILTERS,
    adoption_at_desk,
    adoptions_at_desk,
    adoptions_by_filter,
    departments_at_desk,
    history_of,
)
from tenants.services.queries.overviews import AdoptionOverview, adoption_overview, fitting_draft
from tenants.services.views.desk_files import file_links
from tenants.services.views.picked import picked_of, tell
from tenants.shell.layouts.desk import act_and_return, desk_page, rows_of_page
from tenants.shell.slots import Desk

_FILTERS: Final = ("words", "state", "family", "department", "unit")
_TABLE: Final = TableKind(
    "desk.items",
    (
        TableColumn("name", "事项", sort="name", is_fixed=True),
        TableColumn("department", "主管部门", sort="department_name"),
        TableColumn("score", "完整度", sort="score"),
        TableColumn("state", "状态"),
        TableColumn("version", "版本"),
        TableColumn("edited", "最后修改", sort="edited_at"),
    ),
    filters=_FILTERS,
)
_HEADINGS: Final = (
    *("基本编码", "事项名称", "类别", "类型", "主管部门", "完整度", "公布状态", "填写状态", "已接受版本", "最新版本"),
    *("新版最迟施行", "最后修改人", "最后修改", "公布时间"),
)
_TABS: Final = (
    *(("guide", "办事指南"), ("hall-guide", "本厅填写"), ("province", "省里规定"), ("versions", "各次提交")),
    ("history", "全部记录"),
)
_MOST_ENTRIES: Final = 100
RETURN_REASONS: Final = ("窗口、电话或时间有误", "实施主体有误", "与省里规定不一致", "填写不完整或表述不清")


@at_items
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in _FILTERS}
    units = unit_paths(desk.hall.pk)
    among = of_units(desk.by, desk.hall, chosen["unit"], units)
    narrowed = {name: text for name, text in chosen.items() if name != "unit"}
    rows = shown.in_order(adoptions_at_desk(**narrowed, among=among))
    if request.GET.get("export") in EXPORT_FORMATS:
        name = f"{desk.hall.short_name}事项"
        return export_table(request.GET["export"], name, _HEADINGS, _lines(rows.iterator()))
    numbers = adoptions_by_filter(among)
    context = {
        "place": "items",
        "table": shown,
        "page": rows_of_page(request, rows),
        "chosen": chosen,
        "units": [(str(unit_id), path) for unit_id, path in units.items()],
        "has_own_units": bool(own_units(desk.by, desk.hall)),
        "may_give": is_for_whole_hall(desk.by, desk.hall),
        "is_filtered": any(chosen[name] for name in ("words", "family", "department", "unit")),
        "total": numbers[""],
        "has_items": numbers[""] or adoptions_at_desk().exists(),
        "filters": [(key, label, numbers[key]) for key, (label, _) in ADOPTION_FILTERS.items()],
        "families": Family.choices,
        "departments": departments_at_desk(),
        **_rights(desk),
    }
    return desk_page(request, desk, "services/desk/items.html", context)


@at_items
@require_POST
def bulk(request: HttpRequest, desk: Desk) -> HttpResponseRedirect:
    """Act on the ticked rows."""
    picked = picked_of(request.POST.getlist("adoption"))
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall}
    match request.POST.get("act") if picked else "":
        case "submit":
            tell(
                request,
                submit_hall_guides(**given, adoption_ids=[one.adoption_id for one in picked]),
                done="已提交审核",
            )
        case "pass":
            numbers = {one.adoption_id: one.guide for one in picked}
            tell(request, pass_hall_guides(**given, numbers=numbers), done="已审核通过并公布")
        case "give":
            unit = next(iter(ids_of([request.POST.get("unit_id", "")])), None)
            ids = [one.adoption_id for one in picked]
            tell(request, give_to_unit(**given, adoption_ids=ids, unit_id=unit), done="已交给部门")
        case "accept":
            numbers = {one.adoption_id: one.newest for one in picked}
            tell(request, accept_versions(**given, numbers=numbers), done="已接受新版")
        case _:
            messages.error(request, "请先勾选事项，再选择要做的操作。")
    query = QueryDict(request.POST.get("query", "")[:2000]).urlencode()
    return redirect(f"{reverse('desk-items')}?{query}" if query else "desk-items")


@at_items
@require_GET
def item(request: HttpRequest, desk: Desk, adoption_id: UUID) -> HttpResponse:
    """Show one item. ``?tab=``: what citizens read (``?of=draft``: would read), the hall's guide, the province's
    values, what was submitted, or all entries."""
    adoption = adoption_at_desk(adoption_id)
    overview = adoption_overview(desk, adoption)
    asked = request.GET.get("tab", "")
    tab = asked if asked in dict(_TABS) else "guide"
    context = {
        "place": "items",
        "adoption": adoption,
        "overview": overview,
        "tab": tab,
        "tabs": _TABS,
        "family": overview.accepted.item.get_family_display(),
        "type": overview.accepted.item.get_item_type_display(),
        "return_reasons": RETURN_REASONS,
        "unit_name": unit_paths(desk.hall.pk).get(adoption.unit_id) if adoption.unit_id else None,
        **_of_tab(tab, overview, dict(request.GET.lists()), is_draft=request.GET.get("of") == "draft"),
        **_rights(desk),
    }
    return desk_page(request, desk, "services/desk/item.html", context)


@at_items
@require_POST
def act(request: HttpRequest, desk: Desk, adoption_id: UUID, verb: str) -> HttpResponse:
    """Act on one item, as the buttons of its page ask."""
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "adoption_id": adoption_id}
    number, reason = posted_number(request.POST.get("number", ""), otherwise=-1), request.POST.get("reason", "")
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "submit": (lambda: submit_hall_guide(**given), "已提交，等待其他人审核。"),
        "recall": (lambda: recall_hall_guide(**given), "已撤回送审，可以继续修改。"),
        "pass": (lambda: pass_hall_guide(**given, number=number), "已审核通过，群众立即看到。"),
        "return": (
            lambda: return_hall_guide(**given, number=number, reason=reason),
            "已退回，填写的人会看到退回的原因。",
        ),
        "accept": (lambda: accept_version(**given, number=number), "已接受新版，到施行时间即按新版显示。"),
        "stop": (lambda: stop_adoption(**given, reason=reason), "已停办，网站上立即看不到了。可以随时恢复。"),
        "resume": (lambda: resume_adoption(**given), "已恢复办理，网站上立即能看到。"),
    }
    if verb == "drop":
        # afterwards it has no page to go back to
        said = "已取消认领。以后需要时可以重新认领。"
        return act_and_return(request, lambda: drop_adoption(**given), said=said, to="desk-items")
    what, said = acts[verb]
    return act_and_return(request, what, said=said, to="desk-item", args=(adoption_id,))


def _rights(desk: Desk) -> dict[str, bool]:
    """What the person at the desk may do with items at all."""
    names = {"may_decide": "services.review", "may_propose": "catalogue.propose"}
    found = {key: may(desk.by, name, hall_id=desk.hall.pk) for key, name in names.items()}
    return found | {"may_adopt": works_at(desk.by, "services.adopt", hall_id=desk.hall.pk)}


def _of_tab(tab: str, overview: AdoptionOverview, asked: Asked, *, is_draft: bool) -> dict[str, Any]:
    adoption, item_type = overview.adoption, overview.accepted.item.item_type
    match tab:
        case "guide":
            return _preview(overview, asked, is_draft=is_draft or overview.shown is None)
        case "hall-guide":
            return {"display_values": display_values_of(elements_of("hall", item_type), adoption.values)}
        case "province":
            return {"display_values": display_values_of(elements_of("province", item_type), overview.accepted.values)}
        case "history":
            latest = history_of(overview.desk.hall, adoption)[:_MOST_ENTRIES]
            return {"history": [(act_label(entry.act), entry) for entry in latest]}
        case _:
            return {}


def _preview(overview: AdoptionOverview, asked: Asked, *, is_draft: bool) -> dict[str, Any]:
    """What citizens read here, or would read once the draft is published; ``asked``: what they have chosen."""
    shown = overview.shown
    if is_draft or shown is None:
        version, own = overview.draft_for, fitting_draft(overview.draft_for, overview.adoption)
    else:
        version, own = shown.version, dict(shown.hall_values)
    if version.item.item_type in ACTED:
        ledger = ledger_of(version.item.item_type, version.values, own)
        return {"ledger": ledger, "read_version": version, "is_draft": is_draft}
    values = with_materials(version)
    together = effective({**values, "item_type": version.item.item_type}, own)
    choice = guide_choice(together, asked)
    files = file_links(set(file_ids_in(ELEMENTS, values)))
    guide = guide_of(version.item.item_type, choice.chosen.situated.values, files=files)
    ways = way_lines(together) if choice.is_asked else []
    return {"guide": guide, "read_version": version, "is_draft": is_draft, "ways": ways, "way_words": choice.words}


def _lines(rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    families, types = dict(Family.choices), dict(ItemType.choices)
    for row in rows:
        yield (
            *(row.basic_code, row.name, families[row.family], types[row.item_type], row.department_name, row.score),
            *(row.get_state_display(), row.get_guide_state_display(), row.version_public, row.newest_public),
            row.required_from if row.newest_number and row.newest_number > row.version_number else None,
            *(masked(row.edited_by_name), row.edited_at, row.published_at),
        )
