import django.contrib.postgres.fields
from django.db import migrations, models

_STATES = [
    ("waiting", "待答复"),
    ("raised", "已转上级"),
    ("answered", "已答复"),
    ("closed", "已办结"),
    ("refused", "不属本厅"),
]


class Migration(migrations.Migration):
    dependencies = [("engagement", "0004_complaints")]

    operations = [
        migrations.AlterField(
            model_name="question",
            name="state",
            field=models.CharField(choices=_STATES, default="waiting", max_length=8),
        ),
        migrations.AddField(
            model_name="question",
            name="channel",
            field=models.CharField(
                choices=[
                    ("site", "网站"),
                    ("phone", "电话"),
                    ("window", "窗口"),
                    ("letter", "来信"),
                    ("below", "下级厅转来"),
                ],
                default="site",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="referral_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="question",
            name="kept_from",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), default=list, size=None
            ),
        ),
        migrations.RemoveConstraint(model_name="question", name="complaint_has_a_case_and_no_unit"),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case_id", None), ("kind", "question"), ("referral_id", None)),
                    models.Q(
                        models.Q(("case_id__isnull", False), ("referral_id__isnull", False), _connector="OR"),
                        ("kind", "complaint"),
                        ("unit_id", None),
                    ),
                    _connector="OR",
                ),
                name="complaint_has_a_case_and_no_unit",
            ),
        ),
    ]
