"""The columns of the hall's site."""

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from tenants.portal.layouts import desk_of_request
from tenants.portal.models import Column
from tenants.portal.operations import columns
from tenants.portal.queries.desk import ColumnRow, column_at_desk, column_tree
from tenants.portal.schemas import ColumnChangeIn, ColumnIn, ColumnOut, ColumnRowOut, MoveIn

router = Router(tags=["columns"])


@router.get("", response=list[ColumnRowOut])
def list_columns(request: HttpRequest) -> list[ColumnRow]:
    """List the whole tree, in the order of the site's navigation."""
    desk_of_request(request)
    return column_tree()


@router.post("", response={201: ColumnOut})
@idempotent
def add_column(request: HttpRequest, data: ColumnIn) -> tuple[int, ColumnOut]:
    desk = desk_of_request(request)
    column = columns.add_column(by=desk.by, hall=desk.hall, **data.model_dump(exclude_unset=True))
    return 201, ColumnOut.from_orm(column)


@router.get("/{slug:code}", response=ColumnOut)
def show_column(request: HttpRequest, code: str) -> Column:
    desk_of_request(request)
    return column_at_desk(code)


@router.patch("/{slug:code}", response=ColumnOut)
@idempotent
def change_column(request: HttpRequest, code: str, data: ColumnChangeIn) -> tuple[int, ColumnOut]:
    """``is_visible`` hides and shows it."""
    desk = desk_of_request(request)
    column = columns.change_column(by=desk.by, hall=desk.hall, code=code, **data.model_dump(exclude_unset=True))
    return 200, ColumnOut.from_orm(column)


@router.post("/{slug:code}/move", response=ColumnOut)
@idempotent
def move_column(request: HttpRequest, code: str, data: MoveIn) -> tuple[int, ColumnOut]:
    desk = desk_of_request(request)
    columns.move_column(by=desk.by, hall=desk.hall, code=code, steps=data.steps)
    return 200, ColumnOut.from_orm(column_at_desk(code))


@router.delete("/{slug:code}", response={204: None})
@idempotent
def remove_column(request: HttpRequest, code: str) -> tuple[int, None]:
    """Remove an empty column that the hall added itself, and no other."""
    desk = desk_of_request(request)
    columns.remove_column(by=desk.by, hall=desk.hall, code=code)
    return 204, None
