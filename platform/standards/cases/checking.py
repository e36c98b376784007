"""Whether a record fits the exchange's schema, and in Chinese where it does not."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from foundation.errors import Fault
from standards.cases.schema_files import case_json_schema, row_schema
from standards.cases.tables import BY_NAME, LABELS, TABLES, CaseTable, Rows

_FORMATS: Final = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}


def faults_of(rows: Rows) -> list[Fault]:
    """What the schema of a case refuses in these rows: ``where`` is table.row.column (rows from 1 on). Days that no
    calendar has (20260230), which no schema can tell, are refused as well."""
    data = {table.value: [dict(row) for row in found] for table, found in rows.items()}
    found = [fault for error in _case_validator().iter_errors(data) for fault in _faults(error)]
    found += [
        fault
        for table, lines in rows.items()
        for place, row in enumerate(lines, start=1)
        for fault in _impossible(table, place, row)
    ]
    return list(dict.fromkeys(found))


def check_rows(table: CaseTable, row: Mapping[str, Any]) -> list[Fault]:
    """As ``faults_of``, of one row of a table; ``where`` is the column."""
    found = [
        Fault(fault.where.rpartition(".")[2], fault.message)
        for error in _row_validator(table).iter_errors(dict(row))
        for fault in _faults(error, before=(table.value, 0))
    ]
    texts = {name: text for name, text in row.items() if isinstance(text, str)}
    found += [Fault(one.where.rpartition(".")[2], one.message) for one in _impossible(table, 1, texts)]
    return list(dict.fromkeys(found))


@cache
def _case_validator() -> Any:
    import jsonschema_rs  # noqa: PLC0415 - only those load it who check

    schema = case_json_schema()
    return jsonschema_rs.validator_for(schema["$defs"]["case"])


@cache
def _row_validator(table: CaseTable) -> Any:
    import jsonschema_rs  # noqa: PLC0415 - only those load it who check

    return jsonschema_rs.validator_for(row_schema(table))


def _faults(error: Any, before: tuple[str | int, ...] = ()) -> Iterator[Fault]:
    path = [*before, *error.instance_path]
    if not path:
        yield Fault(CaseTable.ACCEPT.value, f"缺少「{LABELS[CaseTable.ACCEPT]}」，或者有这个格式里没有的表。")
        return
    table = CaseTable(path[0]) if path[0] in set(CaseTable) else None
    if table is None or len(path) == 1:
        label = LABELS[table] if table else str(path[0])
        yield Fault(str(path[0]), f"「{label}」的行数不对：申请与受理一行，办结最多一行。")
        return
    place = int(path[1]) + 1
    if len(path) > 2:  # noqa: PLR2004 - table, row, column
        yield _fault(table, place, str(path[2]))
        return
    # of the row itself: columns that are missing, and others that nobody knows
    row = error.instance if isinstance(error.instance, dict) else {}
    known = BY_NAME[table]
    missing = [one.name for one in TABLES[table] if one.is_needed and one.name not in row]
    unknown = [name for name in row if name not in known]
    if not missing and not unknown:
        yield Fault(f"{table.value}.{place}", f"「{LABELS[table]}」第 {place} 行应为各栏的名称和内容。")
    for name in (*missing, *unknown):
        yield _fault(table, place, name, is_missing=name in missing)


def _fault(table: CaseTable, place: int, name: str, *, is_missing: bool = False) -> Fault:
    column = BY_NAME[table].get(name)
    row = "" if table in {CaseTable.ACCEPT, CaseTable.RESULT} else f"第 {place} 行"
    if column is None:
        return Fault(f"{table.value}.{place}.{name[:60]}", f"「{LABELS[table]}」{row}没有“{name[:60]}”这一栏。")
    said = "缺少" if is_missing else column.expected
    return Fault(f"{table.value}.{place}.{name}", f"「{LABELS[table]}」{row}的「{column.label}」（{name}）{said}。")


def _impossible(table: CaseTable, place: int, row: Mapping[str, str]) -> Iterator[Fault]:
    for name, text in row.items():
        column = BY_NAME[table].get(name)
        form = _FORMATS.get(len(text)) if column and column.pattern else None
        if form is None or column is None or column.most != len(text) or not text.isascii() or not text.isdigit():
            continue
        try:
            datetime.strptime(text, form)  # noqa: DTZ007 - only whether there is such a day
        except ValueError:
            yield _fault(table, place, name)
