"""The database refuses to change what the audit holds."""

from django.db import migrations

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


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(
            _REFUSE + "".join(_GUARD.format(table=table) for table in _GUARDED),
            "DROP FUNCTION IF EXISTS public.refuse_audit_change() CASCADE",
        ),
    ]
