"""Nobody looks for an applicant by their phone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_complaints")]

    operations = [migrations.RemoveField("CaseApplicant", "phone_index")]
