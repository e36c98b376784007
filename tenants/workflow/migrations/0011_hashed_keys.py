"""The keys of uploads are found by their hash."""

from django.contrib.postgres.indexes import HashIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workflow", "0010_sealed_bytes")]

    operations = [
        migrations.RemoveIndex("FormUpload", "workflow_upload_of_key"),
        migrations.AddIndex("FormUpload", HashIndex(fields=["key"], name="workflow_upload_of_key")),
    ]
