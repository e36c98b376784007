"""What lacks or makes no sense among the variables is named all at once, by every program, before it opens anything."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config import environment
from config.cli.cluster import NEEDED, NEEDED_BY_OWNER
from tests.helm.test_variables import EMBEDDED, SECRETS
from tests.servers import ROOT

# each as it is really called, and what it cannot do without where `yizhan up` was never called
OWN = set(NEEDED) - {"BASE_DOMAIN"}
PROGRAMS: dict[tuple[str, ...], set[str]] = {
    **{("run", name): OWN for name in ("web", "worker", "builder", "beat", "relay", "proxy")},
    ("relay",): OWN,
    ("await",): set(NEEDED),
    ("release",): set(NEEDED_BY_OWNER),
    ("demo",): OWN,
    ("halls", "list"): OWN,
    ("backup", "follow"): OWN,
    ("catalogue", "load-base"): OWN,
    ("keys", "list"): OWN,
    ("search", "status"): OWN,
}
# texts of people's choice, in which nothing is nonsense
FREE = {
    *("YIZHAN_VAR", "YIZHAN_WEB_HOST", "SECRET_KEY", "AUDIT_KEY", "BACKUP_KEY", "AUDIT_WITNESS", "BACKUP_RECIPIENT"),
    *("SITE_FETCH_ADDRESS", "PROVINCE_CODE", "PROVINCE_NAME", "PROVINCE_ORGANISER", "PROVINCE_SITE_CODE"),
    *("PROVINCE_ICP_NUMBER", "PROVINCE_POLICE_NUMBER", "LOCAL_CODE_RULE", "BROKER_URL", "CHANNEL_ALLOWED_HOSTS"),
    *("WEBPUSH_PRIVATE_KEY", "WEBPUSH_CONTACT", "MESSAGE_SIGNATURE", "TIME_SERVER", "OTEL_SERVICE_NAME"),
    *("S3_ENDPOINT", "S3_PUBLIC_ENDPOINT", "S3_FILER_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_FILER_KEY"),
    *("S3_BUCKET", "S3_REGION", "AUDIT_BUCKET", "ELASTICSEARCH_API_KEY", "ELASTICSEARCH_PREFIX"),
    *("WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_MP_APP_ID", "WECHAT_MP_APP_SECRET", "ALIPAY_APP_ID"),
    *("ALIPAY_PRIVATE_KEY", "ALIPAY_PUBLIC_KEY", "NATIONAL_CLIENT_ID", "NATIONAL_CLIENT_SECRET"),
    # read by OpenTelemetry itself
    *("OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"),
    # refused only where a bridge is chosen
    *("MESSAGE_GATEWAY_URL", "MESSAGE_GATEWAY_KEY", "IDENTITY_VERIFIER_URL", "IDENTITY_VERIFIER_KEY"),
    *("PAYMENTS_URL", "PAYMENTS_KEY"),
}
NONSENSE = "胡说 8x"


WRONG = {"YIZHAN_WEB_PORT": "acht", "PROXY_ADDRESSES": "x", "PERSONAL_KEYS": "2:abc"}
BRIDGES = {"MESSAGE_GATEWAY": "http", "IDENTITY_VERIFIER": "http", "PAYMENTS": "http"}
POOL = "DATABASE_POOL_URL"


def _typed() -> set[str]:
    """Variables that some value cannot be given to; the pool's is asked for by all but the owner."""
    known = environment.known | {"DATABASE_OWNER_URL", "DATABASE_BACKUP_URL"}
    return known - FREE - {"YIZHAN_AS_OWNER", POOL}


def _cases(var: Path) -> dict[str, tuple[tuple[str, ...], dict[str, str]]]:
    own = {name: os.environ[name] for name in (*OWN, "DATABASE_OWNER_URL")}
    bare = {"PATH": os.environ["PATH"], "YIZHAN_VAR": str(var)}
    good = bare | own | {"BASE_DOMAIN": "yizhan.localhost"}
    secrets = dict.fromkeys((SECRETS & environment.known) - EMBEDDED, "geheim-8x")
    return {
        **{f"bare {' '.join(words)}": (words, bare | WRONG) for words in PROGRAMS},
        **{f"without {name}": (("release",), {**good, name: ""}) for name in NEEDED_BY_OWNER},
        "unreadable": (("relay",), {**good, "SECRET_KEY_FILE": "/nowhere"}),
        # the embedded store's keys are none of another store's
        "half a store": (("run", "web"), {**good, "S3_SECRET_KEY": ""}),
        "nonsense": (("release",), good | dict.fromkeys(_typed(), NONSENSE)),
        "pool": (("relay",), {**good, POOL: NONSENSE}),
        "bridges": (("relay",), good | BRIDGES),
        "secrets": (("relay",), good | secrets | {"PUBLIC_PORT": "x"}),
    }


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each call said: all by one process, for to load the program takes it seconds."""
    cases = _cases(tmp_path_factory.mktemp("var"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.machine.refusing"],
        input=json.dumps([{"words": words, "variables": variables} for words, variables in cases.values()]),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"},
    )
    return dict(zip(cases, json.loads(done.stdout), strict=True))


def _named(answer: dict[str, Any]) -> set[str]:
    """The variables of its one message. Nothing else was said, nothing was opened."""
    assert (answer["code"], answer["opened"], answer["out"]) == (1, "", ""), answer
    assert "Traceback" not in answer["err"], answer
    assert answer["err"].count("下列环境变量缺少或不对，没有启动任何程序") == 1, answer
    lines = answer["err"].replace("\\n", "\n").splitlines()
    return {line.strip().partition("：")[0] for line in lines if line.startswith("  ")}


class TestPrograms:
    def test_name_all_that_is_missing_or_makes_no_sense_before_they_open_anything(
        self, answers: dict[str, dict[str, Any]]
    ) -> None:
        told = {words: _named(answers[f"bare {' '.join(words)}"]) for words in PROGRAMS}
        assert told == {words: needed | set(WRONG) for words, needed in PROGRAMS.items()}
        alone = {name: _named(answers[f"without {name}"]) for name in NEEDED_BY_OWNER}
        assert alone == {name: {name} for name in NEEDED_BY_OWNER}
        assert _named(answers["unreadable"]) == {"SECRET_KEY_FILE"}
        assert _named(answers["half a store"]) == {"S3_SECRET_KEY"}

    def test_name_every_value_that_makes_no_sense_in_one_message(self, answers: dict[str, dict[str, Any]]) -> None:
        assert _named(answers["nonsense"]) == _typed()
        assert _named(answers["pool"]) == {POOL}
        assert _named(answers["bridges"]) == {f"{name}_{part}" for name in BRIDGES for part in ("URL", "KEY")}

    def test_repeat_no_secret(self, answers: dict[str, dict[str, Any]]) -> None:
        assert "PUBLIC_PORT" in answers["secrets"]["err"]
        assert "geheim" not in answers["secrets"]["err"]
