"""The digest of a list of contents is kept as bytes."""

from django.db import migrations

from foundation.digests import keep_as_bytes
from foundation.frozen import FrozenFields

_STAYS = FrozenFields(fields=["case", "contents", "digest", "kept_until"], name="archive_sheet_stays")


class Migration(migrations.Migration):
    dependencies = [("casework", "0016_by_department")]

    operations = [
        # no column that a trigger names changes its type
        migrations.RemoveConstraint("ArchiveSheet", "archive_sheet_stays"),
        keep_as_bytes("casework_archivesheet", "digest", model="ArchiveSheet"),
        migrations.AddConstraint("ArchiveSheet", _STAYS),
    ]
