from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_service_address")]

    operations = [migrations.AddField("casefigure", "by_app", models.IntegerField(db_default=0))]
