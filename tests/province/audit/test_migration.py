"""An installation from before the chain keeps its entries, and they come into it."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from province.audit.models import AuditEntry, AuditPending
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import records
from province.audit.queries.verification import verify
from province.halls.models import Hall
from tests.factories.audit import leave_entries, link_all
from tests.roles import as_owner

_FORMER = """
    INSERT INTO audit_auditentry
        (hall_id, actor_id, actor_name, act, object_type, object_id, reason, changes, request_id)
    VALUES (%s, NULL, '赵敏', 'content.push', 'push', %s, '', '{"attempts": [0.50, 1e3], "state": [null, "live"]}', '')
"""


def _migrate(name: str) -> None:
    with as_owner():
        call_command("migrate_schemas", "audit", name, "--shared", interactive=False, verbosity=0)


class TestMigration:
    def test_takes_in_what_was_written_before(self, fresh_database: None, north: Hall) -> None:
        _migrate("0001")
        former = [uuid4() for _ in range(3)]
        with connection.cursor() as cursor:
            for object_id in former:
                cursor.execute(_FORMER, [north.pk, object_id])
        _migrate("0007")
        assert AuditEntry.objects.filter(object_id__in=former).count() == 3
        assert AuditPending.objects.count() == 3
        leave_entries(2, hall=north)
        link_all()
        keys = audit_keys()
        report = verify(records(), keys=keys, public_key=keys.signing.public.hex())
        assert (report.faults, report.entries) == ([], 5)

    @pytest.mark.django_db
    def test_leaves_no_table_without_its_guard(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'audit_is_only_added' AND tgenabled = 'A'")
            assert cursor.fetchone() == (4,)
