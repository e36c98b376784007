"""Ports and secrets of the embedded parts: made once, kept in ``var/secrets.json``, readable by their owner alone."""

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
    """What the embedded parts and the programs that use them must agree on.

    ``personal_keys`` and ``personal_index_key`` are written as the variables of these names are (foundation/crypto).
    """

    secret_key: str
    database_password: str
    broker_password: str
    s3_access_key: str
    s3_secret_key: str
    personal_keys: str = ""
    personal_index_key: str = ""


_DRAWN: dict[str, Callable[[], str]] = {
    "secret_key": lambda: secrets.token_urlsafe(50),
    "database_password": lambda: secrets.token_urlsafe(24),
    "broker_password": lambda: secrets.token_urlsafe(24),
    "s3_access_key": lambda: secrets.token_hex(10).upper(),
    "s3_secret_key": lambda: secrets.token_urlsafe(30),
    "personal_keys": lambda: f"1:{b64encode(secrets.token_bytes(16)).decode()}",
    "personal_index_key": lambda: b64encode(secrets.token_bytes(32)).decode(),
}


def load_secrets(var: Path) -> PartSecrets | None:
    """The kept secrets, or None before the first start. What a newer program needs besides is empty until it starts."""
    path = var / "secrets.json"
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return PartSecrets(**{field.name: kept[field.name] for field in fields(PartSecrets) if field.name in kept})


def make_secrets(var: Path) -> PartSecrets:
    """The kept secrets; what lacks is drawn and written with mode 0600, whole or not at all."""
    kept = load_secrets(var)
    if kept and all(asdict(kept).values()):
        return kept
    return change_secrets(var, lambda known: known)


def change_secrets(var: Path, change: Callable[[PartSecrets], PartSecrets]) -> PartSecrets:
    """Write what ``change`` makes of the kept secrets; of two at once the second begins where the first ended."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "secrets.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = load_secrets(var)
        known = {name: value for name, value in (asdict(kept) if kept else {}).items() if value}
        secrets_now = change(PartSecrets(**{name: known.get(name) or draw() for name, draw in _DRAWN.items()}))
        _write(var, secrets_now)
    return secrets_now


def _write(var: Path, secrets_now: PartSecrets) -> None:
    draft = var / f"secrets.json.{os.getpid()}"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        json.dump(asdict(secrets_now), handle, indent=1)
        handle.flush()
        os.fsync(handle.fileno())
    draft.rename(var / "secrets.json")
    # what is encrypted with a key must not outlive the key, not even where the power fails
    folder = os.open(var, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
