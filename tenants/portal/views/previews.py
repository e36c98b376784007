"""A text as this hall's readers would see it, for those who are about to push it."""

import re

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_urlconf, set_urlconf
from django.utils import timezone
from django.utils.html import escape

from foundation import schemas
from foundation.files.store import link_to
from province.content.models import ManuscriptVersion
from province.content.queries import desk_name
from province.content.queries.pushes import PushView, files_of_version
from province.content.states import PageAnswer
from province.halls.models import Hall
from tenants.portal.queries.reading import read_push
from tenants.portal.views.site import article_page

# what a page does of itself it does on its own host alone
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)


def render_preview(hall: Hall, version: ManuscriptVersion, column: str) -> str:
    """The page that a push of this version to this column of the hall would have now."""
    now = timezone.now()
    view = PushView(
        id=version.pk,
        answer=PageAnswer.SHOWN,
        text=version,
        files=files_of_version(version),
        column=column,
        is_pinned=False,
        desk_prefix=version.manuscript.desk_prefix,
        desk_name=desk_name(version.manuscript.desk_prefix),
        is_urgent=False,
        published_at=now,
        changed_at=now,
        reason="",
        redirect_url="",
    )
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = f"/p/{version.pk}/"
    domain = hall.get_primary_domain()
    request.META["HTTP_HOST"] = str(domain.domain) if domain else str(hall.slug)
    request.hall = hall  # type: ignore[attr-defined]
    routes_before = get_urlconf()
    set_urlconf(settings.HALL_URLCONFS[hall.kind])
    try:
        with schemas.enter(hall.schema_name):
            page = article_page(request, read_push(view)).content.decode()
    finally:
        set_urlconf(routes_before)
    if hall.emblem_key:
        # the site's own address of it is not to be had on this host
        page = page.replace('src="/emblem"', f'src="{escape(link_to(hall.emblem_key, is_offered=True))}"')
    return _SCRIPT.sub("", page)
