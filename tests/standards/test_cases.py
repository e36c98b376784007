"""Records of cases in the national exchange: both schemas are the tables', and refuse the same."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from lxml import etree

from standards.cases import CaseTable, Rows, check_rows, faults_of, plain_rows, write_case_json, write_case_xml
from standards.cases.schema_files import case_schema_files
from standards.cases.tables import DAY, JSON_SCHEMA, MOMENT, NUMBER, TABLES, XSD, CaseColumn

_SAMPLES = {DAY: "20260928", MOMENT: "20260928093000", NUMBER: "3"}


def sample(column: CaseColumn) -> str:
    return next(iter(column.codes)) if column.codes else _SAMPLES.get(column.pattern, "甲\n乙")


def whole_record() -> dict[CaseTable, list[dict[str, str]]]:
    """A row in each table, two of those that may be several, every column filled."""
    return {
        table: [
            {one.name: sample(one) for one in TABLES[table]}
            for _ in range(1 if table in {CaseTable.ACCEPT, CaseTable.RESULT} else 2)
        ]
        for table in CaseTable
    }


def changed(table: CaseTable, name: str, text: str | None) -> Rows:
    record = whole_record()
    row = record[table][-1]
    if text is None:
        del row[name]
    else:
        row[name] = text
    return record


def broken() -> Iterator[tuple[str, CaseTable, Rows]]:
    """Where it is wrong, in which table, and the record."""
    for table, columns in TABLES.items():
        place = len(whole_record()[table])
        for one in columns:
            where = f"{table}.{place}.{one.name}"
            wrong = ["7x"] if one.codes or one.pattern else ["长" * (one.most + 1), "\x0b"]
            for text in [*wrong, ""]:
                yield where, table, changed(table, one.name, text)
            if one.is_needed:
                yield where, table, changed(table, one.name, None)


def xml_refuses(record: Rows, schema: Any) -> bool:
    try:
        document = etree.fromstring(b"".join(write_case_xml([record], is_masked=True)))
    except ValueError:
        # there is no way to write it
        return True
    return not schema.validate(document)


class TestSchemas:
    def test_are_those_of_the_tables(self) -> None:
        strays = [path.name for path, text in case_schema_files().items() if path.read_text(encoding="utf-8") != text]
        assert strays == [], "SECRET_KEY=check uv run python -m tests.standards.schemas"

    def test_take_a_whole_record_in_both_formats(self) -> None:
        bare = {table: [{one.name: sample(one) for one in TABLES[table] if one.is_needed}] for table in CaseTable}
        cases: list[Rows] = [whole_record(), bare, {CaseTable.ACCEPT: bare[CaseTable.ACCEPT]}]
        assert [faults_of(one) for one in cases] == [[], [], []]
        document = json.loads(b"".join(write_case_json(cases, is_masked=False)))
        assert list(jsonschema_rs.validator_for(json.loads(JSON_SCHEMA.read_bytes())).iter_errors(document)) == []
        assert document["cases"][0] == plain_rows(whole_record())
        xml = etree.fromstring(b"".join(write_case_xml(cases, is_masked=False)))
        etree.XMLSchema(etree.parse(str(XSD))).assertValid(xml)

    def test_refuse_each_wrong_column_by_its_place_and_in_both_formats(self) -> None:
        schema = etree.XMLSchema(etree.parse(str(XSD)))
        strays = []
        for where, table, record in broken():
            faults = faults_of(record)
            if [one.where for one in faults] != [where] or not xml_refuses(record, schema):
                strays.append((where, faults))
            row = record[table][-1]
            if [one.where for one in check_rows(table, row)] != [where.rpartition(".")[2]]:
                strays.append((where, check_rows(table, row)))
        assert strays == []


class TestFaults:
    def test_are_told_in_chinese_with_what_is_expected(self) -> None:
        told = {
            (CaseTable.ACCEPT, "task_code", None): "「办件申请与受理」的「实施编码」（task_code）缺少。",
            (CaseTable.ACCEPT, "accept_date", "2026"): (
                "「办件申请与受理」的「受理时间」（accept_date）应为十四位时间，如 20260928093000。"
            ),
            (CaseTable.PROCESS, "process_state", "3"): (
                "「办理过程」第 2 行的「环节办理状态」（process_state）应为 1（待办）、2（已办）之一。"
            ),
            # no schema can tell that there is no such day
            (CaseTable.SPECIAL, "end_time", "20260230"): (
                "「特别程序」第 2 行的「结束日期」（end_time）应为八位日期，如 20260928。"
            ),
            (CaseTable.RESULT, "wrong", "1"): "「办结」没有“wrong”这一栏。",
        }
        found = {key: [one.message for one in faults_of(changed(*key))] for key in told}
        assert found == {key: [message] for key, message in told.items()}

    def test_are_told_of_tables_that_are_missing_or_too_many(self) -> None:
        record = whole_record()
        record[CaseTable.RESULT] *= 2
        assert [one.where for one in faults_of(record)] == ["up_pro_result"]
        del record[CaseTable.ACCEPT], record[CaseTable.RESULT]
        assert [one.where for one in faults_of(record)] == ["up_pro_accept"]
