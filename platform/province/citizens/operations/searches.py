"""Who looks people up in a list, by their name or a number of theirs: that, too, is reading what is somebody's own."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.crypto.keyring import keyed_hash, keyring
from foundation.masking import mask_words
from foundation.rows import first_id_at
from foundation.text_encoding import without_spaces
from province.audit.operations import record_act
from province.audit.queries import entries_about
from province.rights.actors import Actor

# so long the same words of the same person are one search, whatever pages are turned
_ONE_SEARCH: Final = timedelta(minutes=30)


@transaction.atomic
def note_people_search(
    *, by: Actor, hall_id: UUID, things: str, words: str, number: int, person_id: UUID | None = None
) -> None:
    """Leave the entry that ``by`` has found people's things by who they are: what was typed, masked, and how many were
    found; one entry for half an hour of the same words. Who calls has asked for the right. ``things``: of what the list
    is (办件); ``person_id``: of the citizen, where all are of one."""
    search_id = _id_of(by, hall_id, things, words)
    # of two pages asked for at once the second sees the first's entry
    hold_name(f"citizens.searches {search_id}")
    since = first_id_at((timezone.now() - _ONE_SEARCH).timestamp())
    if entries_about(search_id).filter(pk__gte=since).exists():
        return
    record_act(
        by=by,
        act="citizens.search_people",
        object_type="people_search",
        object_id=search_id,
        hall_id=hall_id,
        person_id=person_id,
        changes={"things": [None, things], "words": [None, mask_words(words)], "found": [None, number]},
    )


def _id_of(by: Actor, hall_id: UUID, things: str, words: str) -> UUID:
    """Of the same words by the same person, alike; from which nobody learns the words."""
    plain = without_spaces(words).lower()
    facts = "\0".join(["people_search", str(hall_id), str(by.id), str(by.acting_for_id), things, plain])
    return UUID(keyed_hash(keyring().index_key, facts.encode())[:32])
