"""The list of what a closed case holds is pressed: it is half digests, and half the same words."""

from django.db import migrations

from foundation.frozen import FrozenFields
from foundation.pressing import PressedJSONField


class Migration(migrations.Migration):
    dependencies = [("casework", "0012_by_end")]

    operations = [
        # no column that a trigger names changes its type
        migrations.RemoveConstraint("ArchiveSheet", "archive_sheet_stays"),
        migrations.RunSQL(
            "ALTER TABLE casework_archivesheet ALTER COLUMN contents TYPE bytea"
            " USING convert_to(contents::text, 'UTF8')",
            "ALTER TABLE casework_archivesheet ALTER COLUMN contents TYPE jsonb"
            " USING convert_from(contents, 'UTF8')::jsonb",
            state_operations=[migrations.AlterField("ArchiveSheet", "contents", PressedJSONField(default=list))],
        ),
        migrations.AddConstraint(
            "ArchiveSheet",
            FrozenFields(fields=["case", "contents", "digest", "kept_until"], name="archive_sheet_stays"),
        ),
    ]
