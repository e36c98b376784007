"""Items × halls over HTTP, for the province and for those who answer for a place."""

from typing import cast

from django.http import HttpRequest
from ninja import Query, Router

from foundation.errors import Invalid
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.matrix.cells import Matrix, MatrixFilters, matrix_of
from province.catalogue.queries.matrix.pages import is_too_wide, place_in_reach
from province.catalogue.schemas.matrix import MatrixCountOut, MatrixHallOut, MatrixOut, MatrixQuery, MatrixRowOut
from province.halls.models import HallKind
from province.rights.actors import Actor
from standards.items.codelists import Family

router = Router(tags=["catalogue"])


@router.get("/matrix", response=MatrixOut)
def show_matrix(request: HttpRequest, wanted: Query[MatrixQuery]) -> MatrixOut:
    """Show how each item stands in every hall of a place. 404 for a place that is not within reach, and for an item or
    a hall that is not there; 422 for a place with too many halls for one table."""
    by = cast("Actor", request.auth)  # type: ignore[attr-defined]
    check_reader(by)
    prefix, name = place_in_reach(by, wanted.under)
    filters = MatrixFilters.read(wanted.model_dump(exclude={"under"}, exclude_none=True))
    if is_too_wide(prefix, filters):
        message = f"{name}的服务厅太多，一张表放不下，请用 under 指定其中一个区划。"
        raise Invalid.at("under", message)
    return _matrix(matrix_of(prefix, filters))


def _matrix(found: Matrix) -> MatrixOut:
    halls = [
        MatrixHallOut(
            hall_id=one.hall.pk,
            code=one.hall.code,
            name=one.hall.name,
            kind=HallKind(one.hall.kind),
            shown=one.shown,
            due=one.due,
        )
        for one in found.columns
    ]
    rows = [
        MatrixRowOut(
            item_id=row.item_id,
            code=row.code,
            name=row.name,
            family=Family(row.family),
            department=row.department,
            shown=row.shown,
            states=row.letters,
            scores=list(row.scores),
        )
        for row in found.rows
    ]
    counts = [MatrixCountOut(state=state, label=state.label, number=number) for state, number in found.counts]
    return MatrixOut(counts=counts, halls=halls, items=rows)
