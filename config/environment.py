"""Typed readers for environment variables. A value that cannot be read stops the program, which names all such
variables at once, in Chinese, before it opens anything (``refuse_faults``)."""

import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# every variable that anybody asked for: what the programs below the supervisor are handed
known: set[str] = set()
# what the command at hand cannot do without, besides what the settings ask for
_demanded: set[str] = set()
# variable -> what is wrong with it, while the settings are read
_faults: ContextVar[dict[str, str] | None] = ContextVar("faults", default=None)
_MISSING = "没有设置或是空的"
# messages to phones, by kind: what a carrier has a template for
MESSAGE_KINDS = frozenset(
    {"code", "question_answered", "question_refused", "question_closed", "case_told"}
    | {"complaint_told", "complaint_taken"}
)

_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_LONGEST_NAME = 253
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


class VariableFault(ImproperlyConfigured):
    """What is wrong with one variable, in Chinese."""

    def __init__(self, variable: str, why: str) -> None:
        super().__init__(f"{variable}：{why}")
        self.variable, self.why = variable, why


def demand(names: Iterable[str]) -> None:
    """Have the settings refuse to be read where one of these is not set or empty."""
    _demanded.update(names)


def collect_faults() -> None:
    """From now on readers note what is wrong and go on with what stands in its place, until ``refuse_faults``."""
    _faults.set({})


def refuse_faults() -> None:
    """Raise ImproperlyConfigured that names every variable that lacks or makes no sense, each on a line of its own."""
    faults = _faults.get() or {}
    _faults.set(None)
    faults |= {name: _MISSING for name in sorted(_demanded) if not is_set(name)}
    if faults:
        lines = "".join(f"\n  {name}：{why}" for name, why in faults.items())
        message = f"下列环境变量缺少或不对，没有启动任何程序，也没有连接任何服务：{lines}\n"
        raise ImproperlyConfigured(message)


def otherwise[**P, T](instead: Any) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A reader that, while faults are collected, returns this in place of what cannot be read."""

    def decorate(read: Callable[P, T]) -> Callable[P, T]:
        @wraps(read)
        def reading(*given: P.args, **options: P.kwargs) -> T:
            try:
                return read(*given, **options)
            except VariableFault as fault:
                faults = _faults.get()
                if faults is None:
                    raise
                faults.setdefault(fault.variable, fault.why)
                found: T = instead
                return found

        return reading

    return decorate


@otherwise("")
def text(name: str, default: str | None = None) -> str:
    """The variable, or what the file named by ``<name>_FILE`` holds, or the default. Raises where all three lack."""
    known.add(name)
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise VariableFault(f"{name}_FILE", f"读不了文件 {path}（{error.strerror}）") from error
    value = os.environ.get(name, default)
    if value is None:
        raise VariableFault(name, _MISSING)
    return value


def is_set(name: str) -> bool:
    """Whether somebody chose this value: directly, or by a file that holds it."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def is_in_image() -> bool:
    """Whether this is a container of our image, which says so itself (Containerfile)."""
    return os.environ.get("YIZHAN_IMAGE") == "1"


def var_folder() -> Path:
    """Where the embedded parts keep their data."""
    return Path(text("YIZHAN_VAR", str(Path(__file__).resolve().parent.parent / "var"))).absolute()


@otherwise(None)
def folder(name: str) -> Path | None:
    """The absolute path of a folder, or None where none was chosen."""
    value = text(name, "")
    if value and not value.startswith("/"):
        raise VariableFault(name, f"须是绝对路径，不能是“{value}”")
    return Path(value) if value else None


