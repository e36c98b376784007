from django.db import migrations, models
from django.db.models.functions import Right

_INDEX = models.Index(Right("case_number", 12), condition=models.Q(kind="opinion"), name="cases_referral_by_end")


class Migration(migrations.Migration):
    # halls send referrals while the index is made
    atomic = False

    dependencies = [("cases", "0008_unopened")]

    operations = [
        # killed on the way it leaves an index that nobody can use; begun again it is made anew
        migrations.RunSQL(
            [
                "DROP INDEX CONCURRENTLY IF EXISTS cases_referral_by_end",
                "CREATE INDEX CONCURRENTLY cases_referral_by_end ON cases_referral (RIGHT(case_number, 12))"
                " WHERE kind = 'opinion'",
            ],
            "DROP INDEX IF EXISTS cases_referral_by_end",
            state_operations=[migrations.AddIndex("referral", _INDEX)],
        )
    ]
