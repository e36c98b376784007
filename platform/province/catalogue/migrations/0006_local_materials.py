"""Whether a place may ask for more material is a question of law: its office decides on it."""

from typing import Any

from django.db import migrations


def add_element(apps: Any, schema_editor: Any) -> None:
    for office in apps.get_model("catalogue", "Office").objects.filter(code="legal"):
        if "has_local_materials" not in office.elements:
            office.elements = [*office.elements, "has_local_materials"]
            office.save(update_fields=["elements"])


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0005_imports'),
    ]

    operations = [
        migrations.RunPython(add_element, migrations.RunPython.noop),
    ]
