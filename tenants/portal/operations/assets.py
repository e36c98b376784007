"""Pictures and attachments of the hall's own articles."""

from dataclasses import asdict

from django.db import transaction

from foundation.files.store import Readable, StoredFacts, store_file
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require_work_at
from tenants.portal.models import HallAsset
from tenants.portal.operations.figures import check_inside

ALT_LENGTH = 200


def add_asset(*, by: Actor, hall: Hall, name: str, content: Readable, alt: str = "") -> HallAsset:
    """Check and keep a file; for a file that is there already, return its row. Raises Invalid where it is refused.

    The file is in the store before its row is: a row never names a file that is not there, and a transaction does not
    wait for the store.
    """
    check_inside(hall)
    require_work_at(by, "portal.write", hall_id=hall.id)
    return keep_asset(by, hall, store_file(folder=hall.folder, name=name, content=content), alt)


@transaction.atomic
def keep_asset(by: Actor, hall: Hall, facts: StoredFacts, alt: str) -> HallAsset:
    """The row of a file that lies in the hall's folder."""
    alt = " ".join(alt.replace("\x00", "").split())[:ALT_LENGTH]
    asset, is_new = HallAsset.objects.get_or_create(key=facts.key, defaults={**asdict(facts), "alt": alt})
    if is_new:
        record_act(
            by=by,
            act="portal.add_asset",
            object_type="asset",
            object_id=asset.id,
            hall_id=hall.id,
            changes={"name": [None, asset.name]},
        )
    elif alt and not asset.alt:
        asset.alt = alt
        asset.save(update_fields=["alt"])
    return asset
