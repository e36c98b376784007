"""Faults of the audit chain are really made, and must be named with their cures."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.doctor import audit
from config.doctor.findings import DoctorFault
from province.audit.models import AuditPending
from province.halls.models import Hall
from tests.factories.audit import leave_entries, link_all
from tests.roles import as_owner

pytestmark = pytest.mark.django_db


def _fault(found: DoctorFault | None) -> str:
    assert found
    assert found.cure
    return found.fault


class TestAuditCheck:
    def test_says_nothing_where_all_is_well(self, north: Hall) -> None:
        leave_entries(2, hall=north)
        link_all()
        assert [audit.audit_guarded(), audit.audit_key_right(), audit.audit_linked()] == [None] * 3

    def test_sees_entries_that_wait_for_long(self, north: Hall) -> None:
        leave_entries(2, hall=north)
        assert audit.audit_linked() is None
        AuditPending.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        assert "2 条审计记录" in _fault(audit.audit_linked())

    def test_sees_a_guard_that_was_taken_away(self) -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditlink DISABLE TRIGGER audit_is_only_added")
        assert "缺了 1 处" in _fault(audit.audit_guarded())

    def test_sees_another_key(self, north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        leave_entries(1, hall=north)
        link_all()
        monkeypatch.setattr(settings, "AUDIT_KEY", "changed with SECRET_KEY")
        assert "现在的密钥" in _fault(audit.audit_key_right())
