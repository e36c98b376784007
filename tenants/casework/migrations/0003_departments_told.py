from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_shared_designs"), ("cases", "0005_departments")]

    operations = [
        # what the province counts by department, of cases that were received before (yizhan cases recount)
        migrations.RunSQL(
            "UPDATE public.cases_casereport AS report SET unit_id = kept.unit_id FROM casework_case AS kept"
            " WHERE report.id = kept.id AND kept.unit_id IS NOT NULL",
            migrations.RunSQL.noop,
        )
    ]
