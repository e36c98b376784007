"""What other systems are told of ended sign-ins, what is open in the halls, and contact cards."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import foundation.crypto.fields
import foundation.rows
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0004_citizens_passkeys'),
    ]

    operations = [
        migrations.AddField(
            model_name='oidcclient',
            name='backchannel_logout_uri',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='oidcclient',
            name='post_logout_redirect_uris',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=500), default=list),
        ),
        migrations.CreateModel(
            name='ContactCard',
            fields=[
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('id', models.UUIDField(db_default=foundation.rows.Uuid7(), default=foundation.rows.draw_id, editable=False, primary_key=True, serialize=False)),
                ('office_phone', models.CharField(blank=True, max_length=24, verbose_name='办公电话')),
                ('room', models.CharField(blank=True, max_length=60, verbose_name='办公地点')),
                ('mobile', foundation.crypto.fields.EncryptedTextField(blank=True, default='', verbose_name='手机号')),
                ('shows_mobile', models.BooleanField(default=False, verbose_name='同事可以看到完整手机号')),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='card', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OpenWork',
            fields=[
                ('id', models.UUIDField(db_default=foundation.rows.Uuid7(), editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('hall_id', models.UUIDField()),
                ('kind', models.CharField(max_length=24)),
                ('object_id', models.UUIDField()),
                ('owner_id', models.UUIDField()),
            ],
            options={
                'indexes': [models.Index(fields=['owner_id'], name='identity_open_work_owner')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='one_open_work_per_object')],
            },
        ),
        migrations.CreateModel(
            name='ClientSignOut',
            fields=[
                ('id', models.UUIDField(db_default=foundation.rows.Uuid7(), editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('state', models.CharField(choices=[('waiting', '待发送'), ('done', '已送达'), ('dead', '已放弃')], default='waiting', max_length=9)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('claimed_until', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, max_length=500)),
                ('finished_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_outs', to='identity.oidcclient')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='identity.signinsession')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_attempt_at'], name='identity_sign_out_waiting')],
                'constraints': [models.UniqueConstraint(fields=('client', 'session'), name='one_sign_out_per_client')],
            },
        ),
    ]
