from django.db import migrations

import foundation.crypto.fields


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField(
            "caseapplicant",
            "marks",
            foundation.crypto.fields.BlindMarksField(
                editable=False,
                null=True,
                size=None,
                sources=["name", "phone", "body_name", "agent_name", "agent_number", "agent_phone"],
                texts="said_marks",
            ),
        ),
    ]
