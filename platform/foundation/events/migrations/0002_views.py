"""What the SQL of other apps may read of events."""

from django.db import migrations

_UNDONE = """
    SELECT event.id, event.kind, event.subject_id, event.hall_id FROM events_event AS event
    WHERE EXISTS (
        SELECT FROM events_eventdelivery AS delivery WHERE delivery.event_id = event.id AND delivery.state <> 'done')
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunSQL(f"CREATE VIEW events_undone AS {_UNDONE}", "DROP VIEW events_undone")]
