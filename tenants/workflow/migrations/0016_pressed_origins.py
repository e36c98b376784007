"""Where values of a form came from is pressed, as what it says is."""

from django.db import migrations

from foundation.pressing import PressedJSONField


class Migration(migrations.Migration):
    dependencies = [("workflow", "0015_lean_indexes")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE workflow_filledform ALTER COLUMN origins TYPE bytea"
            " USING convert_to(origins::text, 'UTF8')",
            "ALTER TABLE workflow_filledform ALTER COLUMN origins TYPE jsonb"
            " USING convert_from(origins, 'UTF8')::jsonb",
            state_operations=[migrations.AlterField("FilledForm", "origins", PressedJSONField(default=dict))],
        ),
    ]
