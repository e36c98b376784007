"""The frame around every command: Django is set up only when needed, and errors are said in plain Chinese.

Exit codes: 0 done, 1 refused or failed (the reason is on stderr), 2 wrong usage.
"""

import gc
import importlib
import logging
import os
import sys
import traceback
import uuid
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar

import typer
from typer._click.exceptions import UsageError
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from config.cli.cluster import NEEDED
from config.cli.misuse import say_misuse
from config.environment import demand, var_folder
from foundation.embedded_services.secrets import load_secrets
from foundation.errors import DomainError

REFUSED = 1
# of the command that runs: what its log lines and its failure are found by
_number: ContextVar[str] = ContextVar("number")


# what runs by itself where nobody sits at a terminal: what ends it is a line of its log
_PROGRAMS = frozenset((("run",), ("relay",), ("await",), ("release",), ("backup", "follow")))


def name_settings() -> None:
    """Where Django finds the settings when somebody asks for one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def set_up_django() -> None:
    """Read the settings and load the apps; the first call does it, later ones do nothing."""
    name_settings()
    import django

    from config.logs import configure_logs

    configure_logs()
    # what is loaded here stays to the end: the collector need not walk through it, neither now nor later
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()
    if "LOG_LEVEL" not in os.environ:
        # on a terminal the command itself says what happened; the log speaks of trouble alone
        logging.getLogger().setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of commands and where it stands: the first module's ``app``; further modules add commands to it."""

    name: str
    help: str
    modules: tuple[str, ...]
    # its commands make or change tables
    as_owner: bool = False
    # those of its commands that read no settings, and so can be called before the first start
    without_settings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Single:
    """A command of the root, imported from its module's ``app`` only when it is called."""

    name: str
    help: str
    module: str
    # what must be there before the settings can be read
    prepare: Callable[[], object] | None = None
    # False: it speaks to the supervisor alone, and waits for no app
    needs_apps: bool = True
    # it makes or changes tables
    as_owner: bool = False
    # False: it works without database, broker and store
    needs_parts: bool = True


class Mounted(TyperGroup):
    """Stands in a list of commands for a group that is imported only when it is called."""

    def __init__(self, group: Group) -> None:
        super().__init__(name=group.name, help=group.help)
        self._group = group

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        first, *_ = [importlib.import_module(name) for name in self._group.modules]
        group = get_group(first.app)
        for name, command in group.commands.items():
            needs_apps = name not in self._group.without_settings
            _set_up_before(command, needs_apps=needs_apps, as_owner=self._group.as_owner)
        return group.make_context(info_name, args, parent=parent, **extra)


class MountedSingle(TyperCommand):
    """Stands in a list of commands for one that is imported only when it is called."""

    def __init__(self, single: Single) -> None:
        super().__init__(name=single.name, help=single.help, callback=None)
        self._single = single

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        command = get_group(importlib.import_module(self._single.module).app).commands[self._single.name]
        _set_up_before(
            command,
            self._single.prepare,
            needs_apps=self._single.needs_apps,
            as_owner=self._single.as_owner,
            needs_parts=self._single.needs_parts,
        )
        return command.make_context(info_name, args, parent=parent, **extra)


def _set_up_before(
    command: Any,
    prepare: Callable[[], object] | None = None,
    *,
    needs_apps: bool = True,
    as_owner: bool = False,
    needs_parts: bool = True,
) -> None:
    """Help and wrong usage end before a command is called, and do not wait for Django."""
    act = command.callback

    @wraps(act)
    def acting(*args: Any, **options: Any) -> Any:
        if prepare:
            prepare()
        if needs_parts:
            _demand_where_no_parts_are()
        if as_owner:
            # for the processes that help with it, too
            os.environ["YIZHAN_AS_OWNER"] = "1"
        if not needs_apps:
            name_settings()
            return act(*args, **options)
        set_up_django()
        from structlog.contextvars import bound_contextvars

        with bound_contextvars(request_id=_number.get()):
            return act(*args, **options)

    command.callback = acting


def _demand_where_no_parts_are() -> None:
    """Where `yizhan up` was never called, whatever it would have drawn must be given."""
    if load_secrets(var_folder()) is None:
        demand(name for name in NEEDED if name != "BASE_DOMAIN")


def _runs_by_itself() -> bool:
    words = tuple(word for word in sys.argv[1:] if not word.startswith("-"))
    return not sys.stderr.isatty() and (words[:1] in _PROGRAMS or words[:2] in _PROGRAMS)


class House(TyperGroup):
    """The root of all commands. Every way to fail ends here, and nobody sees a stack trace (unless DEBUG is set)."""

    groups: ClassVar[Sequence[Group]] = ()
    singles: ClassVar[Sequence[Single]] = ()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for single in self.singles:
            self.add_command(MountedSingle(single))
        for group in self.groups:
            self.add_command(Mounted(group))

    def main(self, *args: Any, **options: Any) -> Any:
        try:
            status = super().main(*args, **(options | {"standalone_mode": False}))
        except UsageError as error:
            say_misuse(error)
            sys.exit(error.exit_code)
        except typer.Abort:
            typer.echo("已取消。", err=True)
            sys.exit(REFUSED)
        sys.exit(status if isinstance(status, int) else 0)

    def invoke(self, ctx: Any) -> Any:
        number = uuid.uuid4().hex[:12]
        _number.set(number)
        try:
            return super().invoke(ctx)
        except DomainError as error:
            say_refusal(error)
        except Exception as error:
            # typer ends quietly where the reader of a pipe has gone
            if isinstance(error, typer.Exit | typer.Abort | BrokenPipeError) or type(error).__module__.startswith(
                "typer."
            ):
                raise
            _say_failure(error, number)
        raise typer.Exit(REFUSED)


def say_refusal(error: DomainError) -> None:
    """The reason on stderr, and below it what is wrong line by line."""
    if _runs_by_itself():
        faults = {fault.where: fault.message for fault in error.faults}
        _program_log().error(f"{error.title}：{error.message}", **({"faults": faults} if faults else {}))
        return
    typer.echo(f"{error.title}：{error.message}", err=True)
    for fault in error.faults:
        typer.echo(f"  {fault.where}：{fault.message}", err=True)


def _say_failure(error: Exception, number: str) -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import InterfaceError, OperationalError

    if _runs_by_itself():
        wrong = isinstance(error, ImproperlyConfigured)
        _program_log().error(f"设置有误：{error}" if wrong else "uncaught", exc_info=None if wrong else error)
    elif os.environ.get("DEBUG", "").lower() in {"1", "true", "yes", "on"}:
        traceback.print_exception(error, file=sys.stderr)
    elif isinstance(error, ImproperlyConfigured):
        typer.echo(f"设置有误：{str(error).strip()}\n如果还没有启动过，请先运行 make up。", err=True)
    elif isinstance(error, OperationalError | InterfaceError):
        typer.echo("数据库连接不上。运行 yizhan doctor 查看原因。", err=True)
    else:
        kept = _keep_trace(error, number)
        typer.echo(f"出现意外错误，操作没有完成。请求编号 {number}，详情记录在 {kept}。", err=True)


def _program_log() -> Any:
    from config.logs import log_of_program

    return log_of_program()


def _keep_trace(error: Exception, number: str) -> str:
    """Write the trace, as one line, where an administrator can look it up by its number."""
    from django.conf import settings

    from config.logs import failure_line

    folder = settings.VAR / "log"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "yizhan.log"
    with path.open("a", encoding="utf-8") as log:
        log.write(failure_line(error, request_id=number))
    return str(path)
