"""A case stands once in the index of its acts, and numbers are found by their hash."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models

_ONE = ExclusionConstraint(name="one_case_per_number", expressions=[("number", "=")], index_type="hash")


class Migration(migrations.Migration):
    dependencies = [("casework", "0017_bytes")]

    operations = [
        migrations.RemoveIndex("CaseAct", "casework_act"),
        migrations.AddIndex("CaseAct", models.Index(fields=["case"], name="casework_act")),
        migrations.RemoveConstraint("Case", "one_case_per_number"),
        migrations.AddConstraint("Case", _ONE),
    ]
