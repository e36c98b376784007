"""What was sealed is kept as bytes, a quarter shorter than the text that it was."""

from django.db import migrations

from foundation.sealing.fields import keep_sealed_as_bytes


class Migration(migrations.Migration):
    dependencies = [("casework", "0010_packages_at_desk")]

    operations = [
        keep_sealed_as_bytes("casework_carriedpart", "said", model="CarriedPart"),
        keep_sealed_as_bytes("casework_departmentkey", "secret", model="DepartmentKey"),
    ]
