"""Only a case that has a run stands in the index of runs."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0018_lean_indexes"), ("workflow", "0016_pressed_origins")]

    operations = [
        migrations.AlterField(
            "Case",
            "run",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.run",
            ),
        ),
        migrations.AddConstraint(
            "Case",
            models.UniqueConstraint(
                fields=["run"], condition=models.Q(run__isnull=False), name="one_case_per_run"
            ),
        ),
    ]
