from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("workflow", "0003_origins")]

    operations = [
        migrations.AddField("run", "is_owned", models.BooleanField(null=True)),
        migrations.AddField("run", "stood", models.JSONField(null=True)),
        migrations.AddField("workitem", "own_due_at", models.DateTimeField(null=True)),
        migrations.AddField("workitem", "is_due_assumed", models.BooleanField(null=True)),
    ]
