from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_opinion_offers")]

    operations = [
        migrations.AlterField(
            model_name="referral",
            name="kind",
            field=models.CharField(
                choices=[
                    ("handed_up", "上报"),
                    ("transferred", "转送"),
                    ("collected", "代收"),
                    ("opinion", "征询"),
                    ("complaint", "投诉"),
                ],
                max_length=11,
            ),
        ),
    ]
