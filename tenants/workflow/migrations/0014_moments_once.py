"""What a form said at a moment is written when it says something else: most say the same for good."""

from django.db import migrations

from foundation.frozen import FrozenFields
from foundation.sealing.fields import SealedJSONField


class Migration(migrations.Migration):
    dependencies = [("workflow", "0013_due_order")]

    operations = [
        migrations.RemoveConstraint("FilledMoment", "filled_moment_stays"),
        migrations.AlterField("FilledMoment", "values", SealedJSONField(null=True)),
        migrations.AddConstraint(
            "FilledMoment",
            FrozenFields(
                fields=["filled", "number", "label", "changed", "by_id"], once=["values"], name="filled_moment_stays"
            ),
        ),
    ]
