"""What the SQL of other apps may read of halls. A plain view costs a plan nothing."""

from django.db import migrations

_VIEWS = {
    "halls_directory": "SELECT id, number, slug, short_name, kind, state, division_id, prefixes FROM halls_hall",
    "halls_prefixes": """
        SELECT hall.id AS hall_id, left(own.code, CASE own.level WHEN 'province' THEN 2 WHEN 'city' THEN 4
            WHEN 'county' THEN 6 WHEN 'township' THEN 9 ELSE 12 END)::varchar AS prefix
        FROM halls_hall AS hall JOIN halls_division AS own ON own.id = hall.division_id
    """,
    "halls_generations": "SELECT hall_id, generation FROM halls_hallgeneration",
    "halls_code_moves": "SELECT run, division_id, kind, old_code, new_code, is_undone FROM halls_codemove",
}


class Migration(migrations.Migration):
    dependencies = [("halls", "0001_initial")]

    operations = [
        migrations.RunSQL(f"CREATE VIEW {name} AS {query}", f"DROP VIEW {name}") for name, query in _VIEWS.items()
    ]
