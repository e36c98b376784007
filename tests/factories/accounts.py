"""Media accounts and tables of them."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from province.content.models import MediaAccount
from province.content.queries.account_facts import HEADINGS
from province.halls.models import Hall

NORTH_CODE = "420582000000"


def make_account(hall: Hall | None = None, *, name: str = "当阳发布", **fields: Any) -> MediaAccount:
    """A filed account of a hall (or of the province), to which nothing is sent unless ``connector`` says so."""
    return MediaAccount.objects.create(
        **{
            "hall_id": hall.id if hall else None,
            "prefix": hall.division.prefix if hall else "42",
            "platform": "wechat",
            "name": name,
            "external_id": fields.pop("external_id", name),
            "owner": f"“{name}”的主管单位",
            "filed_on": "2026-01-01",
        }
        | fields
    )


def workbook(rows: Iterable[Sequence[object]], headings: Sequence[str] = tuple(HEADINGS)) -> io.BytesIO:
    """An .xlsx with these headings; a text that begins with ``=`` becomes a real formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
    out.seek(0)
    return out


def account_row(number: int = 1, **cells: str) -> list[str]:
    """A good row of the table; ``cells`` by the names of facts."""
    facts = {
        "platform": "微信公众号",
        "name": f"当阳发布{number}",
        "external_id": f"gh_{number:06d}",
        "owner": f"当阳市第{number}单位",
        "code": NORTH_CODE,
        "filing_number": f"备{number}",
        "filed_on": "2026-01-31",
        "contact_name": "王芳",
        "contact_phone": "0717-3222222",
    } | cells
    return [facts.get(name, "") for name in HEADINGS.values()]
