"""The programs of one machine, in the order in which they are started."""

import hashlib
import json
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import httpx
import redis
from django.conf import settings

from config import environment, worker
from config.celery import app as celery_app
from config.machine.ports import listenings
from config.queues import BUILDING
from config.server_logs import granian_logs
from foundation.embedded_services import caddy, postgres, seaweed, tether, valkey
from foundation.embedded_services.secrets import KeeperSecrets, PartSecrets
from foundation.embedded_services.supervision import Program
from foundation.safe_http.guarded import authorities

# what no program gets that reads and writes rows alone
_KEEPERS = (
    "YIZHAN_AS_OWNER",
    "DATABASE_OWNER_URL",
    "DATABASE_OWNER_URL_FILE",
    "S3_FILER_KEY",
    "S3_FILER_KEY_FILE",
    "DATABASE_BACKUP_URL",
    "DATABASE_BACKUP_URL_FILE",
)
# our own programs, which need no other server of this machine
BACKUP = "backup"
# forks those of ours that are no proxy
PROGRAMS = "programs"
# lives the demo's month, and ends
DEMO = "demo"
WEB, WORKER, BUILDER, BEAT, RELAY, PROXY = OUR_PROGRAMS = ("web", "worker", "builder", "beat", "relay", "proxy")
_SOURCES = ("config", "platform", "tenants", "provisioning", "uv.lock")


@dataclass(frozen=True, slots=True)
class Part:
    """One program of this machine. ``answers`` says whether it does its work; None: to run is enough."""

    name: str
    program: Program
    # None: to run is enough
    answers: Callable[[], bool] | None = None


def parts_here(
    secrets: PartSecrets, keeper: KeeperSecrets, *, is_demo: bool = False, lives_demo: bool = False
) -> list[Part]:
    """Return all programs that run on this machine, in the order of their start. One whose real server the environment
    names (DATABASE_URL, BROKER_URL, S3_ENDPOINT) is left out. ``is_demo``: no province will be made on it;
    ``lives_demo``: with the program that lives the demo's month.

    Writes their variables to ``run/environment.json``, and prepares the data folder of PostgreSQL.
    """
    listening = listenings()
    embedded: dict[str, Callable[[], list[Part]]] = {
        "s3": partial(_store, secrets, keeper),
        "postgres": partial(_database, keeper, is_demo=is_demo),
        "valkey": partial(_broker, secrets),
    }
    return [
        *(part for name, make in embedded.items() if listening[name].is_here for part in make()),
        *_programs_of_ours(lives_demo=lives_demo),
    ]


def _store(secrets: PartSecrets, keeper: KeeperSecrets) -> list[Part]:
    data = settings.VAR / "s3"
    variables = seaweed.prepare(
        data,
        root=seaweed.S3Key(keeper.s3_root_access_key, keeper.s3_root_secret_key),
        application=seaweed.S3Key(secrets.s3_access_key, secrets.s3_secret_key),
        bucket=settings.S3_BUCKET,
        folders=settings.STORE_FOLDERS,
        locked_bucket=settings.AUDIT_BUCKET,
        store_key=keeper.store_key,
    )
    path = _write_variables("environment-of-store", dict(variables))
    return [
        Part(
            name,
            # ended politely it takes ten seconds, and what it acknowledged is written before it answers
            Program(name, tether.command(command, environment=path, end_with="KILL"), order=100, stop_signal="KILL"),
            answers=store_answers if name == seaweed.GATEWAY else None,
        )
        for name, command in seaweed.commands(data, port=settings.S3_PORT).items()
    ]


def _database(keeper: KeeperSecrets, *, is_demo: bool) -> list[Part]:
    data = postgres.data_folder(settings.VAR)
    postgres.prepare(data, port=settings.POSTGRES_PORT, password=keeper.superuser_password, is_small=is_demo)
    command = tether.command(postgres.command(data), user=postgres.ensure_os_user(), end_with="INT")
    return [
        Part(
            "postgres",
            Program("postgres", command, order=200, stop_signal="INT", stop_seconds=30),
            answers=lambda: postgres.is_answering(port=settings.POSTGRES_PORT),
        )
    ]


