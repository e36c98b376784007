"""Wrong usage, said in Chinese: typer's own words are English."""

import typer
from typer import rich_utils

# typer publishes BadParameter alone
from typer._click.exceptions import BadParameter, MissingParameter, NoArgsIsHelpError, NoSuchOption, UsageError

rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
rich_utils.OPTIONS_PANEL_TITLE = "选项"
rich_utils.COMMANDS_PANEL_TITLE = "命令"


def say_misuse(error: UsageError) -> None:
    """What is wrong and where the right usage stands, on stderr; a group called without a command shows its help."""
    if isinstance(error, NoArgsIsHelpError):
        error.show()
        return
    typer.echo(f"用法有误：{_sentence(error)}", err=True)
    if error.ctx:
        typer.echo(f"运行 {error.ctx.command_path} --help 查看用法。", err=True)


def _sentence(error: UsageError) -> str:
    if isinstance(error, NoSuchOption):
        alike = f"是不是 {'、'.join(sorted(error.possibilities))}？" if error.possibilities else ""
        return f"没有选项 {error.option_name}。{alike}"
    if isinstance(error, BadParameter):
        name = _name(error)
        if isinstance(error, MissingParameter):
            return f"缺少{name}。"
        return f"{name} 的值不对。"
    return "没有这个命令，或参数的个数不对。"


def _name(error: BadParameter) -> str:
    if error.param is None:
        return "参数"
    if error.param.param_type_name == "argument":
        return f"参数 {error.param.metavar or error.param.name}"
    return f"选项 {error.param.opts[0]}"
