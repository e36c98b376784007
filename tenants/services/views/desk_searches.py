"""没找到的问题: what citizens searched for at this hall without success."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.operations.searches import settle_hall_search
from province.catalogue.queries.searches import HALL_TIMES, missed_texts
from province.rights.queries import require
from tenants.services.layouts import at_items
from tenants.services.queries.finding import first_found
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk

# each is tried with the rules of now
_PAGE = 20
_HEADINGS: Final = ("群众搜的话", "没找到（次）", "找到没人点开（次）", "最近")


@at_items
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    require(desk.by, "services.adopt", hall_id=desk.hall.pk)
    found = missed_texts(desk.hall.pk)
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        lines = ((one.words, one.missed, 0 if one.opened else one.found, one.last_on) for one in found)
        return export_table(kind, f"{desk.hall.short_name}没找到的问题", _HEADINGS, lines)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    now = first_found(one.words for one in page)
    context = {
        "place": "searches",
        "page": page,
        "rows": [(one, now.get(one.words, "")) for one in page],
        "times": HALL_TIMES,
    }
    return desk_page(request, desk, "services/desk/searches.html", context)


@at_items
@require_POST
def settle(request: HttpRequest, desk: Desk) -> HttpResponse:
    words, verdict = request.POST.get("words", ""), request.POST.get("verdict", "")
    said = (
        "已报省里，省里加上说法后这里就能找到。" if verdict == "reported" else "已处理。以后又有人搜不到，会再列出来。"
    )

    def act() -> object:
        return settle_hall_search(by=desk.by, hall_id=desk.hall.pk, words=words, verdict=verdict)

    return act_and_return(request, act, said=said, to="desk-searches")
