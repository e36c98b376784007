"""Typed readers for environment variables. A value that cannot be read stops the program and names its variable."""

import os
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# every variable that anybody asked for: what the programs below the supervisor are handed
known: set[str] = set()

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


def url(name: str, default: str, *, schemes: set[str]) -> SplitResult:
    raw = text(name, default)
    parts = urlsplit(raw)
    if parts.scheme not in schemes:
        message = f"{name} must be a URL with the scheme {' or '.join(sorted(schemes))}"
        raise ImproperlyConfigured(message)
    return parts


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
