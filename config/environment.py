"""Typed readers for environment variables. A value that cannot be read stops the program and names its variable."""

import os
import re
import sys
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# every variable that anybody asked for: what the programs below the supervisor are handed
known: set[str] = set()

_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_LONGEST_NAME = 253
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The variable, or what the file named by ``<name>_FILE`` holds, or the default. Raises where all three lack."""
    known.add(name)
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            message = f"{name}_FILE: cannot read {path} ({error.strerror})"
            raise ImproperlyConfigured(message) from error
    value = os.environ.get(name, default)
    if value is None:
        message = f"{name} is not set"
        raise ImproperlyConfigured(message)
    return value


def is_set(name: str) -> bool:
    """Whether somebody chose this value: directly, or by a file that holds it."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def var_folder() -> Path:
    """Where the embedded parts keep their data."""
    return Path(text("YIZHAN_VAR", str(Path(__file__).resolve().parent.parent / "var"))).absolute()


def folder(name: str) -> Path | None:
    """The absolute path of a folder, or None where none was chosen."""
    value = text(name, "")
    if value and not value.startswith("/"):
        message = f"{name} must be an absolute path, not {value!r}"
        raise ImproperlyConfigured(message)
    return Path(value) if value else None


def integer(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    raw = text(name, str(default))
    try:
        value = int(raw)
    except ValueError as error:
        message = f"{name} must be a whole number, not {raw!r}"
        raise ImproperlyConfigured(message) from error
    if not least <= value <= most:
        message = f"{name} must lie between {least} and {most}, not {value}"
        raise ImproperlyConfigured(message)
    return value


def flag(name: str, *, default: bool) -> bool:
    raw = text(name, "1" if default else "0").lower()
    if raw in _TRUE:
        return True
    if raw in _FALSE:
        return False
    message = f"{name} must be 1 or 0, not {raw!r}"
    raise ImproperlyConfigured(message)


def choice(name: str, default: str, *, of: set[str]) -> str:
    value = text(name, default)
    if value not in of:
        message = f"{name} must be one of {', '.join(sorted(repr(one) for one in of))}, not {value!r}"
        raise ImproperlyConfigured(message)
    return value


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
            message = f"{name} must be 'off' or words like search=60/600, for {', '.join(default)}; not {part!r}"
            raise ImproperlyConfigured(message)
        found[key] = int(first), int(second)
    return found


def pairs(name: str, *, of: set[str]) -> dict[str, str]:
    """Words by name, as in ``code=SMS_1001 question_answered=SMS_1002``."""
    found = {}
    for part in text(name, "").split():
        key, _, value = part.partition("=")
        if key not in of or not value:
            message = f"{name} must be words like {min(of)}=SMS_1001, for {', '.join(sorted(of))}; not {part!r}"
            raise ImproperlyConfigured(message)
        found[key] = value
    return found


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


def headers(name: str) -> dict[str, str]:
    """Headers of HTTP as OpenTelemetry writes them: ``name=value,name=value``, values quoted as in addresses."""
    found = {}
    for part in filter(None, text(name, "").split(",")):
        key, is_pair, value = part.partition("=")
        if not (key.strip() and is_pair):
            message = f"{name} must be pairs like authorization=Basic%20…, parted by commas"
            raise ImproperlyConfigured(message)
        found[key.strip().lower()] = unquote(value.strip())
    return found


def networks(name: str, default: str) -> list[IPv4Network | IPv6Network]:
    """Addresses and networks, parted by blanks."""
    raw = text(name, default)
    try:
        return [ip_network(one) for one in raw.split()]
    except ValueError as error:
        message = f"{name} must be addresses or networks like 10.0.0.0/8, not {raw!r}"
        raise ImproperlyConfigured(message) from error


def url(name: str, default: str, *, schemes: set[str]) -> SplitResult:
    raw = text(name, default)
    parts = urlsplit(raw)
    if parts.scheme not in schemes:
        message = f"{name} must be a URL with the scheme {' or '.join(sorted(schemes))}"
        raise ImproperlyConfigured(message)
    return parts


def address(name: str) -> str:
    """``host:port``, the path of a socket, or nothing."""
    value = text(name, "")
    host, _, port = value.rpartition(":")
    if value and not value.startswith("/") and not (host and port.isdecimal() and 0 < int(port) < 2**16):
        message = f"{name} must be host:port or the path of a socket, not {value!r}"
        raise ImproperlyConfigured(message)
    return value


_SHORTEST_KEY = 32  # bytes


def bridge(name: str, *, is_chosen: bool) -> tuple[str, bytes]:
    """``<name>_URL`` and ``<name>_KEY`` of a program that is asked about people: over TLS unless it is on this very
    machine, and under a key of its own. Nothing where it was not chosen."""
    found, key = text(f"{name}_URL", ""), text(f"{name}_KEY", "")
    if not is_chosen:
        return "", b""
    parts = urlsplit(found)
    is_private = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    if not is_private or not parts.hostname or parts.username:
        message = f"{name}_URL must be an https address without a password in it (http at a loopback address)"
        raise ImproperlyConfigured(message)
    try:
        secret = bytes.fromhex(key)
    except ValueError:
        secret = b""
    if len(secret) < _SHORTEST_KEY or len(set(secret)) == 1:
        message = f"{name}_KEY must be at least {_SHORTEST_KEY} random bytes in hexadecimal digits"
        raise ImproperlyConfigured(message)
    return found, secret


def outside(name: str, *, ids: set[str], addresses: dict[str, str]) -> dict[str, str]:
    """Ids, secrets and addresses (``<name>_…``) of a platform where people have accounts; addresses are https, or http
    at a loopback address."""
    found = {one: text(f"{name}_{one}", "") for one in sorted(ids)}
    for one, default in addresses.items():
        found[one] = text(f"{name}_{one}", default)
        parts = urlsplit(found[one])
        is_private = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
        if found[one] and not is_private:
            message = f"{name}_{one} must be an https address (http at a loopback address)"
            raise ImproperlyConfigured(message)
    return found


def engine(name: str) -> str:
    """The address of a search engine, or nothing. A key has a variable of its own: addresses are logged and shown."""
    value = text(name, "")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or not parts.port or parts.username):
        message = f"{name} must be like https://search.example.cn:9200, with its port and without a password"
        raise ImproperlyConfigured(message)
    return value


