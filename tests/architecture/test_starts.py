"""What a process loads when it starts: no library that it does not use. Help and wrong usage load nothing of Django."""

import importlib
import json
import os
import subprocess
import sys
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
import typer

from config.cli import GROUPS, SINGLES
from config.cli.frame import Group
from province.content.models import MediaAccount
from province.content.states import AccountState, DeliveryState, PushState, WithdrawalKind
from province.halls.models import HallKind
from province.halls.states import HallState, PlanState
from province.rights.roles import Role
from tests.servers import ROOT

# what only somebody's act needs: spelling and cutting words, workbooks, the national exchange, the store, notices
SELDOM = {
    *("pypinyin", "rjieba", "xlsxwriter", "python_calamine", "lxml", "jsonschema_rs", "markdown_it", "minio"),
    *("Crypto", "pywebpush", "py_vapid", "aiohttp", "requests", "qrcode", "sentry_sdk", "opentelemetry"),
    *("fido2", "jwt", "httpx", "httpcore", "urllib3", "PIL", "puremagic"),
}
# pages and APIs, which only the web server has
SERVED = {"config.urls_hall", "config.urls_province", "config.api", "ninja"}
# none of them does a command need that only says how it is called
HEAVY = SELDOM - {"markdown_it"} | {
    "django.db",
    "django.conf",
    "celery",
    "structlog",
    "psycopg2",
    "redis",
    "httpx",
    "yaml",
}
STARTS = {
    "web": "import config.wsgi; from django.urls import get_resolver; get_resolver('config.urls_hall').url_patterns;"
    "get_resolver('config.urls_province').url_patterns",
    # as `celery worker` and `celery beat` do it
    "worker": "from config.celery import app; app.loader.import_default_modules()",
    "relay": "import django; django.setup(); import config.celery, config.machine.relay",
}
HELP = [
    ["--help"],
    *([one.name, "--help"] for one in (*GROUPS, *SINGLES)),
    ["halls", "list", "--help"],
    ["halls", "list", "--nope"],
    ["content", "withdraw"],
    ["nope"],
]
CHOICES = {
    ("accounts", "list", "platform"): MediaAccount.Platform,
    ("accounts", "list", "state"): AccountState,
    ("accounts", "deliveries", "state"): DeliveryState,
    ("content", "withdraw", "kind"): WithdrawalKind,
    ("content", "list", "state"): PushState,
    ("divisions", "plans", "state"): PlanState,
    ("halls", "list", "kind"): HallKind,
    ("halls", "list", "state"): HallState,
    ("halls", "provision", "kind"): HallKind,
    ("people", "list", "role"): Role,
}


@cache
def loaded_by(code: str) -> frozenset[str]:
    """The modules that a new process holds once it has done this."""
    # one that is not to be found stands there as well, as None
    told = "import sys, json; print(); print(json.dumps(sorted(name for name, one in sys.modules.items() if one)))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{told}"],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return frozenset(json.loads(done.stdout.splitlines()[-1]))


class TestStart:
    @pytest.mark.parametrize("program", STARTS)
    def test_loads_no_library_that_only_some_act_needs(self, program: str) -> None:
        loaded = loaded_by(STARTS[program])
        assert "django" in loaded
        assert loaded & SELDOM == set(), "import it where it is used"

    @pytest.mark.parametrize("program", ["worker", "relay"])
    def test_builds_no_page_that_it_never_serves(self, program: str) -> None:
        loaded = loaded_by(STARTS[program])
        assert "province.content.tasks" in loaded
        assert loaded & SERVED == set()


class TestStatusAndDown:
    def test_wait_for_no_app(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """They ask the supervisor alone, and one waits for them."""
        monkeypatch.setenv("YIZHAN_VAR", str(tmp_path))
        loaded = loaded_by(
            "from config.cli import app\n"
            "for word, code in (('status', 1), ('down', 0)):\n"
            "    try:\n        app([word], prog_name='yizhan')\n    except SystemExit as ended:\n"
            "        assert ended.code == code, (word, ended.code)\n"
        )
        assert "supervisor" in loaded
        assert loaded & (HEAVY - {"django.conf"}) == set()


class TestHelpAndWrongUsage:
    def test_wait_for_no_library(self) -> None:
        """All in one process, and it must hold none of them at the end."""
        loaded = loaded_by(
            "from config.cli import app\n"
            f"for words in {HELP!r}:\n"
            "    try:\n        app(words, prog_name='yizhan')\n    except SystemExit as ended:\n"
            "        assert ended.code == (0 if words[-1] == '--help' else 2), (words, ended.code)\n"
            "    else:\n        raise AssertionError(words)\n"
        )
        assert "typer" in loaded
        assert loaded & HEAVY == set(), "import it in the command (config/cli)"


class TestChoice:
    def test_has_the_words_of_the_model(self) -> None:
        assert _choices() == {place: choices.values for place, choices in CHOICES.items()}


def _choices() -> dict[tuple[str, str, str], list[str]]:
    """Of every option that takes certain words alone: which."""
    return {
        (group.name, info.name or info.callback.__name__, option): words
        for group in GROUPS
        for info in _app_of(group).registered_commands
        for option, kind in get_type_hints(info.callback).items()
        if info.callback and (words := _words_of(kind))
    }


def _app_of(group: Group) -> typer.Typer:
    first, *_ = [importlib.import_module(name) for name in group.modules]
    app: typer.Typer = first.app
    return app


def _words_of(kind: Any) -> list[str]:
    if get_origin(kind) is Literal:
        return list(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [one.value for one in kind]
    return [word for inner in get_args(kind) for word in _words_of(inner)]
