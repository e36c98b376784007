from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0015_sent_parts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["unit_id", "-id"], name="casework_of_unit"),
        ),
    ]
