"""Of a document's two files its row keeps the digests; where they lie follows. Rows of files from before are left: what
they name is in the store."""

from django.db import migrations

from foundation.digests import DigestField

_TAKE_OVER = """
UPDATE documents_issueddocument AS document SET pdf_sha256 = decode(pdf.sha256, 'hex'),
    word_sha256 = decode(word.sha256, 'hex')
FROM documents_documentfile AS pdf, documents_documentfile AS word
WHERE pdf.id = document.pdf_id AND word.id = document.word_id
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_hashed_keys")]

    operations = [
        migrations.AddField("IssuedDocument", "pdf_sha256", DigestField(null=True)),
        migrations.AddField("IssuedDocument", "word_sha256", DigestField(null=True)),
        migrations.RunSQL(_TAKE_OVER, migrations.RunSQL.noop),
        migrations.RemoveField("IssuedDocument", "pdf"),
        migrations.RemoveField("IssuedDocument", "word"),
    ]
