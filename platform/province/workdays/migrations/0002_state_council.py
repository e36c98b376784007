"""The State Council's notices since 2004 as the first published calendars, and what the SQL of other apps may read."""

import csv
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import migrations
from django.utils import timezone

_NOTICES = Path(__file__).resolve().parents[1] / "state_council.csv"


def load_notices(apps: Any, _: Any) -> None:
    YearCalendar = apps.get_model("workdays", "YearCalendar")
    CalendarDay = apps.get_model("workdays", "CalendarDay")
    with _NOTICES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for year, lines in groupby(rows, key=lambda row: int(row["年份"])):
        days = list(lines)
        calendar = YearCalendar.objects.create(
            prefix="",
            year=year,
            version=1,
            state="published",
            authority="国务院办公厅",
            number=days[0]["文号"],
            issued_on=date.fromisoformat(days[0]["发文日期"]) if days[0]["发文日期"] else None,
            published_at=timezone.now(),
        )
        CalendarDay.objects.bulk_create(
            CalendarDay(
                calendar=calendar,
                day=date.fromisoformat(one["日期"]),
                is_off=one["安排"] == "放假",
                name=one["节日"],
            )
            for one in days
        )
    apps.get_model("workdays", "CalendarGeneration").objects.create(id=1, mark=uuid4())


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]

    operations = [
        migrations.RunPython(load_notices, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE VIEW workdays_mark AS SELECT mark FROM workdays_calendargeneration",
            "DROP VIEW workdays_mark",
        ),
    ]
