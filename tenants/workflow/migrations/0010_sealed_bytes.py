"""What people fill in is kept as bytes, a quarter shorter than the text that it was."""

from django.db import migrations

from foundation.frozen import FrozenFields
from foundation.sealing.fields import keep_sealed_as_bytes

_STAYS = FrozenFields(
    fields=["filled", "number", "label", "values", "changed", "by_id"], name="filled_moment_stays"
)


class Migration(migrations.Migration):
    dependencies = [("workflow", "0009_inbox_order")]

    operations = [
        # no column that a trigger names changes its type
        migrations.RemoveConstraint("FilledMoment", "filled_moment_stays"),
        keep_sealed_as_bytes("workflow_filledmoment", "values", model="FilledMoment"),
        migrations.AddConstraint("FilledMoment", _STAYS),
        keep_sealed_as_bytes("workflow_filledform", "values", model="FilledForm"),
        keep_sealed_as_bytes("workflow_plugincall", "given", model="PluginCall"),
        keep_sealed_as_bytes("workflow_plugincall", "answer", model="PluginCall"),
    ]
