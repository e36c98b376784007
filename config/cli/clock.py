"""Commands of ``yizhan clock``."""

from datetime import datetime
from typing import Annotated

import typer

from config.cli.output import AsJson, answer

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _root() -> None:
    """The callback makes this a group, though it has one command yet."""


@app.command("due")
def due(
    *,
    begins: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="事件当日；当日不计入期限")],
    limit: Annotated[str, typer.Option(help="期限：20wd（工作日）、15d（日）、3m（月）")],
    pause: Annotated[
        list[str] | None,
        typer.Option(
            help="暂停：2026-10-12..2026-10-20，后一日不算；可写原因：2026-10-12..2026-10-20=专家评审；"
            "可写允许的时间：2026-10-12..2026-10-20/30d=专家评审，超过以后照常计时；可重复"
        ),
    ] = None,
    extend: Annotated[list[str] | None, typer.Option(metavar="期限", help="延长：10wd；只能一次")] = None,
    hall: Annotated[
        str, typer.Option(metavar="区划代码", help="按哪个服务厅的日历（连同本厅自己的）；不填按本省的")
    ] = "",
    known: Annotated[
        datetime | None, typer.Option("--known-at", formats=["%Y-%m-%d"], help="按这一日终了时已公布的工作日历")
    ] = None,
    json: AsJson = False,
) -> None:
    """推算期限的最后一日，并列出途中不计的每一日和原因。"""
    from datetime import timedelta

    from django.conf import settings
    from django.utils import timezone

    from foundation.errors import Invalid
    from province.halls.queries import hall_with_code
    from province.workdays.queries import calendar_of, calendar_of_hall
    from standards.workdays import ClockPause, Limit, due_of

    if extend and len(extend) > 1:
        raise Invalid("期限只能延长一次（行政许可法第四十二条），--extend 只写一个。")
    at = timezone.make_aware(known + timedelta(days=1)) if known else None
    calendar = calendar_of_hall(hall_with_code(hall), at=at) if hall else calendar_of(settings.PROVINCE_CODE, at=at)
    found = due_of(
        begins.date(),
        Limit.read(limit),
        calendar=calendar,
        pauses=[ClockPause.read(one) for one in pause or ()],
        extensions=[Limit.read(one) for one in extend or ()],
    )
    if json:
        answer(found, json)
    elif not found.skipped:
        typer.echo(found.story)
    else:
        sentence = f"{found.story}途中不计 {len(found.skipped):,} 日。"
        answer(list(found.skipped), json, columns={"day": "日期", "why": "原因"}, sentence=sentence)
