"""年度归档: a year's cases are closed into their lists of contents, and the whole year into one signed list."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from province.audit.operations import record_act
from province.audit.queries.signed_lines import write_signed_lines
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require
from tenants.casework.operations.closing import archive_case
from tenants.casework.queries.access import HANDLE
from tenants.casework.queries.archived_years import archive_records, unarchived_cases
from tenants.portal.operations.figures import check_inside

_AT_ONCE: Final = 500


def archive_cases_of_year(*, by: Actor, hall: Hall, year: int, told: Callable[[int], None]) -> None:
    """归档 every case that ended in the year and has no list of contents yet, each in a transaction of its own: people
    work on meanwhile, and who was stopped goes on with what is left. ``told`` hears after each how many were done.

    Raises NotAllowed for who does not handle the whole hall's cases, Invalid for a year that is not over.
    """
    _check(by, hall, year)
    done, last = 0, None
    while True:
        rows = unarchived_cases(year).filter(**({"pk__gt": last} if last else {}))
        ids = list(rows.values_list("pk", flat=True)[:_AT_ONCE])
        for pk in ids:
            try:
                archive_case(by=by, hall=hall, case_id=pk)
            except Conflict:
                # opened again meanwhile: it ends in another year
                continue
            done += 1
            told(done)
        if not ids:
            return
        last = ids[-1]


@transaction.atomic
def write_year(*, by: Actor, hall: Hall, year: int, path: Path) -> int:
    """The signed list of all archived cases that ended in the year, as a file; returns their number. Once more writes
    the same lines.

    Raises NotAllowed and Invalid as ``archive_cases_of_year``, Conflict while one of the year's is not archived.
    """
    _check(by, hall, year)
    if left := unarchived_cases(year).count():
        message = f"{year}年办结的办件还有 {left} 件没有归档，请先归档。"
        raise Conflict(message)
    draft = path.with_name(f"{path.name}.part")
    header = {"hall_id": str(hall.pk), "code": hall.division.code, "name": hall.name, "year": year}
    with draft.open("wb") as file:
        count = write_signed_lines(file, header, archive_records(year))
    record_act(
        by=by,
        act="casework.write_year",
        object_type="archived_year",
        object_id=hall.pk,
        hall_id=hall.pk,
        changes={"year": [None, year], "cases": [None, count]},
    )
    draft.replace(path)
    return count


def _check(by: Actor, hall: Hall, year: int) -> None:
    check_inside(hall)
    require(by, HANDLE, hall_id=hall.pk)
    if year >= timezone.localdate().year:
        message = f"{year}年还没有结束，不能归档。"
        raise Invalid.at("year", message)
