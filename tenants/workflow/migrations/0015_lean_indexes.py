"""A run stands once in the index of its acts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0014_moments_once")]

    operations = [
        migrations.RemoveIndex("RunAct", "workflow_act_of_run"),
        migrations.AddIndex("RunAct", models.Index(fields=["run"], name="workflow_act_of_run")),
    ]
