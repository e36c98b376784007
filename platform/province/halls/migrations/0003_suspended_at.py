"""Since when a hall is suspended: the pages that stay open meanwhile say so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("halls", "0002_views")]

    operations = [
        migrations.AddField(
            model_name="hall",
            name="suspended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="暂停时间"),
        ),
    ]
