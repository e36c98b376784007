"""Commands of ``yizhan catalogue``."""

from dataclasses import asdict
from typing import Annotated

import typer

from config.cli.output import ActingAs, AsJson, actor_named, answer

app = typer.Typer(no_args_is_help=True)

_FINDINGS = {"department": "主管部门", "name": "事项", "label": "发现", "message": "说明"}
_COLUMNS = {"department": "主管部门", "added": "新载入", "published": "已公布", "known": "已有"}
_PUBLISHES = typer.Option("--publish", help="内容齐全的立即公布，标为样例；不给这个选项时全部作为草稿。")


@app.callback()
def _root() -> None:
    """The callback makes this a group, whatever the number of its commands."""


@app.command("load-base")
def load_base(
    *, publish: Annotated[bool, _PUBLISHES] = False, json: AsJson = False, acting_as: ActingAs = None
) -> None:
    """载入基础清单（须经省级主管部门核对）。可重复执行，中断后接着载入；已有的事项不会改动。"""
    from province.catalogue.operations import load_base_list

    loads = [asdict(one) for one in load_base_list(by=actor_named(acting_as), publishes=publish)]
    added, published, known = (sum(one[name] for one in loads) for name in ("added", "published", "known"))
    sentence = f"新载入 {added:,} 个事项，其中公布 {published:,} 个，其余是草稿；已有 {known:,} 个。"
    answer(loads, json, columns=_COLUMNS, sentence=sentence)


@app.command("audit")
def audit(
    *,
    base_list: Annotated[bool, typer.Option("--base-list", help="查基础清单的文件，不查数据库")] = False,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """事项体检：查依据废止或改名、条款、层级、类型、雷同文字。有问题时以 1 退出，只有提示时以 0 退出。"""
    from province.catalogue.queries.item_audits import base_list_audit, item_audit_of

    lines = base_list_audit() if base_list else item_audit_of(actor_named(acting_as))
    faults = sum(not line.is_hint for line in lines)
    sentence = f"发现 {faults:,} 个问题、{len(lines) - faults:,} 条提示。" if lines else "没有发现问题。"
    answer(lines, json, columns=_FINDINGS, sentence=sentence)
    if faults:
        raise typer.Exit(1)
