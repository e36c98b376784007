"""What was taken in for halls above (代收) stands in the app of its own that villages have, too (代办): what was handed over
goes there; of drafts the form is kept among those of who filled it in, and cannot be begun again."""

from django.db import migrations

_MOVE = """
    INSERT INTO assistance_assistance (id, created_at, offer_id, item_name, hall_name, applicant_id, clerk_id, clerk_name,
        consent, note, state, revision, values, saved_at, handed_at, ended_at)
    SELECT one.filled_id, one.created_at, one.offer_id, one.item_name, one.hall_name, uuidv7(), one.clerk_id,
        one.clerk_name, one.consent, one.note, CASE WHEN sent.id IS NULL THEN 'ended' ELSE 'sent' END, 0, ''::bytea,
        one.sent_at, one.sent_at, CASE WHEN sent.id IS NULL THEN now() END
    FROM casework_collection one LEFT JOIN cases_referral sent ON sent.case_id = one.filled_id AND sent.state = 'sent'
    WHERE one.sent_at IS NOT NULL
"""
_RETIRE = """
    UPDATE workflow_form SET state = 'retired' WHERE id IN (SELECT form_id FROM casework_collectedform)
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0013_pressed_contents"), ("assistance", "0001_initial")]

    operations = [
        migrations.RunSQL(_MOVE, migrations.RunSQL.noop),
        migrations.RunSQL(_RETIRE, migrations.RunSQL.noop),
        migrations.DeleteModel("CollectedForm"),
        migrations.DeleteModel("Collection"),
    ]
