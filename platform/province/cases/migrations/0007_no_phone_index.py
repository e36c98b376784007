"""Nobody looks for an applicant by their phone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_opinion_offers")]

    operations = [migrations.RemoveField("CaseApplicant", "phone_index")]
