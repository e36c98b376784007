"""Posts had no reach of their own: the province's reached the province, a hall's its subtree."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_people_and_rights")]

    operations = [
        migrations.RunSQL(
            "UPDATE identity_post SET reach = 'province' WHERE hall_id IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