def _broker(secrets: PartSecrets) -> list[Part]:
    command = valkey.command(settings.VAR / "valkey", port=settings.VALKEY_PORT, password=secrets.broker_password)
    return [Part("valkey", Program("valkey", tether.command(command), order=200), answers=broker_answers)]


def _programs_of_ours(*, lives_demo: bool) -> list[Part]:
    ordinary = _write_environment("environment", dict.fromkeys(_KEEPERS))
    owners = _write_environment("environment-of-owner", {"YIZHAN_AS_OWNER": "1"})
    stamp = _stamp(ordinary, owners)

    def ours(
        name: str,
        *command: str,
        answers: Callable[[], bool] | None = None,
        variables: Path = ordinary,
        ends: bool = False,
    ) -> Part:
        tethered = tether.command(command, environment=variables)
        return Part(name, Program(name, tethered, order=900, stamp=stamp, ends=ends), answers)

    return [
        # web server, worker, builder (which has work a few times a year), scheduler and relay
        ours(PROGRAMS, sys.executable, "-m", "config.programs", str(owners), answers=web_answers),
        _proxy(),
        *([ours(BACKUP, _program("yizhan"), "backup", "follow", variables=owners)] if settings.BACKUP_FOLDER else []),
        *([ours(DEMO, sys.executable, "-m", "config.demo_month", ends=True)] if lives_demo else []),
    ]


def our_command(name: str) -> list[str]:
    """The command of one of our own programs (``OUR_PROGRAMS``): the same below the supervisor and in a container."""
    commands: dict[str, Callable[[], list[str]]] = {
        WEB: lambda: web_command(settings.WEB_SOCKET),
        WORKER: lambda: [sys.executable, "-m", "config.worker"],
        # makes halls for those who ask on a page: the one of our running programs that may make tables
        BUILDER: lambda: [
            # without the banners that Celery prints past all logs
            *(_program("celery"), "--quiet", "-A", "config.celery", "worker", "-n", f"builder@{socket.gethostname()}"),
            *("-Q", BUILDING, "--pool", "solo", "--loglevel", "WARNING"),
        ],
        BEAT: lambda: [sys.executable, "-m", "config.scheduler", str(settings.VAR / "run" / "beat")],
        RELAY: lambda: [_program("yizhan"), "relay"],
        PROXY: proxy_command,
    }
    return commands[name]()


def proxy_command() -> list[str]:
    """Write what the proxy is told into ``proxy/Caddyfile``; returns the command that runs it."""
    return caddy.prepare(
        settings.VAR / "proxy",
        host=settings.WEB_HOST,
        port=settings.WEB_PORT,
        web=settings.WEB_SOCKET,
        largest=settings.BODY_LIMIT,
        files=caddy.Files(settings.FILES_HOST, settings.S3_PORT) if listenings()["s3"].is_here else None,
        trusted=settings.PROXY_ADDRESSES,
    )


def _proxy() -> Part:
    command = our_command(PROXY)
    # what it was told; a change of our code is none of its business
    stamp = hashlib.sha256((settings.VAR / "proxy" / "Caddyfile").read_bytes()).hexdigest()[:16]
    variables = _write_variables("environment-of-proxy", dict(caddy.VARIABLES))
    tethered = tether.command(command, environment=variables)
    return Part(PROXY, Program(PROXY, tethered, order=950, stamp=stamp), proxy_answers)


def web_command(socket_path: Path) -> list[str]:
    """The web server, at a socket of the file system that its own user alone can open. Threads are left for pages where
    others wait for large bodies (config.security_headers)."""
    logs = settings.VAR / "run" / "web-logs.json"
    logs.parent.mkdir(parents=True, exist_ok=True)
    logs.write_text(json.dumps(granian_logs(), indent=1), encoding="utf-8")
    return [
        *(sys.executable, "-m", "config.web_server", "--interface", "wsgi", "--no-ws", "--respawn-failed-workers"),
        # without the nought it is read as a decimal number, and only root gets in
        *("--uds", str(socket_path), "--uds-permissions", "0600"),
        *("--workers", str(settings.WEB_PROCESSES), "--blocking-threads", str(settings.WEB_THREADS)),
        *("--log-level", "warning", "--log-config", str(logs)),
        *("--backpressure", "1024", "--http1-header-read-timeout", "10000"),
        *("--workers-kill-timeout", "10s", "config.wsgi:application"),
    ]


