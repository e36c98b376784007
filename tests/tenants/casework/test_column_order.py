"""A case's tables lose no byte of a row to alignment: PostgreSQL keeps columns in the order in which they were made,
and leaves gaps before those of 8, 4 and 2 bytes. Migrations have them in order; Django would not keep it."""

import pytest
from django.db import connection

from province.halls.models import Hall
from tests.strays import Strays

# of which a case has a row at least, or several
TABLES = (
    *("casework_case", "casework_caseact", "casework_casematerial", "casework_archivesheet", "casework_casedecision"),
    *("casework_delivery", "documents_issueddocument", "licences_licence"),
    *("public.cases_casereport", "public.cases_caseapplicant", "public.workdays_clock", "public.audit_auditentry"),
)
# length (-1: any), and the multiple of bytes at which it begins
_COLUMNS = """
SELECT attname, attlen, (ARRAY[8, 4, 2, 1])[strpos('disc', attalign::text)] FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated <> 'v' ORDER BY attnum
"""


def gaps(columns: list[tuple[str, int, int]]) -> list[str]:
    """Columns before which PostgreSQL leaves bytes empty, or may: behind a text it depends on the text's length."""
    found, at, is_behind_text = [], 0, False
    for name, length, multiple in columns:
        if length < 0:
            # short texts begin anywhere
            is_behind_text = True
            continue
        gap = -at % multiple
        if gap or (is_behind_text and multiple > 1):
            found.append(name)
        at += gap + length
    return found


class TestColumns:
    def test_are_known_to_leave_gaps(self) -> None:
        made = [("id", 16, 1), ("is_new", 1, 1), ("made_at", 8, 8), ("name", -1, 4), ("number", 4, 4), ("is_old", 1, 1)]
        assert gaps(made) == ["made_at", "number"]

    @pytest.mark.django_db
    def test_of_a_case_leave_none(self, north: Hall) -> None:
        with connection.cursor() as cursor, Strays(least=len(TABLES)) as strays:
            for table in TABLES:
                cursor.execute(_COLUMNS, [table if "." in table else f"{north.schema_name}.{table}"])
                with strays.of(table):
                    assert gaps(cursor.fetchall()) == []
