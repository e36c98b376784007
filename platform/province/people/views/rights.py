"""Who may do what (谁能做什么)."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.exports import EXPORT_FORMATS, list_lines
from foundation.masking import masked
from province.console.access import actor_of_request, list_download
from province.people.models import Account, Position
from province.people.queries.people import substitutes_at, who_may
from province.people.queries.places import hall_names
from province.people.views.places import chosen_place
from province.rights.permissions import PERMISSIONS, all_permissions

_PAGE = 50
_HEADINGS: Final = ("账号", "姓名", "岗位", "在哪里", "部门", "范围", "今天代理")


@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """Pick a permission (and a hall): who has it, and by which position."""
    by = actor_of_request(request, "people.read")
    permission = PERMISSIONS.get(request.GET.get("permission", ""))
    choice = chosen_place(request, by, "people.read")
    place = choice.place if choice.place.code and request.GET.get("hall") else None
    page = None
    rows = []
    if permission and not choice.form.errors:
        positions = who_may(
            by=by,
            permission=permission.name,
            hall_id=place.hall_id if place else None,
            prefix=place.prefix if place else "",
        )
        if (kind := request.GET.get("format", "")) in EXPORT_FORMATS:
            name = f"能“{permission.label}”的岗位"
            return list_download(
                by=by,
                hall_id=place.hall_id if place else None,
                file_format=kind,
                name=name,
                headings=_HEADINGS,
                lines=list_lines(positions, _cells),
                narrowed=[place.name if place else ""],
            )
        page = Paginator(positions, _PAGE).get_page(request.GET.get("page"))
        rows = _with_places(list(page))
    context = {
        "tab": "rights",
        "permissions": all_permissions(),
        "permission": permission,
        "place": place,
        "choice": choice,
        "page": page,
        "rows": rows,
    }
    return render(request, "people/rights.html", context)


def _with_places(positions: Sequence[Position]) -> list[tuple[Position, str, Account | None]]:
    """Each with the name of its place, and who stands in today."""
    names, stand_in = hall_names(positions), substitutes_at(positions)
    return [(one, names.get(one.hall_id, ""), stand_in.get(one.pk)) for one in positions]


def _cells(positions: list[Position]) -> Iterator[tuple[Any, ...]]:
    for one, where, stand_in in _with_places(positions):
        yield (
            *(one.account.username, masked(one.account.name), one.role_name, where),
            *(one.unit.name if one.unit else "", one.get_reach_display(), masked(stand_in.name) if stand_in else ""),
        )
