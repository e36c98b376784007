"""The audit's tables as plain rows, which a test bends as it likes; and the ways in which somebody would.

The attacker is the database's superuser: they may change every row and column, and compute all that needs no key.
"""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from foundation.crypto.sm3 import sm3
from foundation.digests import DigestField
from province.audit.models import (
    CENSUS,
    DAYS,
    PROVINCE,
    AuditDay,
    AuditEntry,
    AuditHead,
    AuditLink,
    AuditPending,
    AuditSeal,
    Facts,
    canonical,
    facts_of,
    genesis,
)
from province.audit.models.chain import HEAD_FIELDS, LINK_FIELDS, link_hash
from province.audit.models.entries import ENTRY_FIELDS
from province.audit.models.seals import DAY_FIELDS, SEAL_FIELDS, day_hash, seal_line
from province.audit.queries.records import Record

_MODELS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "entries": (AuditEntry, (*ENTRY_FIELDS, "digest")),
    "links": (AuditLink, LINK_FIELDS),
    "heads": (AuditHead, HEAD_FIELDS),
    "seals": (AuditSeal, SEAL_FIELDS),
    "days": (AuditDay, DAY_FIELDS),
    "pending": (AuditPending, ("id", "created_at")),
}
_DIGITS = "0123456789abcdef"
_NO_CHAINS = {str(DAYS), str(CENSUS)}


@dataclass
class Tables:
    entries: list[Facts]
    links: list[Facts]
    heads: list[Facts]
    seals: list[Facts]
    days: list[Facts]
    pending: list[Facts]

    @classmethod
    def read(cls) -> "Tables":
        return cls(
            **{
                name: [facts_of(row, fields) for row in model.objects.order_by("id")]
                for name, (model, fields) in _MODELS.items()
            }
        )

    def copy(self) -> "Tables":
        return copy.deepcopy(self)

    def write_changes(self, before: "Tables") -> None:
        """Into the database: whatever table differs is written anew."""
        with connection.cursor() as cursor:
            for name, (model, _) in _MODELS.items():
                rows = getattr(self, name)
                if rows == getattr(before, name):
                    continue
                table = model._meta.db_table
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - the model's own name
                digests = [one.name for one in model._meta.fields if isinstance(one, DigestField)]
                written = [row | {one: rf"\x{row[one]}" for one in digests} for row in rows]
                cursor.execute(
                    f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s)",  # noqa: S608
                    [json.dumps(written)],
                )

    def records(self) -> Iterator[Record]:
        """As the database would be read (province/audit/queries/records.py)."""
        chains = {row["chain_id"] for row in (*self.links, *self.seals)} | {head["id"] for head in self.heads}
        for chain_id in sorted(chains - _NO_CHAINS):
            yield from self._records_of(chain_id)
        yield from self._records_outside()
        yield from (("day", day) for day in sorted(self.days, key=lambda row: row["number"]))
        yield from (("end", head) for head in self.heads if head["id"] in _NO_CHAINS)

    def _records_of(self, chain_id: str) -> Iterator[Record]:
        entries = {entry["id"]: entry for entry in self.entries}
        seals = sorted(self.seals, key=lambda row: (row["number"], row["id"]))
        yield from (("seal", seal) for seal in seals if seal["chain_id"] == chain_id)
        yield from (("link", link | {"entry": entries.get(link["id"])}) for link in self.chain(chain_id))
        yield from (("head", head) for head in self.heads if head["id"] == chain_id)

    def _records_outside(self) -> Iterator[Record]:
        entries, linked = {entry["id"] for entry in self.entries}, {link["id"] for link in self.links}
        waiting = {row["id"] for row in self.pending}
        for entry in sorted(self.entries, key=lambda row: row["id"]):
            if entry["id"] not in linked:
                yield "unlinked", {"entry": entry, "is_waiting": entry["id"] in waiting}
        yield "count", {"entries": len(self.entries)}
        yield from (("lost", {"id": row["id"]}) for row in self.pending if row["id"] not in entries)

    # -- what everybody can compute

    def chain(self, chain_id: str) -> list[Facts]:
        links = [link for link in self.links if link["chain_id"] == chain_id]
        return sorted(links, key=lambda row: (row["position"], row["id"]))

    def head(self, chain_id: str) -> Facts:
        return next(head for head in self.heads if head["id"] == chain_id)

    def entry(self, entry_id: str) -> Facts:
        return next(entry for entry in self.entries if entry["id"] == entry_id)

    def drop(self, links: list[Facts]) -> None:
        gone = {link["id"] for link in links}
        self.links = [link for link in self.links if link["id"] not in gone]
        self.entries = [entry for entry in self.entries if entry["id"] not in gone]

    def chain_again(self, chain_id: str) -> None:
        """Positions without a gap, hashes that follow, a head that fits: a chain that anybody would believe."""
        found, links = genesis(chain_id), self.chain(chain_id)
        for position, link in enumerate(links, start=1):
            link["position"] = position
            digest = self.entry(link["id"])["digest"]
            found = link_hash(previous=found, digest=digest, position=position, entry_id=link["id"])
            link["hash"] = found
        self.head(chain_id).update(position=len(links), hash=found)

    def seal_again(self) -> None:
        """Seals that name the hashes at their positions, and days that fit them; only the signatures cannot be made."""
        hashes = {(link["chain_id"], link["position"]): link["hash"] for link in self.links}
        for seal in self.seals:
            seal["hash"] = hashes.get((seal["chain_id"], seal["position"]), seal["hash"])
        self.days_again()

    def days_again(self) -> None:
        found = genesis(str(DAYS))
        for number, day in enumerate(sorted(self.days, key=lambda row: row["number"]), start=1):
            seals = [seal for seal in self.seals if seal["number"] == day["number"]]
            seals.sort(key=lambda seal: seal["chain_id"])
            day["root"] = sm3(b"".join(map(seal_line, seals))).hex()
            day["seals"], day["number"] = len(seals), number
            found = day["hash"] = day_hash(day, previous=found)
        self.head(str(DAYS)).update(position=len(self.days), sealed_position=len(self.days), hash=found)


