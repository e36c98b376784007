from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagement", "0003_wants_messages")]

    operations = [
        migrations.AddField(
            model_name="engagementsettings",
            name="complaint_days",
            field=models.PositiveSmallIntegerField(default=10),
        ),
        migrations.AddField(
            model_name="question",
            name="case_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="question",
            name="kind",
            field=models.CharField(
                choices=[("question", "咨询"), ("complaint", "投诉")], default="question", max_length=9
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case_id", None), ("kind", "question")),
                    models.Q(("case_id__isnull", False), ("kind", "complaint"), ("unit_id", None)),
                    _connector="OR",
                ),
                name="complaint_has_a_case_and_no_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("case_id__isnull", False)), fields=["case_id"], name="engagement_complained_case"
            ),
        ),
    ]