def web_answers() -> bool:
    """Say whether the web server answers /healthz within 2 s."""
    try:
        transport = httpx.HTTPTransport(uds=str(settings.WEB_SOCKET), verify=authorities())
        with httpx.Client(transport=transport, timeout=2) as client:
            return client.get("http://web/healthz").is_success
    except httpx.HTTPError:
        return False


def proxy_answers() -> bool:
    """Say whether the web server answers /healthz within 2 s at the port where readers come, through the proxy."""
    # it listens at all addresses, or at one
    host = "127.0.0.1" if settings.WEB_HOST in {"0.0.0.0", "::", ""} else settings.WEB_HOST  # noqa: S104
    try:
        answer = httpx.get(f"http://{host}:{settings.WEB_PORT}/healthz", timeout=2, verify=authorities())
    except httpx.HTTPError:
        return False
    return answer.is_success and answer.headers.get("via") == caddy.VIA


def worker_answers() -> bool:
    """Say whether this machine's worker takes tasks: waits for at most 1 s. One that has just started hears nothing for
    its first seconds."""
    return bool(celery_app.control.ping(destination=[worker.name()], timeout=1, limit=1))


def broker_answers() -> bool:
    """Say whether Valkey answers a PING within 2 s."""
    try:
        with redis.Redis.from_url(settings.BROKER_URL, socket_timeout=2, socket_connect_timeout=2) as broker:
            return bool(broker.ping())
    except redis.RedisError:
        return False


def store_answers() -> bool:
    """Say whether the S3 gateway answers within 2 s, and does more than listen: it must reach its own filer."""
    try:
        # without a signature a working gateway refuses, one that is still starting fails
        answer = httpx.get(settings.S3_ENDPOINT, timeout=2, verify=authorities())
    except httpx.HTTPError:
        return False
    return answer.status_code in {200, 403}


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _write_environment(name: str, special: dict[str, str | None]) -> Path:
    """The variables that were set when `yizhan up` was called, for programs that the supervisor starts later; with
    ``special`` in their place, where None unsets one."""
    chosen: dict[str, str | None] = {}
    for variable in sorted(environment.known):
        for variant in (variable, f"{variable}_FILE"):
            chosen[variant] = os.environ.get(variant)
    chosen["YIZHAN_VAR"] = str(settings.VAR)
    chosen["PROMETHEUS_MULTIPROC_DIR"] = str(counting_folder())
    # one for each thread of the web server would keep what it was once given
    chosen["MALLOC_ARENA_MAX"] = "1"
    return _write_variables(name, chosen | special)


def counting_folder() -> Path:
    """Where the web processes add up what they count (config/metrics.py)."""
    folder = settings.VAR / "run" / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write_variables(name: str, variables: dict[str, str | None]) -> Path:
    path = settings.VAR / "run" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(variables, indent=1), encoding="utf-8")
    return path


def _stamp(*variables: Path) -> str:
    """Changes with the code, the variables and the keys of personal data: then our programs are restarted."""
    said = b"".join(one.read_bytes() for one in variables) + settings.PERSONAL_KEYS.encode() + source_stamp().encode()
    return hashlib.sha256(said).hexdigest()[:16]


@cache
def source_stamp() -> str:
    """Return 16 hexadecimal digits that change with the code, its pages, its styles and the libraries' versions."""
    digest = hashlib.sha256()
    for source in _source_files():
        digest.update(f"{source.relative_to(settings.ROOT)} ".encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _source_files() -> list[Path]:
    found = []
    for name in _SOURCES:
        top = settings.ROOT / name
        found += [top] if top.is_file() else [one for one in top.rglob("*") if one.is_file() and _is_source(one)]
    return sorted(found)


def _is_source(path: Path) -> bool:
    return "__pycache__" not in path.parts and path.suffix != ".pyc"
