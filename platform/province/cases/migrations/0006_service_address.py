from django.db import migrations

import foundation.crypto.fields


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_departments")]

    operations = [
        migrations.AddField(
            "caseapplicant",
            "service_address",
            foundation.crypto.fields.EncryptedTextField(blank=True, default="", null=True, verbose_name="送达地址"),
        )
    ]
