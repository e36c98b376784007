"""Numbers are found by their hash; codes are found, and unique, in the province's register."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations

_ONE = ExclusionConstraint(name="one_issued_document_per_number", expressions=[("number", "=")], index_type="hash")


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_files_by_digest")]

    operations = [
        migrations.RemoveConstraint("IssuedDocument", "one_issued_document_per_code"),
        migrations.RemoveConstraint("IssuedDocument", "one_issued_document_per_number"),
        migrations.AddConstraint("IssuedDocument", _ONE),
    ]
