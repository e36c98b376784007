from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField("activationcode", "issued_by_id", models.UUIDField(null=True)),
    ]