type Bend = Callable[[Random, Tables], str]


def edit_a_column(rng: Random, tables: Tables) -> str:
    name = rng.choice(["entries", "entries", "entries", "links", "seals", "days", "heads"])
    row = rng.choice(getattr(tables, name))
    column = rng.choice(sorted(row))
    row[column] = _another(rng, row[column], column)
    return f"{name}.{column}"


def _another(rng: Random, value: Any, column: str) -> Any:
    """Another value that the column takes."""
    if column == "changes":
        another = value | {"state": ["withdrawn", rng.choice(["live", "gone"])]}
    elif column.endswith("_id") or column == "id":
        another = str(UUID(int=rng.getrandbits(128)))
    elif column == "created_at":
        another = f"{value[:-7]}{(int(value[-7:-1]) + rng.randint(1, 999)) % 1_000_000:06}Z"
    elif column == "sealed_on":
        another = f"2025-01-{rng.randint(1, 28):02}"
    elif isinstance(value, int):
        another = value + rng.choice([-1, 1, 7]) if value else value + 1
    elif value and set(value) <= set(_DIGITS):
        place = rng.randrange(len(value))
        another = value[:place] + rng.choice(_DIGITS.replace(value[place], "")) + value[place + 1 :]
    else:
        another = f"{value}{rng.choice(['', ' '])}改"
    return another


def edit_and_digest_again(rng: Random, tables: Tables) -> str:
    """The best that can be done without the key: a digest of the right look, and a chain that fits."""
    entry = rng.choice(tables.entries)
    entry["reason"] = f"改{rng.random()}"
    entry["digest"] = sm3(canonical("entry/1", {name: entry[name] for name in ENTRY_FIELDS})).hex()
    if rng.random() < 0.7:
        tables.chain_again(_chain_of(entry))
        tables.seal_again()
    return "edit, digest and chain again"


def delete_an_entry(rng: Random, tables: Tables) -> str:
    entry = rng.choice(tables.entries)
    tables.entries.remove(entry)
    return "delete an entry alone"


def delete_a_link(rng: Random, tables: Tables) -> str:
    tables.links.remove(rng.choice(tables.links))
    return "delete a link alone"


def delete_from_the_middle(rng: Random, tables: Tables) -> str:
    links = _a_chain(rng, tables)
    start = rng.randrange(len(links) - 1)
    chain_id = links[0]["chain_id"]
    tables.drop(links[start : start + rng.randint(1, 3)])
    how = rng.choice(["as is", "chained again", "sealed again"])
    if how != "as is":
        tables.chain_again(chain_id)
    if how == "sealed again":
        tables.seal_again()
    return f"delete from the middle, {how}"  # noqa: S608 - no SQL


def delete_the_tail(rng: Random, tables: Tables) -> str:
    links = _a_chain(rng, tables)
    chain_id = links[0]["chain_id"]
    tables.drop(links[max(1, len(links) - rng.randint(1, 4)) :])
    how = rng.choice(["as is", "with the head", "with the head's own mac", "with seals"])
    if how != "as is":
        last = tables.chain(chain_id)[-1]
        tables.head(chain_id).update(position=last["position"], hash=last["hash"])
    if how == "with the head's own mac":
        tables.head(chain_id)["mac"] = last["mac"]
    if how == "with seals":
        tables.seals = [s for s in tables.seals if s["chain_id"] != chain_id or s["position"] <= last["position"]]
        sealed = [s["position"] for s in tables.seals if s["chain_id"] == chain_id]
        tables.head(chain_id)["sealed_position"] = max(sealed, default=0)
        tables.days_again()
    return f"delete the tail, {how}"


def swap_contents(rng: Random, tables: Tables) -> str:
    one, other = rng.sample(tables.entries, 2)
    one["id"], other["id"] = other["id"], one["id"]
    return "swap two entries"


