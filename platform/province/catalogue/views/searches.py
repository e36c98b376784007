"""没找到的问题: what citizens search for without success, as work for those who know the words."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.operations.searches import settle_search
from province.catalogue.queries.searches import PROVINCE_TIMES, missed_texts, services_found_by
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request
from province.rights.queries import may

# each is tried with the rules of now
_PAGE = 20
_HEADINGS = ("群众搜的话", "没找到（次）", "找到没人点开（次）", "服务厅（个）", "最近", "服务厅已报")


@require_GET
def search_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.read")
    found = missed_texts()
    if (kind := request.GET.get("format", "")) in EXPORT_FORMATS:
        lines = (
            (
                one.words,
                one.missed,
                0 if one.opened else one.found,
                one.halls,
                one.last_on,
                "是" if one.is_reported else "",
            )
            for one in found
        )
        return export_table(kind, "没找到的问题", _HEADINGS, lines)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    now = services_found_by(one.words for one in page)
    context = {
        "tabs": tabs_of(by, "words"),
        "page": page,
        "rows": [(one, now.get(one.words, "")) for one in page],
        "times": PROVINCE_TIMES,
        "may_change": may(by, "catalogue.publish"),
    }
    return render(request, "catalogue/searches.html", context)


@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    try:
        settle_search(by=by, words=request.POST.get("words", ""), verdict=request.POST.get("verdict", ""))
        messages.success(request, "已处理。以后又有人搜不到，会再列出来。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("console-searches")
