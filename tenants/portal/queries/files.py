"""Pictures and attachments of a hall's pages: readers have a file only while a page that they may see shows it."""

from uuid import UUID

from foundation.errors import NotFound
from foundation.files.models import StoredFile
from province.content.models import Asset as ProvinceAsset
from province.content.queries import offered_file
from province.content.queries.pushes import asset_meant_for, asset_on_hall
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import works_at
from tenants.portal.models import HallAsset

# of a published article, or of a column that readers reach; what stands below a hidden column is hidden with it
_SHOWN = """
WITH RECURSIVE shown AS (
    SELECT id, body FROM portal_column WHERE parent_id IS NULL AND is_visible
    UNION ALL
    SELECT c.id, c.body FROM portal_column AS c JOIN shown ON shown.id = c.parent_id WHERE c.is_visible
)
SELECT f.* FROM portal_hallasset AS f
WHERE f.id = %(id)s AND (
    EXISTS (SELECT FROM portal_articleversion AS v JOIN portal_article AS a
            ON a.id = v.article_id AND a.published_id = v.id
            WHERE v.asset_ids @> ARRAY[%(id)s::uuid] AND a.state = 'published')
    OR EXISTS (SELECT FROM shown WHERE body LIKE '%%/media/' || f.id || '%%'))
"""


def file_on_site(hall: Hall, file_id: UUID, by: Actor | None) -> StoredFile:
    """What readers may have, or what ``by`` sees at the hall's desk. Raises NotFound."""
    file = _file_of_readers(hall, file_id) or (_file_of_desk(hall, file_id, by) if by else None)
    if file is None:
        raise NotFound("没有这个文件。")
    return file


def _file_of_readers(hall: Hall, file_id: UUID) -> HallAsset | ProvinceAsset | None:
    """One query for the hall's own, one more for what was pushed to it."""
    own = next(iter(HallAsset.objects.raw(_SHOWN, {"id": file_id})), None)
    return own or asset_on_hall(hall, file_id)


def _file_of_desk(hall: Hall, file_id: UUID, by: Actor) -> StoredFile | None:
    """Of drafts, of what is offered to the hall, and of the shared library."""
    if not works_at(by, "portal.write", hall_id=hall.id):
        return None
    return HallAsset.objects.filter(pk=file_id).first() or asset_meant_for(hall, file_id) or offered_file(by, file_id)
