"""Whether a hall's guide goes with a version of the item that the hall has not accepted."""

from collections.abc import Collection
from threading import Lock
from typing import Final, NamedTuple
from uuid import UUID

from province.catalogue.models import ItemVersion
from province.catalogue.queries.checks import fitting_and_found
from tenants.services.models import HallGuideVersion


class WholePair(NamedTuple):
    """A version of an item, and a guide of a hall. Neither ever changes."""

    version_id: UUID
    hall_guide_id: UUID


_MOST_KNOWN: Final = 20_000
_known: dict[WholePair, bool] = {}
_knowing = Lock()


def are_whole(pairs: Collection[WholePair]) -> dict[WholePair, bool]:
    """Of each pair whether the two together lack nothing, once what the version has overruled is left out. Two queries
    for those that this process has not seen before."""
    # what this thread found stays its own: another one may clear the shared dict meanwhile
    found = {pair: is_whole for pair in pairs if (is_whole := _known.get(pair)) is not None}
    if unknown := [pair for pair in pairs if pair not in found]:
        rows = ItemVersion.objects.select_related("item").defer("item__values")
        versions = rows.in_bulk([one.version_id for one in unknown])
        guides = HallGuideVersion.objects.in_bulk([one.hall_guide_id for one in unknown])
        fresh = {pair: _is_whole(versions[pair.version_id], guides[pair.hall_guide_id]) for pair in unknown}
        found |= fresh
        with _knowing:
            if len(_known) + len(fresh) > _MOST_KNOWN:
                _known.clear()
            _known.update(fresh)
    return found


def _is_whole(version: ItemVersion, hall_guide: HallGuideVersion) -> bool:
    return fitting_and_found(version, hall_guide.values)[1].is_complete
