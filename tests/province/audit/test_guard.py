"""The database itself keeps what the audit holds."""

import pytest
from django.db import connection


class TestGuard:
    @pytest.mark.django_db
    def test_stands_at_every_table(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'audit_is_only_added' AND tgenabled = 'A'")
            assert cursor.fetchone() == (5,)
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'audit_link_is_packed' AND tgenabled = 'A'")
            assert cursor.fetchone() == (1,)
