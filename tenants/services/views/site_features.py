"""Lists of what a hall handles by what is particular about it (办理特点): 告知承诺, 容缺受理, 跨省通办, 中介服务."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from province.catalogue.queries.features import feature_list, feature_of, lines_of_feature, versions_with_feature
from tenants.services.queries.shown import shown_services
from tenants.shell.layouts.site import for_readers, kept, site_page

_PAGE = 60


@require_safe
@for_readers
@kept
def items_of_feature(request: HttpRequest, feature: str) -> HttpResponse:
    """One list, with what each item says and on which basis; an empty one says so."""
    wanted = feature_of(feature)
    page = Paginator(versions_with_feature(shown_services(), wanted), _PAGE).get_page(request.GET.get("page"))
    context = {
        "shown": feature_list(wanted, page.paginator.count),
        "page": page,
        "lines": lines_of_feature(page.object_list, wanted),
        "section": reverse("site-services"),
    }
    return site_page(request, "services/site/feature.html", context)
