"""The words of articles as the database looks for them."""

from django.db import migrations

# kept, not only indexed: to make it anew for every hit of a common word takes seconds. No field of the model, for nobody
# reads or writes it there, and `manage.py check` would ask a database whether it can generate columns
_FORWARD = """
ALTER TABLE search_sitearticle ADD COLUMN vector tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', search_words)) STORED;
CREATE INDEX search_article_words ON search_sitearticle USING gin (vector);
"""
_BACKWARD = "ALTER TABLE search_sitearticle DROP COLUMN vector"


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
