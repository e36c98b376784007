"""Life events (一件事) as rows, at first those that the program had as code, under the same codes."""

from typing import Any

import django.db.models.functions.datetime
from django.db import migrations, models

import foundation.rows
from province.catalogue.base_list.life_events import first_life_events


def load_events(apps: Any, _: Any) -> None:
    LifeEvent = apps.get_model("catalogue", "LifeEvent")
    LifeEvent.objects.bulk_create(
        LifeEvent(code=one.code, name=one.name, whom=one.whom.value, place=one.place) for one in first_life_events()
    )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0016_words_of_versions")]

    operations = [
        migrations.CreateModel(
            name="LifeEvent",
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
                ("code", models.CharField(max_length=30, unique=True, verbose_name="编码")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="名称")),
                (
                    "whom",
                    models.CharField(
                        choices=[("person", "个人"), ("body", "企业和其他单位")], max_length=6, verbose_name="对谁"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("retired_at", models.DateTimeField(null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(load_events, migrations.RunPython.noop),
    ]
