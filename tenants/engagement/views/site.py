"""互动交流 on a hall's site: where to ask, and what was answered to others."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from foundation.search import as_typed
from tenants.engagement.queries.published import shown_answer, shown_answers, shown_answers_of
from tenants.engagement.queries.settings import answer_days
from tenants.shell.layouts.site import for_readers, kept, site_page

_PAGE = 20
_LONGEST_SEARCH = 60


@require_safe
@for_readers
@kept
def overview(request: HttpRequest) -> HttpResponse:
    """Ask, look up, and the answers that were published."""
    page = Paginator(shown_answers(), _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "days": answer_days(), "section": reverse("site-engagement")}
    return site_page(request, "engagement/site/overview.html", context)


@require_safe
@for_readers
def find(request: HttpRequest) -> HttpResponse:
    """Published answers with all of the words of ``q``."""
    asked = as_typed(request.GET.get("q", ""), _LONGEST_SEARCH)
    page = Paginator(shown_answers(asked), _PAGE).get_page(request.GET.get("page"))
    context = {"asked": asked, "page": page, "section": reverse("site-engagement")}
    return site_page(request, "engagement/site/find.html", context)


@require_safe
@for_readers
@kept
def answer(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    context = {"answer": shown_answer(answer_id), "section": reverse("site-engagement")}
    return site_page(request, "engagement/site/answer.html", context)


def answers_below_guide(item_id: UUID) -> SafeString | None:
    """大家都在问: what others asked about the item."""
    answers = shown_answers_of(item_id)
    return render_to_string("engagement/site/guide_part.html", {"answers": answers}) if answers else None
