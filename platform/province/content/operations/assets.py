from dataclasses import asdict

from django.db import transaction

from foundation.errors import Fault, Invalid
from foundation.files.store import Readable, StoredFacts, store_file
from foundation.texts import line_of
from province.audit.operations import record_act
from province.content.models import Asset
from province.content.queries.desks import check_desk, check_desk_reach
from province.rights.actors import Actor
from province.rights.queries import require_work_at

LONGEST_ALT = 200


def add_asset(*, by: Actor, desk_prefix: str, name: str, content: Readable, alt: str = "") -> Asset:
    """Keep an image or attachment for the desk's manuscripts. For a file that the desk has already, return the asset
    that is there.

    The object goes into the store before the row is written, and outside the transaction: no row is without its
    object, and no upload holds the database. Raises Invalid where the file is refused.
    """
    check_desk_reach(by, desk_prefix, "个编辑部")
    require_work_at(by, "content.write", prefix=desk_prefix)
    check_desk(desk_prefix)
    alt = _clean_alt(alt)
    facts = store_file(folder=desk_folder(desk_prefix), name=name, content=content)
    return file_asset(by=by, desk_prefix=desk_prefix, facts=facts, alt=alt)


@transaction.atomic
def file_asset(*, by: Actor, desk_prefix: str, facts: StoredFacts, alt: str) -> Asset:
    """Write the row of a file that lies in the desk's folder already, or return the row that is there."""
    asset, is_new = Asset.objects.get_or_create(
        key=facts.key,
        defaults={**asdict(facts), "desk_prefix": desk_prefix, "alt": alt},
    )
    if is_new:
        record_act(by=by, act="content.add_asset", object_type="asset", object_id=asset.id)
    elif alt and not asset.alt:
        asset.alt = alt
        asset.save(update_fields=["alt"])
    return asset


@transaction.atomic
def describe_asset(*, by: Actor, asset: Asset, alt: str) -> Asset:
    """Say what a picture shows, for people who cannot see it (替代文字)."""
    check_desk_reach(by, asset.desk_prefix, "个文件")
    require_work_at(by, "content.write", prefix=asset.desk_prefix)
    locked = Asset.objects.select_for_update().get(pk=asset.pk)
    before, locked.alt = locked.alt, _clean_alt(alt)
    locked.save(update_fields=["alt"])
    record_act(
        by=by,
        act="content.describe_asset",
        object_type="asset",
        object_id=asset.id,
        changes={"alt": [before, locked.alt]},
    )
    return locked


def desk_folder(desk_prefix: str) -> str:
    """Where a desk's files lie in the store."""
    return f"desks/{desk_prefix}"


def _clean_alt(alt: str) -> str:
    alt = line_of(alt)
    if len(alt) > LONGEST_ALT:
        message = f"替代文字过长，最多 {LONGEST_ALT} 个字。"
        raise Invalid(message, faults=[Fault("alt", message)])
    return alt
