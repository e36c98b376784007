"""权责清单 on a hall's site: what nobody applies for, to look through and to take along."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from foundation.errors import NotFound
from foundation.exports import export_table
from foundation.search import as_typed
from province.catalogue.queries.ledger import HEADINGS, ledger_groups, ledger_lines, ledger_rows
from tenants.services.queries.ledger import shown_powers, values_here
from tenants.shell.layouts.site import for_readers, hall_of, site_page

_PAGE: Final = 60
_LONGEST: Final = 120
_DISCLOSURE: Final = "/open/"


@require_safe
@for_readers
def table(request: HttpRequest) -> HttpResponse:
    """By ``q`` (name or code), ``type`` (of ItemType) and ``department`` (its name): no kept page is known by these."""
    shown, asked = shown_powers(), _asked(request)
    types, departments = ledger_groups(shown.versions)
    lines = ledger_lines(shown.versions, **asked)
    told = {"q": asked["words"], "type": asked["item_type"], "department": asked["department"]}
    kept_words = {name: value for name, value in told.items() if value}
    context: dict[str, Any] = {
        "types": types,
        "departments": departments,
        "page": Paginator(lines, _PAGE).get_page(request.GET.get("page")),
        "listed": shown.listed,
        "asked": told["q"],
        "type": told["type"],
        "department": told["department"],
        "is_narrowed": bool(kept_words),
        "turn": f"{urlencode(kept_words)}&" if kept_words else "",
        "section": _DISCLOSURE,
    }
    return site_page(request, "services/site/powers.html", context)


@require_safe
@for_readers
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Export the list as an Excel workbook, with all that its items say."""
    if kind != "xlsx":
        raise NotFound("权责清单只有 Excel 一种格式。")
    lines = ledger_lines(shown_powers().versions, **_asked(request)).defer(None)
    return export_table(kind, f"{hall_of(request).name}权责清单", HEADINGS, ledger_rows(values_here(lines)))


def _asked(request: HttpRequest) -> dict[str, str]:
    names = {"words": "q", "item_type": "type", "department": "department"}
    return {name: as_typed(request.GET.get(key, ""), _LONGEST) for name, key in names.items()}
