from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0003_dead_deliveries")]

    operations = [
        migrations.AddField(
            model_name="event", name="origin", field=models.JSONField(db_default={}, default=dict)
        ),
    ]