@otherwise(1)
def integer(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    raw = text(name, str(default))
    try:
        value = int(raw)
    except ValueError as error:
        raise VariableFault(name, f"须是整数，不能是“{raw}”") from error
    if not least <= value <= most:
        raise VariableFault(name, f"须在 {least} 到 {most} 之间，不能是 {value}")
    return value


@otherwise(instead=False)
def flag(name: str, *, default: bool) -> bool:
    raw = text(name, "1" if default else "0").lower()
    if raw in _TRUE:
        return True
    if raw in _FALSE:
        return False
    raise VariableFault(name, f"须是 1 或 0，不能是“{raw}”")


@otherwise("")
def choice(name: str, default: str, *, of: set[str]) -> str:
    value = text(name, default)
    if value not in of:
        allowed = "、".join(sorted(one or "空" for one in of))
        raise VariableFault(name, f"须是{allowed}之一，不能是“{value}”")
    return value


@otherwise({})
def limits(name: str, default: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Pairs of numbers by name, as in ``search=60/600 api=600/6000``; what is not named keeps its default, a 0 counts
    nothing, and ``off`` is 0 for all."""
    raw = text(name, "")
    if raw == "off":
        return dict.fromkeys(default, (0, 0))
    found = dict(default)
    for part in raw.split():
        key, _, pair = part.partition("=")
        first, _, second = pair.partition("/")
        if key not in default or not (first.isdecimal() and second.isdecimal()):
            names = "、".join(default)
            raise VariableFault(name, f"须是 off，或如 search=60/600（可用的名称：{names}），不能是“{part}”")
        found[key] = int(first), int(second)
    return found


@otherwise({})
def pairs(name: str, *, of: Collection[str]) -> dict[str, str]:
    """Words by name, as in ``code=SMS_1001 question_answered=SMS_1002``."""
    found = {}
    for part in text(name, "").split():
        key, _, value = part.partition("=")
        if key not in of or not value:
            names = "、".join(sorted(of))
            raise VariableFault(name, f"须如 {min(of)}=SMS_1001（可用的名称：{names}），不能是“{part}”")
        found[key] = value
    return found


@otherwise("")
def web_address(name: str) -> str:
    """An address of http or https, or nothing."""
    return text(name, "") and url(name, "", schemes={"http", "https"}).geturl()


@dataclass(frozen=True, slots=True)
class TraceTarget:
    """Where traces are sent, with which headers, and what the program is called there. No ``endpoint``: nowhere."""

    endpoint: str
    headers: dict[str, str]
    service: str


def traces() -> TraceTarget:
    """By the names that OpenTelemetry gave the variables. Without an endpoint nothing in this process finds its
    library: the client of Valkey would count for it (0.2 s and some MB of every process)."""
    # read by the library itself
    known.update(("OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"))
    found = TraceTarget(
        web_address("OTEL_EXPORTER_OTLP_ENDPOINT"),
        headers("OTEL_EXPORTER_OTLP_HEADERS"),
        text("OTEL_SERVICE_NAME", "yizhan"),
    )
    if not found.endpoint:
        sys.modules.setdefault("opentelemetry", None)  # type: ignore[arg-type]  # not to be found, as Python has it
    return found


@otherwise({})
def headers(name: str) -> dict[str, str]:
    """Headers of HTTP as OpenTelemetry writes them: ``name=value,name=value``, values quoted as in addresses."""
    found = {}
    for part in filter(None, text(name, "").split(",")):
        key, is_pair, value = part.partition("=")
        if not (key.strip() and is_pair):
            raise VariableFault(name, "须如 authorization=Basic%20…，多个之间用逗号分开")
        found[key.strip().lower()] = unquote(value.strip())
    return found


@otherwise({})
def font_files(name: str, *, of: Sequence[str]) -> dict[str, str]:
    """Files by family, as in ``fang=/fonts/simfang.ttf kai=/fonts/simkai.ttf``."""
    found = {}
    for part in text(name, "").split():
        family, _, path = part.partition("=")
        if family not in of or not Path(path).is_file():
            families = "、".join(of)
            raise VariableFault(name, f"须如 fang=/字体文件，字体文件要在（可用的名称：{families}），不能是“{part}”")
        found[family] = path
    return found


@otherwise([])
def networks(name: str, default: str) -> list[IPv4Network | IPv6Network]:
    """Addresses and networks, parted by blanks."""
    raw = text(name, default)
    try:
        return [ip_network(one) for one in raw.split()]
    except ValueError as error:
        raise VariableFault(name, f"须是地址或网段，如 10.0.0.0/8，不能是“{raw}”") from error


@otherwise(urlsplit(""))
def url(name: str, default: str, *, schemes: set[str]) -> SplitResult:
    raw = text(name, default)
    parts = urlsplit(raw)
    if parts.scheme not in schemes:
        raise VariableFault(name, f"须是以 {' 或 '.join(f'{one}://' for one in sorted(schemes))} 开头的地址")
    return parts


@otherwise("")
def address(name: str) -> str:
    """``host:port``, the path of a socket, or nothing."""
    value = text(name, "")
    host, _, port = value.rpartition(":")
    if value and not value.startswith("/") and not (host and port.isdecimal() and 0 < int(port) < 2**16):
        raise VariableFault(name, f"须是 host:port 或套接字的路径，不能是“{value}”")
    return value


_SHORTEST_KEY = 32  # bytes


def bridge(name: str, *, is_chosen: bool) -> tuple[str, bytes]:
    """``<name>_URL`` and ``<name>_KEY`` of a program that is asked about people: over TLS unless it is on this very
    machine, and under a key of its own. Nothing where it was not chosen."""
    found, key = text(f"{name}_URL", ""), text(f"{name}_KEY", "")
    return (_bridge_address(f"{name}_URL", found), bridge_key(f"{name}_KEY", key)) if is_chosen else ("", b"")


@otherwise("")
def _bridge_address(name: str, found: str) -> str:
    parts = urlsplit(found)
    if not is_private(found) or not parts.hostname or parts.username:
        raise VariableFault(name, "须是 https 地址，其中不写密码（本机地址可以用 http）")
    return found


@otherwise(b"")
def bridge_key(name: str, key: str) -> bytes:
    try:
        secret = bytes.fromhex(key)
    except ValueError:
        secret = b""
    if len(secret) < _SHORTEST_KEY or len(set(secret)) == 1:
        raise VariableFault(name, f"须是十六进制的随机字节，至少 {_SHORTEST_KEY} 字节")
    return secret


def outside(name: str, *, ids: set[str], addresses: dict[str, str]) -> dict[str, str]:
    """Ids, secrets and addresses (``<name>_…``) of a platform where people have accounts; addresses are https, or http
    at a loopback address."""
    found = {one: text(f"{name}_{one}", "") for one in sorted(ids)}
    return found | {one: _outside_address(f"{name}_{one}", default) for one, default in addresses.items()}


@otherwise("")
def _outside_address(name: str, default: str) -> str:
    found = text(name, default)
    if found and not is_private(found):
        raise VariableFault(name, "须是 https 地址（本机地址可以用 http）")
    return found


def is_private(found: str) -> bool:
    """Whether nobody on the way reads what is said there."""
    parts = urlsplit(found)
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))


@otherwise(None)
def check(name: str, read: Callable[[str], object], value: str) -> None:
    """Have the value of a variable read by what uses it, so that its faults are named with all others."""
    try:
        read(value)
    except ImproperlyConfigured as error:
        raise VariableFault(name, str(error).removeprefix(f"{name}：")) from error


@otherwise("")
def engine(name: str) -> str:
    """The address of a search engine, or nothing. A key has a variable of its own: addresses are logged and shown."""
    value = text(name, "")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or not parts.port or parts.username):
        raise VariableFault(name, "须如 https://search.example.cn:9200，写明端口，其中不写密码")
    return value


@otherwise({"NAME": "", "USER": "", "PASSWORD": "", "HOST": "", "PORT": 1})
def database(name: str, default: str) -> dict[str, str | int]:
    """Django's connection facts out of ``postgresql://user:password@host:port/name``."""
    parts = url(name, default, schemes={"postgresql", "postgres"})
    if not parts.path.strip("/"):
        raise VariableFault(name, "没有写明数据库名")
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or 5432,
    }


@otherwise("unknown.invalid")
def host_name(name: str, default: str) -> str:
    """A name of letters, digits and hyphens between dots; Chinese names are given in their form with ``xn--``."""
    value = text(name, default)
    if len(value) > _LONGEST_NAME or not _HOST_NAME.fullmatch(value.lower()):
        raise VariableFault(name, f"须是域名，如 gov.example.cn，不能是“{value}”")
    return value


def is_for_this_machine(*, domain: str, listening: str) -> bool:
    """Whether nobody but this machine can reach the program: its domain belongs to nobody (RFC 6761), and it listens
    at a loopback address. The domain alone would say nothing: anybody may claim any name in the Host header."""
    return domain.lower().rsplit(".", 1)[-1] in {"localhost", "test"} and _is_loopback(listening)


@otherwise(None)
def refuse_stand_in(name: str, value: str, *, domain: str, listening: str) -> None:
    """Raises where what is for this machine alone (the demo, a gateway that shows codes, debugging) could be reached by
    others."""
    if not is_for_this_machine(domain=domain, listening=listening):
        harm = "它把程序内部给任何人看" if name == "DEBUG" else "它把验证码给任何人看，或让任何人不用密码登录"
        why = (
            f"不能是 {value}：{harm}，只许在本机使用。"
            f"现在的 BASE_DOMAIN 是 {domain}（须以 .localhost 或 .test 结尾），"
            f"YIZHAN_WEB_HOST 是 {listening or '空'}（须是本机地址，如 127.0.0.1）"
        )
        raise VariableFault(name, why)


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
