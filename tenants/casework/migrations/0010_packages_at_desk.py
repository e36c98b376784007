from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0009_opinions_elsewhere")]

    operations = [
        migrations.AlterField(
            model_name="packageapplication",
            name="citizen_id",
            field=models.UUIDField(null=True),
        ),
    ]
