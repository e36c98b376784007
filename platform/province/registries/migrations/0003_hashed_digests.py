"""Digests of documents are found by their hash."""

from django.contrib.postgres.indexes import HashIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registries", "0002_validity")]

    operations = [
        migrations.RemoveIndex("DocumentEntry", "registries_document_sha256"),
        migrations.AddIndex(
            "DocumentEntry",
            HashIndex(fields=["sha256"], condition=~models.Q(sha256=""), name="registries_document_sha256"),
        ),
    ]