def database(name: str, default: str) -> dict[str, str | int]:
    """Django's connection facts out of ``postgresql://user:password@host:port/name``."""
    parts = url(name, default, schemes={"postgresql", "postgres"})
    if not parts.path.strip("/"):
        message = f"{name} names no database"
        raise ImproperlyConfigured(message)
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or 5432,
    }


def host_name(name: str, default: str) -> str:
    """A name of letters, digits and hyphens between dots; Chinese names are given in their form with ``xn--``."""
    value = text(name, default)
    if len(value) > _LONGEST_NAME or not _HOST_NAME.fullmatch(value.lower()):
        message = f"{name} must be a host name like gov.example.cn, not {value!r}"
        raise ImproperlyConfigured(message)
    return value


def is_for_this_machine(*, domain: str, listening: str) -> bool:
    """Whether nobody but this machine can reach the program: its domain belongs to nobody (RFC 6761), and it listens
    at a loopback address. The domain alone would say nothing: anybody may claim any name in the Host header."""
    return domain.lower().rsplit(".", 1)[-1] in {"localhost", "test"} and _is_loopback(listening)


def refuse_stand_in(name: str, value: str, *, domain: str, listening: str) -> None:
    """Raises where what is for this machine alone (the demo, a gateway that shows codes) could be reached by others."""
    if not is_for_this_machine(domain=domain, listening=listening):
        message = (
            f"{name} 不能是 {value}：它把验证码给任何人看，或让任何人不用密码登录，只许在本机使用。"
            f"现在的 BASE_DOMAIN 是 {domain}（须以 .localhost 或 .test 结尾），"
            f"YIZHAN_WEB_HOST 是 {listening or '空'}（须是本机地址，如 127.0.0.1）"
        )
        raise ImproperlyConfigured(message)


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
