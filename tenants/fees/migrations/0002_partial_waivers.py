import foundation.frozen
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fees", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="feeorder",
            name="ask_fen",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="feeorder",
            name="waived_fen",
            field=models.PositiveBigIntegerField(default=0, verbose_name="减免"),
        ),
        migrations.RemoveConstraint(model_name="feeorder", name="fee_order_stays"),
        migrations.AddConstraint(
            model_name="feeorder",
            constraint=foundation.frozen.FrozenFields(
                fields=["case", "number", "opened_by_id", "opened_by_name", "waived_fen"], name="fee_order_stays"
            ),
        ),
    ]
