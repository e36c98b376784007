"""The relay, as a program of its own, links what is written; killed in the midst of it, nothing is lost."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from province.audit.models import AuditEntry, AuditLink, AuditPending
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import records
from province.audit.queries.verification import verify
from province.halls.models import Hall
from tests.factories.audit import leave_entries
from tests.forked import running
from tests.servers import ROOT, scratch, wait_until

# the same in a process that has loaded the program before
_RELAY = """
import config.celery
from config.machine.relay import Relay

Relay().run()
"""


@contextmanager
def relay() -> Iterator[None]:
    """`yizhan relay`, which is killed at the end of the block."""
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    with Path(scratch() / "audit-relay.log").open("ab") as log:
        command = [str(Path(sys.executable).parent / "yizhan"), "relay"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.kill()
        process.wait(timeout=30)


def _is_all_linked() -> bool:
    return not AuditPending.objects.exists()


class TestRelay:
    def test_links_what_is_written(self, fresh_database: None, north: Hall) -> None:
        with relay():
            leave_entries(3, hall=north)
            wait_until(_is_all_linked, what="the relay's links")
        assert AuditLink.objects.filter(chain_id=north.pk).count() == 3

    def test_loses_nothing_when_it_is_killed(self, fresh_database: None, north: Hall) -> None:
        done = threading.Event()

        def write() -> None:
            while not done.wait(0.02):
                leave_entries(2, hall=north)
            connection.close()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(2):
                before = AuditLink.objects.count()
                # killed at the end of the block; an interpreter of its own would take seconds to begin
                with running(_RELAY):
                    wait_until(lambda before=before: AuditLink.objects.count() > before, what="links")
        finally:
            done.set()
            writer.join()
        with running(_RELAY):
            wait_until(_is_all_linked, what="the rest of the links")
        assert AuditLink.objects.count() == AuditEntry.objects.count()
        keys = audit_keys()
        assert verify(records(), keys=keys, public_key=keys.signing.public.hex()).faults == []
