from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from foundation.files.models import StoredFile
from foundation.files.store import link_to
from foundation.texts import visible
from province.content.models import Asset
from province.content.queries.desks import check_desk_reach, files_at_desks_of
from province.content.queries.library import offered_file
from province.rights.actors import Actor


def assets_at_desk(by: Actor, desk_prefix: str = "") -> QuerySet[Asset]:
    """The files of the actor's desks, the latest first."""
    rows = Asset.objects.filter(files_at_desks_of(by, "content.read"))
    if desk_prefix:
        rows = rows.filter(desk_prefix=visible(desk_prefix))
    return rows.order_by("-created_at", "-id")


def asset_at_desk(by: Actor, asset_id: UUID) -> Asset:
    """Raises NotFound, also for a desk out of reach."""
    asset = Asset.objects.filter(pk=asset_id).first()
    if asset is None:
        raise NotFound("没有找到这个文件。")
    check_desk_reach(by, asset.desk_prefix, "个文件")
    return asset


def file_at_desk(by: Actor, file_id: UUID) -> StoredFile:
    """What a draft shows, or an offer of the library. Raises NotFound."""
    return offered_file(by, file_id) or asset_at_desk(by, file_id)


def media_link(file: StoredFile, *, width: int = 0) -> str:
    """A short link to a file: a picture as it is shown, at the smallest kept width that is not below ``width`` (0: the
    whole); anything else to be saved under its name."""
    if file.width is None:
        return link_to(file.key, download_as=file.name, is_offered=True)
    wide_enough = sorted(int(kept) for kept in file.renditions if width and int(kept) >= width)
    return link_to(file.renditions[str(wide_enough[0])] if wide_enough else file.key, is_offered=True)
