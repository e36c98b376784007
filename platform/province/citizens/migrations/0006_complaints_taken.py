from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("citizens", "0005_complaint_notices")]

    operations = [
        migrations.AlterField(
            model_name="phonenotice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("question_answered", "咨询已答复"),
                    ("question_refused", "咨询告知去处"),
                    ("question_closed", "咨询已办结"),
                    ("case_told", "办件有新的通知"),
                    ("complaint_told", "投诉有新的答复"),
                    ("complaint_taken", "投诉已登记"),
                ],
                max_length=20,
            ),
        ),
    ]
