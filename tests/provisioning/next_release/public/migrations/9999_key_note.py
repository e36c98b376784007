from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idempotency", "0001_initial")]

    operations = [migrations.AddField("idempotencykey", "note", models.CharField(max_length=40, db_default=""))]
