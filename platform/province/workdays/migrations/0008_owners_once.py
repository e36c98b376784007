"""An owner's id stands once in the index of its clocks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workdays", "0007_clocks_by_owner")]

    operations = [
        migrations.AddIndex("Clock", models.Index(fields=["owner_id"], name="workdays_clock_of_owner")),
        migrations.RemoveConstraint("Clock", "one_open_clock_per_owner"),
        migrations.AddConstraint(
            "Clock",
            models.UniqueConstraint(
                fields=["owner_id", "kind"],
                condition=models.Q(ended_on__isnull=True),
                name="one_open_clock_per_owner",
            ),
        ),
    ]
