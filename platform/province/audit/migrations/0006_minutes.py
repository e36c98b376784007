"""A hall stands once for a minute in the index of its entries."""

from django.db import migrations, models

from foundation.rows import Uuid7Minute


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_bytes")]

    operations = [
        migrations.RemoveIndex("AuditEntry", "audit_of_hall"),
        migrations.AddIndex("AuditEntry", models.Index("hall_id", Uuid7Minute("id"), name="audit_of_hall")),
    ]
