from django.db import migrations, models

import foundation.pressing
import foundation.rows
import foundation.sealing.fields


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_special_papers"), ("cases", "0006_service_address")]

    operations = [
        migrations.AddField("case", "service", foundation.pressing.PressedJSONField(null=True)),
        migrations.AddField(
            "case",
            "service_task",
            models.CharField(
                choices=[("unopened", "电子送达没有打开"), ("paper", "要纸质文书")], max_length=8, null=True
            ),
        ),
        migrations.AddField(
            "casesetup",
            "opening_workdays",
            models.PositiveSmallIntegerField(db_default=5, default=5, verbose_name="查收工作日"),
        ),
        migrations.AddField("intake", "service", foundation.sealing.fields.SealedJSONField(null=True)),
        # the program draws it, as the database does
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "intake",
                    "id",
                    models.UUIDField(
                        db_default=foundation.rows.Uuid7(),
                        default=foundation.rows.draw_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ]
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                condition=models.Q(("service_task__isnull", False)),
                fields=["service_task"],
                name="casework_service_task",
            ),
        ),
    ]
