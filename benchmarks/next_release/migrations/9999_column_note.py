from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [migrations.AddField("column", "note", models.CharField(max_length=40, db_default=""))]
