"""What a process loads when it starts: no library that it does not use. Help and wrong usage load nothing of Django."""

import importlib
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from typer.main import get_group

from config.cli import GROUPS, SINGLES
from province.content.models import MediaAccount
from province.content.states import AccountState, DeliveryState, PushState, WithdrawalKind
from province.halls.models import HallKind
from province.halls.states import HallState, PlanState
from province.identity.models import Role
from tests.servers import ROOT

# what only somebody's act needs: spelling and cutting words, workbooks, the national exchange, the store, notices
SELDOM = {
    *("pypinyin", "rjieba", "xlsxwriter", "python_calamine", "lxml", "jsonschema_rs", "markdown_it", "minio"),
    *("Crypto", "pywebpush", "py_vapid", "aiohttp", "requests", "qrcode", "sentry_sdk"),
}
# none of them does a command need that only says how it is called
HEAVY = SELDOM - {"markdown_it"} | {"django", "celery", "pydantic", "structlog", "psycopg2", "redis", "httpx", "yaml"}
STARTS = {
    "web": "import config.wsgi; from django.urls import get_resolver; get_resolver('config.urls_hall').url_patterns;"
    "get_resolver('config.urls_province').url_patterns",
    "worker": "import config.celery, django; django.setup()",
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


def loaded_by(code: str) -> set[str]:
    """The packages that a new process holds once it has done this."""
    told = "import sys, json; print(); print(json.dumps(sorted({one.partition('.')[0] for one in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{told}"],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


class TestStart:
    @pytest.mark.parametrize("program", STARTS)
    def test_loads_no_library_that_only_some_act_needs(self, program: str) -> None:
        loaded = loaded_by(STARTS[program])
        assert "django" in loaded
        assert loaded & SELDOM == set(), "import it where it is used"


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
        for (group, command, parameter), choices in CHOICES.items():
            (found,) = (one for one in _commands(group)[command].params if one.name == parameter)
            assert list(found.type.choices) == choices.values, (group, command, parameter)

    def test_is_compared_wherever_there_is_one(self) -> None:
        found = {
            (group.name, name, str(parameter.name))
            for group in GROUPS
            for name, command in _commands(group.name).items()
            for parameter in command.params
            if hasattr(parameter.type, "choices")
        }
        assert found == set(CHOICES)


def _commands(group: str) -> dict[str, Any]:
    first, *_ = [importlib.import_module(name) for one in GROUPS if one.name == group for name in one.modules]
    return get_group(first.app).commands
