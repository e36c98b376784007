"""Commands of ``yizhan search``."""

from typing import Annotated

import typer

from config.cli.output import AsJson, answer

app = typer.Typer(no_args_is_help=True)

_KINDS = typer.Argument(metavar="[KIND]...", help="articles、pushes、items；不填是全部")
_REBUILT = {"label": "内容", "documents": "编入", "went_on": "接着上次的"}
_STATUS = {
    "label": "内容",
    "is_built": "已建",
    "is_building": "正在重建",
    "documents": "索引里",
    "rows": "数据库里",
    "size": "字节",
    "waiting": "未编入的改动",
    "behind": "最早的等了几秒",
}


@app.command("rebuild")
def rebuild(kinds: Annotated[list[str] | None, _KINDS] = None, *, json: AsJson = False) -> None:
    """重建搜索引擎的索引：在旧索引旁边建新的，建好后一步换上，其间搜索照常。中断后再执行，会接着建。"""
    from dataclasses import asdict

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from foundation.errors import Invalid
    from foundation.full_text.clients import is_chosen
    from foundation.full_text.indexes import INDEXES
    from foundation.full_text.rebuilding import rebuild_index

    if not is_chosen():
        raise Invalid("没有设置搜索引擎（ELASTICSEARCH_URL），现在由数据库搜索，没有索引可建。")
    if unknown := set(kinds or ()) - set(INDEXES):
        message = f"没有这样的索引：{'、'.join(sorted(unknown))}。可以重建 {'、'.join(INDEXES)}。"
        raise Invalid(message)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    results = []
    # beside the answer, which programs read
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        for index in [INDEXES[name] for name in dict.fromkeys(kinds or INDEXES)]:
            task = progress.add_task(index.label, total=None)

            def tell(filed: int, total: int, task: int = task) -> None:
                progress.update(task, completed=filed, total=max(filed, total))  # type: ignore[arg-type]

            results.append({"label": index.label} | asdict(rebuild_index(index, tell=tell)))
    answer(results, json, columns=_REBUILT, sentence="索引已建好，从现在起由搜索引擎回答。")


@app.command("status")
def status(*, json: AsJson = False) -> None:
    """查看搜索引擎和各个索引：是否应答、是否建好、落后多少。有问题时以 1 退出。"""
    from foundation.full_text.status import engine_status

    found = engine_status()
    if not found.is_chosen:
        sentence = "没有设置搜索引擎（ELASTICSEARCH_URL），由数据库搜索。"
    else:
        sentence = f"搜索引擎{found.fault}。" if found.fault else f"正常，应答用了 {found.seconds * 1000:.0f} 毫秒。"
    if json:
        answer(found, json)
    else:
        answer(list(found.indexes), json, columns=_STATUS, sentence=sentence)
    if found.fault:
        raise typer.Exit(1)
