from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workflow', '0012_place_kinds'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='workitem',
            name='workflow_item_due',
        ),
        migrations.AddIndex(
            model_name='workitem',
            index=models.Index(condition=models.Q(('state', 'claimed')), fields=['due_at', 'id'], name='workflow_item_due'),
        ),
    ]
