import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_posts")]

    operations = [
        migrations.AddField(
            model_name="passkey",
            name="citizen",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="passkeys",
                to="identity.citizen",
            ),
        ),
        migrations.AlterField(
            model_name="passkey",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="passkeys",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="passkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("account", None), ("citizen__isnull", False))
                | models.Q(("account__isnull", False), ("citizen", None)),
                name="passkey_has_one_owner",
            ),
        ),
        migrations.AlterField(
            model_name="phonecode",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("sign_in", "登录"),
                    ("phone", "绑定手机号"),
                    ("mandate", "确认委托"),
                    ("proof", "确认本人"),
                ],
                max_length=8,
            ),
        ),
    ]
