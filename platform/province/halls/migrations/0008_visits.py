from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("halls", "0007_division_sounds")]

    operations = [
        migrations.AddField(model_name="halldomain", name="visits", field=models.JSONField(default=dict)),
    ]
