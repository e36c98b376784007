"""The keys of documents' files are found by their hash."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations

_ONE_PER_KEY = ExclusionConstraint(
    name="one_documents_file_per_key", expressions=[("key", "=")], index_type="hash"
)


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_sealed_bytes")]

    operations = [
        migrations.RemoveConstraint("DocumentFile", "one_documents_file_per_key"),
        migrations.AddConstraint("DocumentFile", _ONE_PER_KEY),
    ]
