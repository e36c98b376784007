from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('provisioning', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='backupstate',
            name='kind',
            field=models.CharField(choices=[('moment', '持续备份'), ('base', '完整备份'), ('drill', '恢复演练'), ('files', '文件核对')], max_length=6, unique=True),
        ),
    ]
