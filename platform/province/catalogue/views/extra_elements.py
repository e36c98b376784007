"""Elements that the province adds to the definition (扩展要素): the list, a new one, and the page of one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.forms.extra_elements import ElementEndForm, ElementForm
from province.catalogue.models import ExtraElement
from province.catalogue.operations.extra_elements import define_element, end_element, revise_element
from province.catalogue.queries.element_drafts import drafted_element
from province.catalogue.queries.extra_elements import (
    ElementEffects,
    effects_of,
    extra_elements,
    needed_words,
    revisions_of,
)
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request
from province.rights.queries import may
from standards.items.codelists import ItemType

_HEADINGS = ("名称", "标识", "类型", "由谁填写", "用于", "必填", "启用日期", "停用日期")
_CELLS = ("label", "name", "kind", "filler", "types", "needed", "starts_on", "ends_on")


@require_GET
def element_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.read")
    lines = [_line(row) for row in extra_elements()]
    if request.GET.get("format") in EXPORT_FORMATS:
        rows = ([line[name] for name in _CELLS] for line in lines)
        return export_table(request.GET["format"], "扩展要素", _HEADINGS, rows)
    context = {"tabs": tabs_of(by, "extra-elements"), "lines": lines, "may_define": may(by, "catalogue.define")}
    return render(request, "catalogue/extra_elements.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """POST ``act``: preview, which changes nothing, or define."""
    by = actor_of_request(request, "catalogue.define")
    form = ElementForm(request.POST or None)
    if request.POST.get("act") == "preview":
        return _preview(
            request,
            form,
            lambda filled: drafted_element(
                words=form.words, kind=filled["kind"], filler=filled["filler"], name=filled["name"]
            ),
        )
    made = form.carry_out(
        lambda filled: define_element(
            by=by,
            words=form.words,
            **{name: filled[name] for name in ("kind", "filler", "office_code", "name", "accepts")},
        )
    )
    if made:
        messages.success(request, f"已定义“{made.label}”，{made.starts_on:%Y-%m-%d} 起填写。")
        return redirect("console-extra-element", name=made.name)
    return _page(request, form)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """GET for who may read the catalogue; POST ``act``: preview, or revise."""
    by = actor_of_request(request, "catalogue.define" if request.method == "POST" else "catalogue.read")
    revisions = revisions_of(name)
    row = revisions[0]
    form = ElementForm(request.POST or None, row=row)
    context = {
        "row": row,
        "line": _line(row),
        "revisions": [(one, needed_words(one)) for one in revisions],
        "end_form": ElementEndForm(row=row),
        "is_over": row.ends_on is not None and row.ends_on <= timezone.localdate(),
        "may_define": may(by, "catalogue.define"),
    }
    if request.POST.get("act") == "preview":
        return _preview(
            request,
            form,
            lambda _: drafted_element(words=form.words, kind=row.kind, filler=row.filler, before=row),
            **context,
        )
    if made := form.carry_out(
        lambda filled: revise_element(
            by=by, name=name, stamp=filled["stamp"], words=form.words, accepts=filled["accepts"]
        )
    ):
        messages.success(request, f"已保存，{made.starts_on:%Y-%m-%d} 起按新的执行。")
        return redirect("console-extra-element", name=name)
    return _page(request, form, **context)


@require_POST
def end(request: HttpRequest, name: str) -> HttpResponse:
    by = actor_of_request(request, "catalogue.define")
    form = ElementEndForm(request.POST)
    ended = form.carry_out(
        lambda filled: end_element(by=by, name=name, stamp=filled["stamp"], ends_on=filled["ends_on"])
    )
    if ended:
        messages.success(request, f"“{ended.label}”{ended.ends_on:%Y-%m-%d} 起不再填写，以前的版本照旧看得到。")
    else:
        messages.error(request, next((str(one) for errors in form.errors.values() for one in errors), "没有停用。"))
    return redirect("console-extra-element", name=name)


def _preview(
    request: HttpRequest, form: ElementForm, draft: Callable[[dict[str, Any]], ExtraElement], **context: Any
) -> HttpResponse:
    """The form as it was filled in, with what it would do, and with the number that is then confirmed."""
    effects: ElementEffects | None = form.carry_out(lambda filled: effects_of(draft(filled)))
    if effects is not None:
        shown = request.POST.copy()
        shown["accepts"] = str(effects.count)
        form.data = shown
    return _page(request, form, effects=effects, **context)


def _page(request: HttpRequest, form: ElementForm, **context: Any) -> HttpResponse:
    return render(
        request, "catalogue/extra_element.html", {"form": form, **context}, status=422 if form.errors else 200
    )


def _line(row: ExtraElement) -> dict[str, Any]:
    kind = row.get_kind_display() + (f"（{row.unit}）" if row.unit else "")
    types = "、".join(str(ItemType(one).label) for one in row.item_types)
    today = timezone.localdate()
    state = "coming" if row.starts_on > today else "ended" if row.ends_on and row.ends_on <= today else "used"
    return {
        "row": row,
        "label": row.label,
        "name": row.name,
        "kind": kind,
        "filler": row.get_filler_display(),
        "types": types,
        "needed": needed_words(row),
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "state": state,
    }
