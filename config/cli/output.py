"""How commands answer (a table for people, JSON for programs) and for whom they act.

@app.command("list")
def list_halls(*, json: AsJson = False, acting_as: ActingAs = None) -> None:
    answer(halls_table(...), json=json, columns={"code": "区划代码", "name": "名称"})
"""

import json as json_format
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from foundation.errors import NotFound

if TYPE_CHECKING:
    from province.rights.actors import Actor

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出，供程序读取")]
ActingAs = Annotated[str | None, typer.Option("--as", metavar="账号", help="以这个账号的身份办理；不填则为系统本身")]


def actor_named(username: str | None) -> "Actor":
    """The account that acts. A person with the shell is trusted as the system itself unless a name is given."""
    from province.people.models import Account
    from province.people.queries.actors import actor_of
    from province.rights.queries import system_actor

    if username is None:
        return system_actor("命令行")
    account = Account.objects.filter(username=username).first()
    if account is None:
        message = f"没有账号“{username}”。"
        raise NotFound(message)
    return actor_of(account)


def answer(
    data: Any,
    json: bool,  # noqa: FBT001 - the one thing that every command passes on
    *,
    columns: Mapping[str, str] | None = None,
    title: str | None = None,
    sentence: str | None = None,
) -> None:
    """Print what a command found or did.

    ``data``: a mapping or dataclass (one thing: a line per field) or an iterable of them (a table). ``columns``
    chooses and names the fields that people see; JSON always carries all. ``sentence`` says it in words first.
    """
    plain = _plain(data)
    if json:
        typer.echo(json_format.dumps(plain, ensure_ascii=False, indent=2, default=str))
        return
    console = Console()
    if sentence:
        console.print(sentence, markup=False, highlight=False)
    if isinstance(plain, list):
        _print_table(console, plain, columns, title)
    elif plain:
        _print_fields(console, plain, columns, title)


def _plain(data: Any) -> Any:
    if is_dataclass(data) and not isinstance(data, type):
        return asdict(data)
    if isinstance(data, Mapping):
        return dict(data)
    if isinstance(data, Iterable) and not isinstance(data, str | bytes):
        return [_plain(one) for one in data]
    return data


def _print_table(console: Console, rows: list[Any], columns: Mapping[str, str] | None, title: str | None) -> None:
    if not rows:
        console.print("没有记录。")
        return
    names = columns or {field: field for field in rows[0]}
    table = Table(title=title, title_justify="left", header_style="bold")
    for label in names.values():
        table.add_column(label, overflow="fold")
    for row in rows:
        table.add_row(*(_text(row.get(field)) for field in names))
    console.print(table)


def _print_fields(
    console: Console, fields: dict[str, Any], columns: Mapping[str, str] | None, title: str | None
) -> None:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for field, label in (columns or {field: field for field in fields}).items():
        table.add_row(label, _text(fields.get(field)))
    console.print(table)


def _text(value: Any) -> str:
    """As people read it; brackets are no markup here."""
    if value is None:
        text = "—"
    elif isinstance(value, bool):
        text = "是" if value else "否"
    elif isinstance(value, list | tuple):
        text = "、".join(_text(one) for one in value)
    elif isinstance(value, dict):
        text = json_format.dumps(value, ensure_ascii=False, default=str)
    else:
        text = str(value)
    return text.replace("[", "\\[")
