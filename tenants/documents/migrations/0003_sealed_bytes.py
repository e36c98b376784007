"""The values of documents are kept as bytes, a quarter shorter than the text that they were."""

from django.db import migrations

from foundation.frozen import FrozenFields
from foundation.sealing.fields import keep_sealed_as_bytes

_STAYS = FrozenFields(
    fields=[
        *("kind", "title", "issuer", "number", "series", "year", "order", "owner_kind", "owner_id", "version"),
        *("values", "code", "issued_on", "valid_until", "issued_by_id", "issued_by_name"),
    ],
    name="issued_document_stays",
)


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_licences")]

    operations = [
        # no column that a trigger names changes its type
        migrations.RemoveConstraint("IssuedDocument", "issued_document_stays"),
        keep_sealed_as_bytes("documents_issueddocument", "values", model="IssuedDocument"),
        migrations.AddConstraint("IssuedDocument", _STAYS),
    ]
