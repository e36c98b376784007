from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_by_app")]

    operations = [
        migrations.AddField("casereport", "is_unopened", models.BooleanField(default=False, db_default=False))
    ]
