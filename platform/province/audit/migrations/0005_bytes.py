"""Digests are kept as bytes, half as long; ids follow the time, so that the newest entries need no index of their own."""

from django.db import migrations, models

from foundation.digests import keep_as_bytes


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_seal_by_the_hour")]

    operations = [
        keep_as_bytes("audit_auditentry", "digest", model="AuditEntry", blank=True),
        *(
            keep_as_bytes(f"audit_{model.lower()}", column, model=model)
            for model in ("AuditLink", "AuditHead", "AuditSeal")
            for column in ("hash", "mac")
        ),
        migrations.RemoveIndex("AuditEntry", "audit_time"),
        migrations.RemoveIndex("AuditEntry", "audit_object"),
        migrations.RemoveIndex("AuditEntry", "audit_hall"),
        migrations.AddIndex("AuditEntry", models.Index(fields=["object_id"], name="audit_of_object")),
        migrations.AddIndex("AuditEntry", models.Index(fields=["hall_id", "id"], name="audit_of_hall")),
    ]
