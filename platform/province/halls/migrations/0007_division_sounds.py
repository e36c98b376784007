"""Divisions are found by pinyin and first letters, as halls are."""

from itertools import batched
from typing import Any

import foundation.sounds
from django.db import migrations


def spell_out(apps: Any, schema_editor: Any) -> None:
    Division = apps.get_model("halls", "Division")
    rows = Division.objects.values_list("pk", "name")
    with schema_editor.connection.cursor() as cursor:
        for some in batched(rows.iterator(chunk_size=5_000), 5_000):
            cursor.execute(
                """
                UPDATE halls_division AS own SET sounds = line.sounds
                FROM unnest(%s::uuid[], %s::text[]) AS line (id, sounds) WHERE own.id = line.id
                """,
                [[one for one, _ in some], [foundation.sounds.spelled_out(name) for _, name in some]],
            )


class Migration(migrations.Migration):
    dependencies = [("halls", "0006_certificates")]

    operations = [
        migrations.AddField(
            model_name="division",
            name="sounds",
            field=foundation.sounds.SoundsField(blank=True, db_default="", default="", max_length=640, of="name"),
        ),
        migrations.RunPython(spell_out, migrations.RunPython.noop),
    ]
