"""Commands of ``yizhan catalogue``."""

from dataclasses import asdict

import typer

from config.cli.output import ActingAs, AsJson, actor_named, answer

app = typer.Typer(no_args_is_help=True)

_COLUMNS = {"department": "主管部门", "added": "新载入", "known": "已有"}


@app.callback()
def _root() -> None:
    """The callback makes this a group, whatever the number of its commands."""


@app.command("load-base")
def load_base(*, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """载入基础清单（样例，须经省级主管部门核对）。可重复执行，中断后接着载入；已有的事项不会改动。"""
    from province.catalogue.operations import load_base_list

    loads = [asdict(one) for one in load_base_list(by=actor_named(acting_as))]
    added, known = (sum(one[name] for one in loads) for name in ("added", "known"))
    sentence = f"新载入 {added:,} 个事项，已有 {known:,} 个。"
    answer(loads, json, columns=_COLUMNS, sentence=sentence)
