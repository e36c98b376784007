from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opinion", "0003_kinds")]

    operations = [
        migrations.AlterField(
            model_name="questionreport",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "待答复"),
                    ("raised", "已转上级"),
                    ("answered", "已答复"),
                    ("closed", "已办结"),
                    ("refused", "不属本厅"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="questionreport",
            name="is_unread",
            field=models.BooleanField(default=False),
        ),
    ]
