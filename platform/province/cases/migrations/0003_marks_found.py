from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


def _anew(index: models.Index, sql: str) -> migrations.RunSQL:
    # killed on the way it leaves an index that nobody can use; begun again it is made anew
    return migrations.RunSQL(
        [f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", f"CREATE INDEX CONCURRENTLY {index.name} {sql}"],
        f"DROP INDEX IF EXISTS {index.name}",
        state_operations=[migrations.AddIndex("caseapplicant", index)],
    )


class Migration(migrations.Migration):
    # a province's applicants are written on while their indexes are made
    atomic = False

    dependencies = [("cases", "0002_marks_of_applicants")]

    operations = [
        _anew(
            GinIndex(fields=["marks"], fastupdate=False, name="cases_applicant_marks"),
            "ON cases_caseapplicant USING gin (marks) WITH (fastupdate = off)",
        ),
        _anew(
            models.Index(fields=["id"], condition=models.Q(marks=None), name="cases_applicant_unmarked"),
            "ON cases_caseapplicant (id) WHERE marks IS NULL",
        ),
    ]
