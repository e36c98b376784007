"""A case is found by the end of its number, however much of it somebody types."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Reverse, Right


def _by_end(name: str) -> models.Index:
    backwards = Reverse(Right("number", 12))
    return models.Index(django.contrib.postgres.indexes.OpClass(backwards, "text_pattern_ops"), name=name)


class Migration(migrations.Migration):
    dependencies = [("casework", "0011_sealed_bytes")]

    operations = [
        migrations.RemoveIndex("Case", "casework_short_number"),
        migrations.AddIndex("Case", _by_end("casework_by_end")),
        migrations.RemoveIndex("PackageApplication", "casework_package_short_number"),
        migrations.AddIndex("PackageApplication", _by_end("casework_package_by_end")),
    ]
