"""Ports and secrets of the embedded parts: made once, kept in ``var/secrets.json``, readable by their owner alone."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PartSecrets:
    """What the embedded parts and the programs that use them must agree on."""

    secret_key: str
    database_password: str
    broker_password: str
    s3_access_key: str
    s3_secret_key: str


def load_secrets(var: Path) -> PartSecrets | None:
    """The kept secrets, or None before the first start."""
    path = var / "secrets.json"
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return PartSecrets(**{field.name: kept[field.name] for field in fields(PartSecrets)})


def make_secrets(var: Path) -> PartSecrets:
    """The kept secrets; on first call they are drawn and written with mode 0600, whole or not at all."""
    if kept := load_secrets(var):
        return kept
    drawn = PartSecrets(
        secret_key=secrets.token_urlsafe(50),
        database_password=secrets.token_urlsafe(24),
        broker_password=secrets.token_urlsafe(24),
        s3_access_key=secrets.token_hex(10).upper(),
        s3_secret_key=secrets.token_urlsafe(30),
    )
    var.mkdir(parents=True, exist_ok=True)
    draft = var / f"secrets.json.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        json.dump(asdict(drawn), handle, indent=1)
        handle.flush()
        os.fsync(handle.fileno())
    draft.rename(var / "secrets.json")
    return drawn
