"""By what an item is found: the sound of its name, its groups, and the words of its questions."""

from typing import Any

import django.contrib.postgres.fields
import foundation.frozen
from django.db import migrations, models

from foundation.words import search_sounds, search_words
from standards.items.facets import facets_of


def fill(apps: Any, schema_editor: Any) -> None:
    """Once, for what was submitted before; submission writes it from now on. Frozen again right after it."""
    versions = apps.get_model("catalogue", "ItemVersion").objects
    for version in versions.only("name", "values", "search_words").iterator(chunk_size=500):
        asked = [row["question"] for row in version.values.get("questions", []) if row.get("question")]
        versions.filter(pk=version.pk).update(
            sounds=search_sounds(version.name),
            facets=facets_of(version.values),
            search_words=f"{version.search_words} {search_words(*asked)}".strip(),
        )


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_adoptions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='itemversion',
            name='item_version_never_changes',
        ),
        migrations.AddField(
            model_name='itemversion',
            name='facets',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='sounds',
            field=models.TextField(blank=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=foundation.frozen.FrozenFields(fields=['item', 'number', 'name', 'department', 'values', 'material_ids', 'sample_note', 'office_ids', 'author_ids', 'submitted_by_id', 'submitted_by_name', 'search_words', 'sounds', 'facets'], name='item_version_never_changes'),
        ),
    ]
