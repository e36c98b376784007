"""Pictures and attachments of a hall's pages."""

from uuid import UUID

from foundation.errors import NotFound
from province.content.models import Asset as ProvinceAsset
from province.halls.models import Hall
from tenants.portal.models import Asset


def file_of_reader(hall: Hall, file_id: UUID) -> Asset | ProvinceAsset:
    """The hall's own file, or one of a desk that may push to it. Raises NotFound."""
    own = Asset.objects.filter(pk=file_id).first()
    if own:
        return own
    pushed = ProvinceAsset.objects.filter(pk=file_id, desk_prefix__in=hall.prefixes).first()
    if pushed is None:
        raise NotFound("没有这个文件。")
    return pushed
