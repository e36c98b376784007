"""Lists of what a hall handles by what is particular about it (办理特点): 告知承诺, 容缺受理, 跨省通办, 中介服务."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from province.catalogue.queries.features import feature_list, feature_of
from tenants.services.queries import directory
from tenants.shell.layouts.site import for_readers, kept, site_page

_PAGE = 60


@require_safe
@for_readers
@kept
def items_of_feature(request: HttpRequest, feature: str) -> HttpResponse:
    """One list, with what each item says and on which basis; an empty one says so."""
    wanted = feature_of(feature)
    found = directory.items_of_feature(wanted)
    page = Paginator(found.versions, _PAGE).get_page(request.GET.get("page"))
    context = {
        "shown": feature_list(wanted, page.paginator.count),
        "page": page,
        "lines": found.lines(page.object_list),
        "section": reverse("site-services"),
    }
    return site_page(request, "services/site/feature.html", context)
