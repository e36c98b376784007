"""The keys without which a backup cannot be read: what is sealed of this machine, and put back on another."""

import json
import os
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from foundation.backups.folder import write_whole

# what rows and files are encrypted, found, signed and opened by
KEYS: Final = ("SECRET_KEY", "AUDIT_KEY", "BACKUP_KEY", "PERSONAL_KEYS", "PERSONAL_INDEX_KEY")
_FILES: Final = ("secrets.json", "keeper.json")
# where those stand that must be set as variables
RESTORED: Final = "restored.env"


def keys_of_machine() -> bytes:
    """What is sealed: the same bytes as long as no key is changed."""
    files = {name: json.loads(path.read_bytes()) for name in _FILES if (path := settings.VAR / name).exists()}
    variables = {name: getattr(settings, name) for name in KEYS}
    return json.dumps({"variables": variables, "files": files}, sort_keys=True).encode()


def put_keys(content: bytes, var: Path) -> list[str]:
    """Put the keys into the data folder of a machine that has not read its settings yet, and use them from now on.
    Returns the variables that must be set on it from now on; ``restored.env`` has them with their values."""
    found: dict[str, dict[str, Any]] = json.loads(content)
    var.mkdir(parents=True, exist_ok=True)
    for name, kept in found["files"].items():
        write_whole(var / name, json.dumps(kept, indent=1).encode())
    os.environ.update(found["variables"])
    secrets = found["files"].get("secrets.json", {})
    usual = {name: secrets.get(name.lower(), "") for name in KEYS}
    usual["AUDIT_KEY"] = found["variables"]["SECRET_KEY"]
    usual["BACKUP_KEY"] = found["variables"]["AUDIT_KEY"]
    chosen = {name: value for name, value in found["variables"].items() if value != usual[name]}
    write_whole(var / RESTORED, "".join(f"{name}={value}\n" for name, value in chosen.items()).encode())
    return list(chosen)