def swap_places(rng: Random, tables: Tables) -> str:
    links = _a_chain(rng, tables)
    one, other = rng.sample(links, 2)
    one["position"], other["position"] = other["position"], one["position"]
    how = rng.choice(["as is", "chained again"])
    if how != "as is":
        tables.chain_again(one["chain_id"])
        tables.seal_again()
    return f"swap two links, {how}"


def insert_a_forged_one(rng: Random, tables: Tables) -> str:
    entry = copy.deepcopy(rng.choice(tables.entries))
    entry["id"] = str(UUID(int=rng.getrandbits(128)))
    entry["actor_name"] = "没有做过的人"
    how = rng.choice(["waiting", "alone", "at the end", "in the middle", "a copy"])
    if how == "a copy":
        entry = copy.deepcopy(rng.choice(tables.entries))
    tables.entries.append(entry)
    if how == "waiting":
        tables.pending.append({"id": entry["id"], "created_at": entry["created_at"]})
    if how in {"at the end", "in the middle"}:
        chain_id = _chain_of(entry)
        links = tables.chain(chain_id)
        at = len(links) + 1 if how == "at the end" else rng.randint(1, len(links))
        for link in links[at - 1 :]:
            link["position"] += 1
        model = links[0]
        tables.links.append(model | {"id": entry["id"], "position": at})
        tables.chain_again(chain_id)
        if rng.random() < 0.5:
            tables.seal_again()
    return f"insert a forged entry, {how}"


def duplicate_a_link(rng: Random, tables: Tables) -> str:
    link = copy.deepcopy(rng.choice(tables.links))
    if rng.random() < 0.5:
        link["position"] = tables.head(link["chain_id"])["position"] + 1
        tables.head(link["chain_id"]).update(position=link["position"])
    tables.links.append(link)
    return "the same link twice"


def move_to_another_hall(rng: Random, tables: Tables) -> str:
    link = rng.choice(tables.links)
    entry, chain_id = tables.entry(link["id"]), link["chain_id"]
    other = rng.choice([head["id"] for head in tables.heads if head["id"] not in {chain_id, *_NO_CHAINS}])
    how = rng.choice(["the entry", "the link", "both", "both, chained again"])
    if how != "the link":
        entry["hall_id"] = None if other == str(PROVINCE) else other
    if how != "the entry":
        link["chain_id"], link["position"] = other, tables.head(other)["position"] + 1
    if how == "both, chained again":
        tables.chain_again(chain_id)
        tables.chain_again(other)
        tables.seal_again()
    return f"move to another hall: {how}"


def delete_seals(rng: Random, tables: Tables) -> str:
    how = rng.choice(["a seal", "a day", "the last day and its seals", "all of it"])
    if how == "a seal":
        tables.seals.remove(rng.choice(tables.seals))
        if rng.random() < 0.5:
            tables.days_again()
    elif how == "a day":
        tables.days.remove(rng.choice(tables.days))
    elif how == "the last day and its seals":
        last = max(day["number"] for day in tables.days)
        tables.days = [day for day in tables.days if day["number"] != last]
        tables.seals = [seal for seal in tables.seals if seal["number"] != last]
        end = max(tables.days, key=lambda day: day["number"])
        tables.head(str(DAYS)).update(position=end["number"], sealed_position=end["number"], hash=end["hash"])
    else:
        tables.days, tables.seals = [], []
        tables.heads = [head for head in tables.heads if head["id"] != str(DAYS)]
        for head in tables.heads:
            head["sealed_position"] = 0
    return f"delete {how}"


def delete_a_chain(rng: Random, tables: Tables) -> str:
    chain_id = _a_chain(rng, tables)[0]["chain_id"]
    tables.drop(tables.chain(chain_id))
    tables.heads = [head for head in tables.heads if head["id"] != chain_id]
    how = rng.choice(["as is", "with its seals"])
    if how == "with its seals":
        tables.seals = [seal for seal in tables.seals if seal["chain_id"] != chain_id]
        tables.days_again()
    tables.head(str(CENSUS))["position"] -= rng.randint(0, 1)
    return f"delete a whole chain, {how}"


def delete_what_waits(rng: Random, tables: Tables) -> str:
    if rng.random() < 0.5:
        tables.pending.remove(rng.choice(tables.pending))
        return "take an entry out of the queue"
    row = rng.choice(tables.pending)
    tables.entries = [entry for entry in tables.entries if entry["id"] != row["id"]]
    return "delete an entry that waits"


BENDS: tuple[Bend, ...] = (
    edit_a_column,
    edit_a_column,
    edit_a_column,
    edit_and_digest_again,
    delete_an_entry,
    delete_a_link,
    delete_from_the_middle,
    delete_the_tail,
    swap_contents,
    swap_places,
    insert_a_forged_one,
    duplicate_a_link,
    move_to_another_hall,
    delete_seals,
    delete_a_chain,
    delete_what_waits,
)


def _a_chain(rng: Random, tables: Tables) -> list[Facts]:
    return tables.chain(rng.choice(sorted({link["chain_id"] for link in tables.links})))


def _chain_of(entry: Facts) -> str:
    return entry["hall_id"] or str(PROVINCE)
