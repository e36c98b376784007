"""Applicants are found by the hash of their number's blind index."""

from django.contrib.postgres.indexes import HashIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_supplements")]

    operations = [
        migrations.RemoveIndex("CaseApplicant", "cases_applicant_number"),
        migrations.AddIndex("CaseApplicant", HashIndex(fields=["number_index"], name="cases_applicant_number")),
    ]
