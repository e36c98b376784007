"""Writers that remember what was acknowledged to them, while parts are killed under their hands."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

import minio
import psycopg2
import urllib3
from kombu.exceptions import OperationalError

from tests.machine.conftest import Machine

# what a part that is away makes of a write
_FAILURES = (
    psycopg2.Error,
    minio.error.MinioException,
    urllib3.exceptions.HTTPError,
    OperationalError,
    OSError,
)


@dataclass
class Writer:
    """Calls ``write`` with ever new numbers; a failure acknowledges nothing."""

    write: Callable[[int], object]
    # seconds after each write
    pause: float = 0.02
    acknowledged: list[int] = field(default_factory=list)
    failures: int = 0
    _ending: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def end(self) -> None:
        self._ending.set()
        assert self._thread
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._ending.is_set():
            number += 1
            try:
                self.write(number)
            except _FAILURES:
                self.failures += 1
                time.sleep(0.1)
            else:
                self.acknowledged.append(number)
                time.sleep(self.pause)


def writes_rows(machine: Machine, sql: str) -> Callable[[int], None]:
    """One committed row a call; the connection is renewed after a failure."""
    open_connections = []

    def write(number: int) -> None:
        if not open_connections:
            open_connections.append(machine.database())
        try:
            with open_connections[0].cursor() as cursor:
                cursor.execute(sql, [number])
        except psycopg2.Error:
            open_connections.pop().close()
            raise

    return write


def store_of(machine: Machine) -> minio.Minio:
    return minio.Minio(
        f"127.0.0.1:{machine.port('S3')}",
        access_key=machine.secrets.s3_access_key,
        secret_key=machine.secrets.s3_secret_key,
        secure=False,
        region="us-east-1",
        http_client=urllib3.PoolManager(timeout=urllib3.Timeout(connect=1, read=5), retries=False),
    )


def content_of(number: int) -> bytes:
    return f"对象 {number} ".encode() * 40


def writes_objects(machine: Machine) -> Callable[[int], None]:
    store = store_of(machine)

    def write(number: int) -> None:
        body = content_of(number)
        store.put_object("yizhan", f"desks/kills/{number}", BytesIO(body), len(body))

    return write
