"""Digests of documents are kept as bytes."""

from django.contrib.postgres.indexes import HashIndex
from django.db import migrations, models

from foundation.digests import keep_as_bytes


class Migration(migrations.Migration):
    dependencies = [("registries", "0003_hashed_digests")]

    operations = [
        migrations.RemoveIndex("DocumentEntry", "registries_document_sha256"),
        keep_as_bytes("registries_documententry", "sha256", model="DocumentEntry", blank=True),
        migrations.AddIndex(
            "DocumentEntry",
            HashIndex(fields=["sha256"], condition=~models.Q(sha256=""), name="registries_document_sha256"),
        ),
    ]
