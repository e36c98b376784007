import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import foundation.rows


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_list_export"), ("halls", "0002_views")]

    operations = [
        migrations.AddField("casereport", "unit_id", models.UUIDField(null=True)),
        migrations.CreateModel(
            name="UnitFigure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=foundation.rows.Uuid7(), editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("month", models.DateField()),
                ("received", models.IntegerField()),
                ("accepted", models.IntegerField()),
                ("decided", models.IntegerField()),
                ("granted", models.IntegerField()),
                ("in_hand", models.IntegerField()),
                ("finished", models.IntegerField()),
                ("declined", models.IntegerField()),
                ("withdrawn", models.IntegerField()),
                ("terminated", models.IntegerField()),
                ("transferred", models.IntegerField()),
                ("late_statutory", models.IntegerField()),
                ("late_promised", models.IntegerField()),
                ("timed", models.IntegerField()),
                ("days", models.IntegerField()),
                ("promised_days", models.IntegerField()),
                ("unit_id", models.UUIDField(null=True)),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="halls.hall",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hall", "month", "unit_id"),
                        name="one_unit_figure_per_hall_and_month",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
