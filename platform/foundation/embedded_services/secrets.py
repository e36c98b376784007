"""Secrets of the embedded parts: drawn once, kept in two files that only their owner may read.

``var/secrets.json`` has what our programs need. ``var/keeper.json`` has what opens more than they may: only those read
it who start the parts or make tables.
"""

import fcntl
import json
import os
import secrets
from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PartSecrets:
    """What our programs and the embedded parts must agree on.

    ``personal_keys`` and ``personal_index_key`` are written as the variables of these names are (foundation/crypto).
    """

    secret_key: str
    database_password: str
    broker_password: str
    s3_access_key: str
    s3_secret_key: str
    personal_keys: str = ""
    personal_index_key: str = ""


@dataclass(frozen=True, slots=True)
class KeeperSecrets:
    """What opens more than our programs may.

    ``superuser_password``: PostgreSQL's own role, for the launcher alone. ``owner_password``: the role that owns all
    tables. ``backup_password``: the role that backs the server up. ``s3_root_…``: may do everything in the object
    store. ``store_key``: opens its inner doors.
    """

    superuser_password: str
    owner_password: str
    s3_root_access_key: str
    s3_root_secret_key: str
    store_key: str
    backup_password: str = ""


_DRAWN: dict[type, dict[str, Callable[[], str]]] = {
    PartSecrets: {
        "secret_key": lambda: secrets.token_urlsafe(50),
        "database_password": lambda: secrets.token_urlsafe(24),
        "broker_password": lambda: secrets.token_urlsafe(24),
        "s3_access_key": lambda: secrets.token_hex(10).upper(),
        "s3_secret_key": lambda: secrets.token_urlsafe(30),
        "personal_keys": lambda: f"1:{b64encode(secrets.token_bytes(16)).decode()}",
        "personal_index_key": lambda: b64encode(secrets.token_bytes(32)).decode(),
    },
    KeeperSecrets: {
        "superuser_password": lambda: secrets.token_urlsafe(24),
        "owner_password": lambda: secrets.token_urlsafe(24),
        "s3_root_access_key": lambda: secrets.token_hex(10).upper(),
        "s3_root_secret_key": lambda: secrets.token_urlsafe(30),
        "store_key": lambda: secrets.token_urlsafe(32),
        "backup_password": lambda: secrets.token_urlsafe(24),
    },
}
_FILES: dict[type, str] = {PartSecrets: "secrets.json", KeeperSecrets: "keeper.json"}


def load_secrets(var: Path) -> PartSecrets | None:
    """The kept secrets, or None before the first start. What a newer program needs besides is empty until it starts."""
    return _load(PartSecrets, var)


def load_keeper_secrets(var: Path) -> KeeperSecrets | None:
    """Those of the keeper, or None before the first start."""
    return _load(KeeperSecrets, var)


def make_secrets(var: Path) -> PartSecrets:
    """The kept secrets; what lacks is drawn and written with mode 0600, whole or not at all."""
    return _make(PartSecrets, var)


def make_keeper_secrets(var: Path) -> KeeperSecrets:
    """Those of the keeper; what lacks is drawn and written with mode 0600, whole or not at all."""
    return _make(KeeperSecrets, var)


def change_secrets(var: Path, change: Callable[[PartSecrets], PartSecrets]) -> PartSecrets:
    """Write what ``change`` makes of the kept secrets; of two at once the second begins where the first ended."""
    return _change(PartSecrets, var, change)


def _load[S: (PartSecrets, KeeperSecrets)](kind: type[S], var: Path) -> S | None:
    path = var / _FILES[kind]
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return kind(**{field.name: kept.get(field.name, "") for field in fields(kind)})


def _make[S: (PartSecrets, KeeperSecrets)](kind: type[S], var: Path) -> S:
    kept = _load(kind, var)
    if kept and all(asdict(kept).values()):
        return kept
    return _change(kind, var, lambda known: known)


def _change[S: (PartSecrets, KeeperSecrets)](kind: type[S], var: Path, change: Callable[[S], S]) -> S:
    var.mkdir(parents=True, exist_ok=True)
    with (var / "secrets.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = _load(kind, var)
        known = {name: value for name, value in (asdict(kept) if kept else {}).items() if value}
        secrets_now = change(kind(**{name: known.get(name) or draw() for name, draw in _DRAWN[kind].items()}))
        _write(var, _FILES[kind], asdict(secrets_now))
    return secrets_now


def _write(var: Path, name: str, content: dict[str, str]) -> None:
    draft = var / f"{name}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        json.dump(content, handle, indent=1)
        handle.flush()
        os.fsync(handle.fileno())
    draft.rename(var / name)
    # what is encrypted with a key must not outlive the key, not even where the power fails
    folder = os.open(var, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
