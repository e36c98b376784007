"""What was changed is kept as it is written."""

from django.db import migrations

from foundation.plain_json import PlainJSONField


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_minutes")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE audit_auditentry ALTER COLUMN changes TYPE json USING changes::json",
            "ALTER TABLE audit_auditentry ALTER COLUMN changes TYPE jsonb USING changes::jsonb",
            state_operations=[migrations.AlterField("AuditEntry", "changes", PlainJSONField(default=dict))],
        ),
    ]
