"""Cases by the year in which they ended: which of them wait to be archived, the list of those that are, and whether the
archive is still what a list says."""

from collections.abc import Iterator
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import Invalid
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import Record
from province.audit.queries.signed_lines import SignedLines
from province.halls.models import Hall
from tenants.casework.models import ArchiveSheet, Case
from tenants.casework.queries.archive import digest_of_contents

_AT_ONCE: Final = 2_000


def unarchived_cases(year: int) -> QuerySet[Case]:
    """That ended in the year and have no list of contents, in the order of their ids."""
    return _ended_in(year).filter(archive_sheet=None).order_by("pk")


def archive_records(year: int) -> Iterator[Record]:
    """A line for each archived case that ended in the year: by what an archive is looked through, and nobody's name."""
    rows = _ended_in(year).filter(archive_sheet__isnull=False).order_by("pk")
    named = rows.values_list(
        *("number", "item_name", "case_type", "state", "outcome", "ended_at"),
        *("archive_sheet__kept_until", "archive_sheet__digest"),
    )
    for number, item, case_type, state, outcome, ended_at, kept_until, digest in named.iterator(_AT_ONCE):
        facts = {"number": number, "item": item, "type": case_type, "state": state, "outcome": outcome}
        ended_on = timezone.localdate(ended_at)
        yield "case", facts | {"ended_on": str(ended_on), "kept_until": str(kept_until), "digest": digest}


def faults_of_year(hall: Hall, path: Path, *, public_key: str = "") -> tuple[int, list[str]]:
    """How many cases the list has, and, in Chinese, what is wrong with it or with the hall's archive: a list that was
    bent, a case that is gone, one whose list of contents is another one, one that the list lacks. ``public_key``: of
    the platform that wrote the list, where it was another one.

    Raises Invalid for what is no such list, or another hall's.
    """
    count = 0
    found: list[str] = []
    with path.open("rb") as file:
        lines = SignedLines(file, what="年度归档目录", has="year")
        year = lines.header["year"]
        if lines.header.get("hall_id") != str(hall.pk) or not isinstance(year, int):
            message = f"这份年度归档目录不是{hall.name}的。"
            raise Invalid(message)
        for some in batched(lines.records(), _AT_ONCE, strict=False):
            count += len(some)
            found += _differences([facts for _, facts in some])
        found += lines.faults(public_key.lower() or audit_keys().signing.public.hex())
    here = _ended_in(year).filter(archive_sheet__isnull=False).count()
    if here > count:
        found.append(f"目录写出之后，这一年又有 {here - count} 件归档，目录里没有")
    return count, found


def _differences(listed: list[dict[str, Any]]) -> Iterator[str]:
    numbers = [str(facts.get("number")) for facts in listed]
    sheets = ArchiveSheet.objects.select_related("case").filter(case__number__in=numbers)
    known = {one.case.number: one for one in sheets}
    for number, facts in zip(numbers, listed, strict=True):
        sheet = known.get(number)
        if sheet is None:
            yield f"{number}：本厅现在没有这个已归档的办件"
        elif sheet.digest != facts.get("digest") or str(sheet.kept_until) != facts.get("kept_until"):
            yield f"{number}：归档目录的摘要或保管期限与年度目录不一致"
        elif digest_of_contents(sheet.contents) != sheet.digest:
            yield f"{number}：归档目录的内容与它的摘要不一致"


def _ended_in(year: int) -> QuerySet[Case]:
    begins, ends = (timezone.make_aware(datetime(one, 1, 1)) for one in (year, year + 1))  # noqa: DTZ001 - made aware
    return Case.objects.filter(ended_at__gte=begins, ended_at__lt=ends)
