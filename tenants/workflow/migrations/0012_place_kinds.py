from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workflow', '0011_hashed_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='hallplace',
            name='kind',
            field=models.CharField(blank=True, default='', max_length=40, verbose_name='类别'),
            preserve_default=False,
        ),
    ]
