"""What the pages of forms and those of flows have in common: their table, their life, their files."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from foundation.design.forms import posted_number
from foundation.design.tables import TableKind
from foundation.editing.drafts import lock_holder
from foundation.exports import EXPORT_FORMATS, export_list
from foundation.masking import masked
from province.audit.queries import act_label, entries_about
from province.console.access import first_view
from province.console.queries.tables import own_table
from tenants.shell.layouts.desk import desk_page, rows_of_page
from tenants.shell.slots import Desk
from tenants.workflow.models import Design, Form
from tenants.workflow.operations import designs
from tenants.workflow.queries.designs import DRAFT, designs_at_desk, designs_by_state, versions_of
from tenants.workflow.states import DesignState

# an act and what is said once it is done
type DesignAct = tuple[Callable[[], object], str]

_MOST_ENTRIES = 50


def place_of(kind: type[Design]) -> str:
    """The desk's link under which its pages stand."""
    return f"{kind.noun}s"


def _words_of(kind: type[Design]) -> dict[str, Any]:
    """What a template needs to say and link it, of any kind."""
    links = {name: f"desk-{kind.noun}-{name}" for name in ("new", "unlock", "compare", "export")}
    links |= {"all": f"desk-{kind.noun}s", "page": f"desk-{kind.noun}"}
    return {"place": place_of(kind), "word": kind.word, "links": links}


def design_table(request: HttpRequest, desk: Desk, kind: type[Design], columns: TableKind) -> HttpResponse:
    """All of a kind, by state and by words of their titles."""
    shown = own_table(desk.by, columns, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    chosen = {name: request.GET.get(name, "") for name in ("search", "state")}
    rows = shown.in_order(designs_at_desk(kind, **chosen))
    if (asked := request.GET.get("export", "")) in EXPORT_FORMATS:
        own = "群众可以填写" if kind is Form else "表单"
        headings = ("编号", "名称", "状态", "版本", own, "最后修改人", "最后修改")
        return export_list(asked, f"{desk.hall.short_name}{kind.word}", headings, rows, _cells)
    context = {
        **_words_of(kind),
        "unit": kind.one[1],
        "nothing_fits": f"没有符合条件的{kind.word}",
        "see_all": f"看全部{kind.word}",
        "page": rows_of_page(request, rows),
        "table": shown,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "filters": designs_by_state(kind),
    }
    return desk_page(request, desk, f"workflow/desk/{place_of(kind)}.html", context)


def _cells(designs: list[Any]) -> Iterator[tuple[Any, ...]]:
    for one in designs:
        own = ("是" if one.is_open else "否") if isinstance(one, Form) else one.form.title if one.form else ""
        yield (
            *(one.code, one.title, one.get_state_display(), one.newest.number if one.newest else None),
            *(own, masked(one.edited_by_name), one.edited_at),
        )


def design_context(found: Design, desk: Desk) -> dict[str, Any]:
    """What the page of one says of its life."""
    return {
        **_words_of(type(found)),
        found.noun: found,
        "design": found,
        "versions": versions_of(found),
        "is_retired": found.state == DesignState.RETIRED,
        "lock_owner": lock_holder(found, desk.by),
        "history": [
            (act_label(entry.act), entry) for entry in entries_about(found.pk).order_by("-created_at")[:_MOST_ENTRIES]
        ],
    }


def numbers_to_compare(request: HttpRequest) -> list[int]:
    """The two versions that the address names; the draft where it names none."""
    return [posted_number(request.GET.get(name, ""), otherwise=DRAFT) for name in ("from", "to")]


def comparison_context(found: Design, numbers: list[int]) -> dict[str, Any]:
    """What a page of two versions says beside what differs."""
    return {
        **_words_of(type(found)),
        "design": found,
        "versions": versions_of(found),
        "from": numbers[0],
        "to": numbers[1],
    }


def version_asked(request: HttpRequest) -> int:
    """The number of the version that the address names; the draft where it names none."""
    return posted_number(request.GET.get("version", ""), otherwise=DRAFT)


def revision_posted(request: HttpRequest) -> int:
    """The revision that the page has read; none that there is where it says none."""
    return posted_number(request.POST.get("revision", ""), otherwise=-1)


def json_file(found: Design, definition: Mapping[str, Any]) -> HttpResponse:
    """A definition as a file that can be brought into another form or flow."""
    return as_file(found, "json", json.dumps(definition, ensure_ascii=False, indent=2), "application/json")


def as_file(found: Design, ending: str, content: str | bytes, content_type: str) -> HttpResponse:
    """A file that is named for the form or flow by its code."""
    headers = {"Content-Disposition": f'attachment; filename="{found.code}.{ending}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


def acts_of_life(desk: Desk, kind: type[Design], design_id: UUID, *, retired: str, left: str) -> dict[str, DesignAct]:
    """What the buttons that every kind has do. ``retired`` and ``left``: said after retiring and after leaving."""
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "kind": kind, "design_id": design_id}
    return {
        "retire": (lambda: designs.retire_design(**given), retired),
        "restore": (lambda: designs.restore_design(**given), "已恢复。"),
        "unlock": (lambda: designs.unlock_design(**given, is_forced=True), "已解除占用，现在可以修改。"),
        "leave": (lambda: designs.unlock_design(**given), left),
    }
