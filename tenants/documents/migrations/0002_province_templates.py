from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.AddField("templateversion", "province_number", models.PositiveIntegerField(null=True)),
        migrations.AlterField(
            "templateversion",
            "origin",
            models.CharField(
                max_length=8, choices=[("built_in", "平台自带"), ("own", "本厅上传"), ("province", "省级")]
            ),
        ),
    ]
