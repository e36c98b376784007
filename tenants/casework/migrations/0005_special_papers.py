"""What comes with the result of a special procedure."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_before_merge"), ("documents", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="specialprocedure",
            name="paper_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), db_default=[], default=list, size=None
            ),
        ),
    ]
