"""What the pages of items × halls show, on a county's desk and at the console."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator

from foundation.errors import NotFound
from province.catalogue.queries.departments import departments
from province.catalogue.queries.matrix.cells import Matrix, MatrixFilters, matrix_of, places_below
from province.catalogue.states import CellState
from province.halls.models import Division, Hall, HallKind
from province.halls.states import HallState
from province.rights.actors import Actor
from province.rights.queries import may
from standards.items.codelists import Family

_PAGE = 100
# a table of more columns than the largest county has is none that anybody reads
_MOST_HALLS = 600
_DETAILS = ("服务厅", "区划代码", "事项", "基本编码", "主管部门", "状态", "完整度")


@dataclass(frozen=True, slots=True)
class PlaceBelow:
    code: str
    name: str
    halls: int


def matrix_context(prefix: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """What a page shows: the whole table, or (``?item=``, ``?hall=``) one row, one column, one cell."""
    filters = MatrixFilters.read(asked)
    matrix = matrix_of(prefix, filters)
    context: dict[str, Any] = {"matrix": matrix, "states": CellState.choices}
    if filters.is_detail:
        return context | {
            "page": Paginator(list(matrix.list_cells()), _PAGE).get_page(asked.get("page")),
            "row": matrix.rows[0] if filters.item and matrix.rows else None,
            "hall": matrix.halls[0] if filters.hall and matrix.halls else None,
        }
    return context | {
        "kinds": HallKind.choices,
        "below": places_below(prefix),
        "families": Family.choices,
        "departments": departments(),
    }


def matrix_export(matrix: Matrix) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and lines of what the page shows."""
    return (list(_DETAILS), _detail_lines(matrix)) if matrix.filters.is_detail else (matrix.headings, matrix.lines())


def place_in_reach(by: Actor, code: str) -> tuple[str, str]:
    """Prefix and name of a division all of which the actor may look at; without a code the province, or the place
    where the actor works. Raises NotFound for any other."""
    if not code:
        own = (grant.reach_prefix for grant in by.grants if "catalogue.read" in grant.permissions)
        return ("", "全省") if may(by, "catalogue.read") else place_in_reach(by, next(own).ljust(12, "0"))
    found = Division.objects.filter(code=code, valid_to=None).first()
    # one digit more: an actor of the place's own hall alone does not see those below it
    if found is None or not may(by, "catalogue.read", prefix=f"{found.prefix}0"):
        raise NotFound("没有这个区划，或者不在您的管理范围内。")
    return found.prefix, found.name


def is_too_wide(prefix: str, filters: MatrixFilters) -> bool:
    """Whether one table would have too many halls; the reader then chooses among the places below."""
    if filters.is_detail:
        return False
    halls = Hall.objects.filter(division__code__startswith=prefix).exclude(state=HallState.RETIRED)
    return halls.count() > _MOST_HALLS


def places_with_halls(prefix: str) -> list[PlaceBelow]:
    """The divisions directly below that have halls, and how many."""
    parent = Division.objects.filter(code=prefix.ljust(12, "0"), valid_to=None).first()
    children = list(Division.objects.filter(parent=parent, valid_to=None).order_by("code"))
    codes = Hall.objects.exclude(state=HallState.RETIRED).filter(division__code__startswith=prefix)
    lengths = {len(child.prefix) for child in children}
    counts = Counter(code[:length] for code in codes.values_list("division__code", flat=True) for length in lengths)
    return [PlaceBelow(child.code, child.name, counts[child.prefix]) for child in children if counts[child.prefix]]


def _detail_lines(matrix: Matrix) -> Iterator[list[Any]]:
    for cell in matrix.list_cells():
        hall, row = cell.hall, cell.row
        score = cell.score if cell.state == CellState.FILLING else ""
        yield [hall.name, hall.code, row.name, row.code, row.department, cell.state.label, score]
