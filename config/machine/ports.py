"""Which ports this machine's parts listen at, and who else does."""

import socket
from dataclasses import dataclass

import psutil
from django.conf import settings

from config import environment


@dataclass(frozen=True, slots=True)
class Listening:
    """The ports of one part. ``variable`` is the name of the variable that moves them; with the variable
    ``replaced_by`` set, the part does not run here at all."""

    ports: tuple[int, ...]
    variable: str
    replaced_by: str = ""

    @property
    def is_here(self) -> bool:
        """Say whether the part runs on this machine: no real server stands in its place."""
        return not (self.replaced_by and environment.is_set(self.replaced_by))


def listenings() -> dict[str, Listening]:
    """Return the ports of every part that listens, by the part's name."""
    return {
        "postgres": Listening((settings.POSTGRES_PORT,), "YIZHAN_POSTGRES_PORT", "DATABASE_URL"),
        "valkey": Listening((settings.VALKEY_PORT,), "YIZHAN_VALKEY_PORT", "BROKER_URL"),
        # volumes with their master, filer, gateway: each at two ports
        "s3-volume": _of_store(1, 2, 11, 12),
        "s3-filer": _of_store(3, 13),
        "s3": _of_store(0, 14),
        "proxy": Listening((settings.WEB_PORT,), "YIZHAN_WEB_PORT"),
    }


def _of_store(*steps: int) -> Listening:
    return Listening(tuple(settings.S3_PORT + step for step in steps), "YIZHAN_S3_PORT", "S3_ENDPOINT")


def listener_at(port: int) -> str | None:
    """Say in words who listens at a TCP port of this machine; None: nobody."""
    for one in psutil.net_connections(kind="tcp"):
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port:
            try:
                return f"进程 {psutil.Process(one.pid).name()}（PID {one.pid}）" if one.pid else "其他用户的程序"
            except psutil.NoSuchProcess:
                return None
    return None


def free_port() -> int:
    """Return a port of loopback at which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
