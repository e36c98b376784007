"""The offices of a joint review and the life events (一件事) that a province begins with; it changes both as it likes."""

from typing import Any

from django.db import migrations

from province.catalogue.base_list.life_events import first_life_events

# code, name, sections of an item that it checks, elements besides
_OFFICES: tuple[tuple[str, str, list[str], list[str]], ...] = (
    (
        "establishment",
        "编办",
        ["basics", "place"],
        ["levels", "effective_on", "cancelled_on", "local_code", "parent_code"],
    ),
    (
        "legal",
        "法制",
        ["conditions", "grounds", "time", "fees", "remedy", "scope", "discretion", "proceeding", "duties"],
        ["excluded_laws", "has_local_materials"],
    ),
    (
        "disclosure",
        "政务公开",
        ["materials", "steps", "result", "questions", "disclosure"],
        ["handling_items", "situations"],
    ),
)


def begin_with(apps: Any, _: Any) -> None:
    Office, LifeEvent = (apps.get_model("catalogue", name) for name in ("Office", "LifeEvent"))
    for code, name, sections, elements in _OFFICES:
        Office.objects.create(code=code, name=name, sections=sections, elements=elements)
    LifeEvent.objects.bulk_create(
        LifeEvent(code=one.code, name=one.name, whom=one.whom.value, place=one.place) for one in first_life_events()
    )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunPython(begin_with, migrations.RunPython.noop)]
