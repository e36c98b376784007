from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_departments")]

    operations = [migrations.AddField("casefigure", "by_app", models.IntegerField(db_default=0))]
