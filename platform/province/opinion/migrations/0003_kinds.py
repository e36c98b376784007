from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opinion", "0002_limits")]

    operations = [
        migrations.AddField(
            model_name="questionreport",
            name="kind",
            field=models.CharField(
                choices=[("question", "咨询"), ("complaint", "投诉")], default="question", max_length=9
            ),
        ),
    ]
