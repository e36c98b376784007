"""Items as files: Excel with national columns, Excel with a sheet an item, JSON, and the national exchange.

It takes and gives plain data and knows no model. Every reading goes through the definition's check and names sheet and
cell, or line; nothing is imported here.
"""

from standards.items.exchange.form_writing import MOST_FORMS, write_blank_form, write_forms
from standards.items.exchange.guide_reading import read_guides
from standards.items.exchange.guide_tables import GuideLine, GuideReading, ReadGuide
from standards.items.exchange.guide_writing import write_guides
from standards.items.exchange.items import MOST_ITEMS, ExchangeItem, Reading, ReadItem
from standards.items.exchange.json_items import read_json, write_json
from standards.items.exchange.merging import merged
from standards.items.exchange.national_files import HeldBack, NationalReport, national_file, national_report
from standards.items.exchange.national_guides import hall_part
from standards.items.exchange.national_json import (
    is_national_json,
    national_data,
    read_national_json,
    write_national_json,
)
from standards.items.exchange.national_xml import read_national_xml, write_national_xml
from standards.items.exchange.offered_schemas import OFFERED_SCHEMAS, offered_schema
from standards.items.exchange.table_writing import write_tables
from standards.items.exchange.workbooks import read_workbook

__all__ = [
    "MOST_FORMS",
    "MOST_ITEMS",
    "OFFERED_SCHEMAS",
    "ExchangeItem",
    "GuideLine",
    "GuideReading",
    "HeldBack",
    "NationalReport",
    "ReadGuide",
    "ReadItem",
    "Reading",
    "hall_part",
    "is_national_json",
    "merged",
    "national_data",
    "national_file",
    "national_report",
    "offered_schema",
    "read_guides",
    "read_json",
    "read_national_json",
    "read_national_xml",
    "read_workbook",
    "write_blank_form",
    "write_forms",
    "write_guides",
    "write_json",
    "write_national_json",
    "write_national_xml",
    "write_tables",
]
