from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workdays", "0006_clocks_near"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="clock", name="workdays_clock_of_hall"),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("state", "running")),
                fields=["hall", "due_on"],
                include=("near_on", "owner_id", "kind"),
                name="workdays_clock_of_hall",
            ),
        ),
    ]
