"""A table of people in, over HTTP."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Query, Router, UploadedFile

from province.console.access import require_fresh
from province.halls.queries.halls import prefix_of_hall
from province.people.api.asking import actor
from province.people.operations.people_imports import import_people
from province.people.schemas import PeopleImportOut, PeopleImportQuery

router = Router()


@router.post("/people-imports", response=PeopleImportOut)
def take_in(request: HttpRequest, file: File[UploadedFile], wanted: Query[PeopleImportQuery]) -> Any:
    """A workbook of one hall's (or the province's) departments and people. ``is_trial`` says what would happen and
    changes nothing. Rows that are there already stay as they are: a repeat makes nobody twice, and shows no code
    again."""
    require_fresh(request)
    return import_people(
        by=actor(request),
        file=file,
        hall_id=wanted.hall_id,
        prefix=prefix_of_hall(wanted.hall_id),
        is_trial=wanted.is_trial,
    )
