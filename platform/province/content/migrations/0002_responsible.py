"""Who is responsible for a manuscript, and in which department."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='manuscript',
            name='owner_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='manuscript',
            name='unit_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name='manuscript',
            index=models.Index(fields=['owner_id', '-edited_at'], name='content_manuscript_owner'),
        ),
        migrations.AddIndex(
            model_name='manuscript',
            index=models.Index(fields=['unit_id', '-edited_at'], name='content_manuscript_unit'),
        ),
        # the person who began it is responsible; no department is known of what is there already
        migrations.RunSQL(
            "UPDATE content_manuscript SET owner_id = coalesce(editor_ids[1], edited_by_id)",
            migrations.RunSQL.noop,
        ),
    ]
