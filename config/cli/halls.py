"""Commands of ``yizhan halls`` about one hall's facts and state; provisioning.py adds those about schemas."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from config.cli.output import ActingAs, AsJson, actor_named, answer

if TYPE_CHECKING:
    from province.halls.models import Hall

app = typer.Typer(no_args_is_help=True)


class KindName(StrEnum):
    """As the model has them (a test compares)."""

    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


# as the models have them (a test compares); to ask the models would be to wait for Django
HallStateName = Literal["planned", "trial", "live", "suspended", "retired"]

Code = Annotated[str, typer.Argument(metavar="区划代码")]
Reason = Annotated[str, typer.Option(help="原因，会显示在网站上")]
_COLUMNS = {
    "code": "区划代码",
    "name": "名称",
    "kind": "类型",
    "state": "状态",
    "domain": "主域名",
    "light": "网站检查",
}
_LIGHTS = {"red": "红", "yellow": "黄", "green": "绿", None: "—"}
_FIELDS = {
    "code": "区划代码",
    "name": "名称",
    "kind": "类型",
    "state": "状态",
    "state_reason": "原因",
    "domains": "域名",
    "todo": "正式运行前待办",
    "checks": "网站检查",
}


@app.command("list")
def list_halls(
    *,
    search: Annotated[str, typer.Option(help="名称的一部分或代码的开头")] = "",
    kind: Annotated[KindName | None, typer.Option()] = None,
    state: Annotated[HallStateName | None, typer.Option()] = None,
    under: Annotated[str, typer.Option(metavar="区划代码", help="只列这个区划及其下级")] = "",
    light: Annotated[str, typer.Option(help="网站检查：red、yellow 或 green")] = "",
    json: AsJson = False,
) -> None:
    """列出服务厅。"""
    from province.halls import queries

    halls = queries.halls_table(search=search, kind=kind or "", state=state or "", under=under, light=light)
    answer([_line(hall, is_json=json) for hall in halls], json, columns=_COLUMNS)


@app.command("show")
def show(code: Code, *, json: AsJson = False) -> None:
    """显示一个服务厅：域名、待办和网站检查。"""
    from province.halls import queries

    hall = queries.hall_in_table(code)
    lines = queries.checklist(hall)
    checks = queries.site_checks(hall)
    domains = [str(one.domain) for one in queries.domains_of(hall)]
    if json:
        answer(
            {**_line(hall, is_json=True), "prefixes": hall.prefixes, "domains": domains}
            | {"checklist": [asdict(line) for line in lines], "checks": [asdict(check) for check in checks]},
            json,
        )
        return
    facts = {
        "domains": domains,
        "todo": "\n".join(f"{line.label}：{line.todo}" for line in lines if not line.is_green) or "无",
        "checks": "\n".join(f"{_LIGHTS[check.light]} {check.label}：{check.detail}" for check in checks),
    }
    answer(_line(hall, is_json=False) | {"state_reason": hall.state_reason} | facts, json, columns=_FIELDS)


@app.command("open")
def open_hall(code: Code, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """筹建 → 试运行。"""
    from province.halls import operations, queries

    _say(operations.open_hall(by=actor_named(acting_as), hall=queries.hall_with_code(code)), json=json)


@app.command("golive")
def go_live(code: Code, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """试运行 → 正式运行；清单没有全绿时会拒绝并说明要做什么。"""
    from province.halls import operations, queries

    _say(operations.go_live(by=actor_named(acting_as), hall=queries.hall_with_code(code)), json=json)


@app.command("suspend")
def suspend(
    code: Code,
    *,
    reason: Reason,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d"], help="预计恢复时间")] = None,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """暂停网站：访客看到原因和预计恢复时间。"""
    from django.utils import timezone

    from province.halls import operations, queries

    hall = operations.suspend_hall(
        by=actor_named(acting_as),
        hall=queries.hall_with_code(code),
        reason=reason,
        until=timezone.make_aware(until) if until else None,
    )
    _say(hall, json=json)


@app.command("resume")
def resume(code: Code, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """恢复暂停的网站。"""
    from province.halls import operations, queries

    _say(operations.resume_hall(by=actor_named(acting_as), hall=queries.hall_with_code(code)), json=json)


@app.command("retire")
def retire(
    code: Code,
    *,
    reason: Reason,
    successor: Annotated[str, typer.Option(metavar="区划代码", help="接替的服务厅")] = "",
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """停用网站：访客看到该去哪里。不能恢复。"""
    from province.halls import operations, queries

    hall = operations.retire_hall(
        by=actor_named(acting_as),
        hall=queries.hall_with_code(code),
        reason=reason,
        successor=queries.hall_with_code(successor) if successor else None,
    )
    _say(hall, json=json)


def _line(hall: Any, *, is_json: bool) -> dict[str, Any]:
    """One hall of the table, as the list and its own page show it: codes for programs, words for people."""
    return {
        "id": hall.pk,
        "code": hall.division.code,
        "name": hall.name,
        "kind": hall.kind if is_json else hall.get_kind_display(),
        "state": hall.state if is_json else hall.get_state_display(),
        "domain": hall.domain_name if is_json else hall.domain_name or "—",
        "light": hall.light if is_json else _LIGHTS[hall.light],
    }


def _say(hall: "Hall", *, json: bool) -> None:
    sentence = f"“{hall.name}”现在是“{hall.get_state_display()}”。"
    answer({"id": hall.pk, "name": hall.name, "state": hall.state}, json, columns={}, sentence=sentence)
