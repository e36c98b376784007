from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workdays", "0002_state_council"),
    ]

    operations = [
        migrations.AlterField(
            model_name="clock",
            name="kind",
            field=models.CharField(
                choices=[
                    ("statutory", "法定时限"),
                    ("promised", "承诺时限"),
                    ("step", "环节时限"),
                    ("acceptance", "受理时限"),
                    ("supplement", "补正时限"),
                    ("delivery", "送达时限"),
                    ("lapse", "容缺补齐时限"),
                    ("opening", "查收时限"),
                    ("contact", "联系时限"),
                    ("mending", "整改时限"),
                ],
                max_length=10,
            ),
        ),
    ]
