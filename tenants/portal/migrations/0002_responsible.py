"""Who is responsible for an article, and in which department."""

from django.db import migrations, models


class Migration(migrations.Migration):

    # the table of open work is there: the public schema is always migrated first. It is no dependency, for a
    # hall's own list of migrations knows nothing of the public schema's
    dependencies = [
        ('portal', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='article',
            name='owner_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='article',
            name='unit_id',
            field=models.UUIDField(null=True),
        ),
        # the person who began it is responsible; no department is known of what is there already
        migrations.RunSQL(
            "UPDATE portal_article SET owner_id = coalesce(editor_ids[1], edited_by_id)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            INSERT INTO public.people_openwork (hall_id, kind, object_id, owner_id)
            SELECT hall.id, 'article', own.id, own.owner_id FROM portal_article AS own
            JOIN public.halls_hall AS hall ON hall.schema_name = current_schema()
            WHERE own.owner_id IS NOT NULL AND own.draft_state <> 'done'
            ON CONFLICT DO NOTHING
            """,
            migrations.RunSQL.noop,
        ),
    ]
