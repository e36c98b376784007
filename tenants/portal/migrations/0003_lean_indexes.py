"""Indexes that nothing asks for, or that a constraint has already: five files less in every hall."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0002_responsible'),
    ]

    operations = [
        migrations.AlterField(
            model_name='articlereview',
            name='version',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='portal.articleversion'),
        ),
        migrations.AlterField(
            model_name='articleversion',
            name='article',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='portal.article'),
        ),
        migrations.AlterField(
            model_name='hallasset',
            name='key',
            field=models.CharField(max_length=200),
        ),
        migrations.AddConstraint(
            model_name='hallasset',
            constraint=models.UniqueConstraint(fields=('key',), name='one_portal_file_per_key'),
        ),
        migrations.AlterField(
            model_name='column',
            name='code',
            field=models.SlugField(db_index=False, max_length=32, verbose_name='代码'),
        ),
        migrations.AddConstraint(
            model_name='column',
            constraint=models.UniqueConstraint(fields=('code',), name='one_column_per_code'),
        ),
        migrations.AlterField(
            model_name='column',
            name='parent',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='portal.column'),
        ),
    ]
