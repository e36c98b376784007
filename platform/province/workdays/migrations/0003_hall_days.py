"""Days that a hall arranges for itself, as rows; those that stood on halls' own rows move over, and move no limit as before."""

from datetime import date
from typing import Any

import django.db.models.deletion
import django.db.models.functions.datetime
import foundation.rows
from django.db import migrations, models


def move_closed_days(apps: Any, _: Any) -> None:
    Hall = apps.get_model("halls", "Hall")
    HallDays = apps.get_model("workdays", "HallDays")
    for hall in Hall.objects.exclude(closed_days=[]).iterator(chunk_size=500):
        HallDays.objects.bulk_create(
            HallDays(
                hall=hall,
                first_on=date.fromisoformat(one["from"]),
                last_on=date.fromisoformat(one["to"]),
                kind="off",
                moves_limits=False,
                note=one["reason"],
            )
            for one in hall.closed_days
        )
        Hall.objects.filter(pk=hall.pk).update(closed_days=[{**one, "part": "off"} for one in hall.closed_days])


class Migration(migrations.Migration):

    dependencies = [
        ('halls', '0005_closed_days'),
        ('workdays', '0002_state_council'),
    ]

    operations = [
        migrations.CreateModel(
            name='HallDays',
            fields=[
                ('id', models.UUIDField(db_default=foundation.rows.Uuid7(), editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('first_on', models.DateField()),
                ('last_on', models.DateField()),
                ('kind', models.CharField(choices=[('off', '全天不办公'), ('morning', '上午不办公'), ('afternoon', '下午不办公'), ('worked', '休息日照常办公')], max_length=9)),
                ('moves_limits', models.BooleanField()),
                ('note', models.CharField(max_length=40)),
                ('state', models.CharField(choices=[('in_force', '有效'), ('lifted', '已撤销')], default='in_force', max_length=8)),
                ('set_by_name', models.CharField(blank=True, max_length=80)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by_name', models.CharField(blank=True, max_length=80)),
                ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='halls.hall')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('first_on'))), name='hall_days_in_order')],
            },
        ),
        migrations.RunPython(move_closed_days, migrations.RunPython.noop),
    ]
