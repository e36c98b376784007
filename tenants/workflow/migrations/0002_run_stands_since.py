from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("workflow", "0001_initial")]

    operations = [
        migrations.AddField("run", "stands_since", models.DateTimeField(null=True)),
        migrations.AddField("workitem", "stood_due_at", models.DateTimeField(null=True)),
    ]
