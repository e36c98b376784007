"""The usual offices of a joint review; a province changes them as it is organised."""

from typing import Any

from django.db import migrations

OFFICES: tuple[tuple[str, str, list[str], list[str]], ...] = (
    ("establishment", "编办", ["basics", "place"], ["levels", "effective_on", "cancelled_on", "local_code"]),
    ("legal", "法制", ["conditions", "grounds", "time", "fees", "remedy"], ["excluded_laws"]),
    ("disclosure", "政务公开", ["materials", "steps", "result", "questions", "disclosure"], []),
)


def add_offices(apps: Any, schema_editor: Any) -> None:
    office = apps.get_model("catalogue", "Office")
    for code, name, sections, elements in OFFICES:
        office.objects.get_or_create(code=code, defaults={"name": name, "sections": sections, "elements": elements})


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(add_offices, migrations.RunPython.noop),
    ]
