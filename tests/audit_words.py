"""Whatever any test leaves in the audit is said in Chinese there: the act, its object, each changed field and code.

Which fields there are cannot be read from the source alone: many operations take their changes from a table of facts.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models.signals import post_init
from django.dispatch import receiver

from province.audit.models import AuditEntry
from province.audit.queries.acts import (
    all_acts,
    all_objects,
    code_namer,
    field_label,
    referred_object,
    value_label,
)

_UNNAMED = field_label("")
_CODE = re.compile(r"[a-z]+(?:[._][a-z]+)*\Z")
# acts that tests make up
_MADE_UP = {"a.b", "cases.submit"}
# fields whose values are people's own words, and may look like codes
_OWN_WORDS = {
    *("acts", "connector", "credential_name", "domain", "external_id", "file_name"),
    *("locked_by_name", "name", "reference", "room", "slug", "source", "title"),
}

# what the test that runs has left without a name
unnamed: set[str] = set()


@receiver(post_init, sender=AuditEntry)
def _look_at(instance: AuditEntry, **_: object) -> None:
    unnamed.update(words_missing(instance))


def words_missing(entry: AuditEntry) -> Iterator[str]:
    """What of the entry an auditor would not read in Chinese."""
    if entry.act in _MADE_UP:
        return
    if entry.act not in all_acts():
        yield f"操作 {entry.act}"
    if entry.object_type not in all_objects():
        yield f"对象 {entry.object_type}"
    for name, value in entry.changes.items():
        if field_label(name, entry.act) == _UNNAMED:
            yield f"{entry.act} 的 {name}"
        elif name not in _OWN_WORDS and not code_namer(name) and not referred_object(name):
            yield from (f"{entry.act} 的 {name} = {code}" for code in _codes_in(entry, name, value))


def _codes_in(entry: AuditEntry, name: str, value: Any) -> Iterator[str]:
    match value:
        case str() if _CODE.match(value) and value_label(entry.object_type, name, value) == value:
            yield value
        case list():
            for one in value:
                yield from _codes_in(entry, name, one)
        case dict():
            for key, one in value.items():
                if value_label(entry.object_type, name, {key: 1}, act=entry.act).startswith(f"{_UNNAMED}："):
                    yield key
                yield from _codes_in(entry, key, one)
