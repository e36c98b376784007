"""Entries from before the chain get their digest and are linked by the relay; from here on nothing is changed."""

import uuid
from typing import Any

from django.db import migrations

from province.audit.operations.entries import entry_digest

_AT_ONCE = 2_000
_GUARDED = ("audit_auditentry", "audit_auditlink", "audit_auditday", "audit_auditseal")

# what the database answers to anyone who tries, in both languages of those who read its log
_REFUSE = """
CREATE FUNCTION public.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '审计记录只增不改:不允许对 % 执行 %。(rows of the audit are only ever added)', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""
# ALWAYS: session_replication_role turns ordinary triggers off
_GUARD = """
CREATE TRIGGER audit_is_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON public.{table}
FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();
ALTER TABLE public.{table} ENABLE ALWAYS TRIGGER audit_is_only_added;
"""


def take_in_former_entries(apps: Any, _schema_editor: Any) -> None:
    entries = apps.get_model("audit", "AuditEntry").objects
    pending = apps.get_model("audit", "AuditPending").objects
    last = uuid.UUID(int=0)
    while batch := list(entries.filter(id__gt=last).order_by("id")[:_AT_ONCE]):
        last = batch[-1].id
        for entry in batch:
            entry.digest = entry_digest(entry)
        entries.bulk_update(batch, ["digest"], batch_size=500)
        pending.bulk_create([pending.model(id=entry.id) for entry in batch], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]

    operations = [
        migrations.RunPython(take_in_former_entries, migrations.RunPython.noop),
        migrations.RunSQL(
            _REFUSE + "".join(_GUARD.format(table=table) for table in _GUARDED),
            "DROP FUNCTION IF EXISTS public.refuse_audit_change() CASCADE",
        ),
    ]
