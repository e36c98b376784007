"""Commands of ``yizhan halls keys``: halls' own keys of the object store."""

from typing import Annotated

import typer

from config.cli.halls import Code
from config.cli.halls import app as halls
from config.cli.output import ActingAs, AsJson, actor_named, answer

app = typer.Typer(no_args_is_help=True)
halls.add_typer(app, name="keys", help="各厅在文件存储里的密钥：更换、重新告知")


@app.command("rotate")
def rotate(code: Code, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """给一个厅换一把文件存储密钥，不影响使用；中断后再次运行会接着做。"""
    from province.halls.queries import hall_with_code
    from provisioning.store_keys import FORMER_LASTS, rotate_store_key

    hall = hall_with_code(code)
    change = rotate_store_key(by=actor_named(acting_as), hall=hall)
    minutes = int(FORMER_LASTS.total_seconds() // 60)
    answer(
        {"code": code, "name": hall.name, "generation": change.generation, "former": change.former},
        json,
        columns={},
        sentence=f"{hall.name}已改用第 {change.generation} 把密钥，旧的 {minutes} 分钟后停用。",
    )


@app.command("tell")
def tell(
    code: Annotated[str, typer.Argument(metavar="区划代码", help="不写就是全部服务厅")] = "",
    *,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """让文件存储重新认识各厅的密钥：存储丢了密钥，或程序换了 SECRET_KEY 之后。可重复运行。"""
    from province.halls.queries import hall_with_code
    from provisioning.store_keys import open_store_for

    told = open_store_for(by=actor_named(acting_as), hall=hall_with_code(code) if code else None)
    answer({"halls": told}, json, columns={}, sentence=f"文件存储已认识 {told:,} 个服务厅的密钥。")
