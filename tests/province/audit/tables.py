"""The audit's tables as plain rows, which a test bends as it likes (bends.py, pack_bends.py).

The attacker is the database's superuser: they may change every row and column, and compute all that needs no key.
"""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from foundation.crypto.sm3 import sm3
from foundation.digests import DigestField
from province.audit.models import (
    CENSUS,
    DAYS,
    AuditDay,
    AuditEntry,
    AuditHead,
    AuditLink,
    AuditPack,
    AuditPending,
    AuditSeal,
    Facts,
    facts_of,
    genesis,
)
from province.audit.models.chain import HEAD_FIELDS, LINK_FIELDS, link_hash
from province.audit.models.entries import ENTRY_FIELDS
from province.audit.models.facts import plain
from province.audit.models.seals import DAY_FIELDS, SEAL_FIELDS, day_hash, seal_line
from province.audit.queries.records import Record

_MODELS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "entries": (AuditEntry, (*ENTRY_FIELDS, "digest")),
    "links": (AuditLink, LINK_FIELDS),
    "packs": (AuditPack, ("id", "created_at", "chain_id", "position", "ids", "times", "hashes", "macs")),
    "heads": (AuditHead, HEAD_FIELDS),
    "seals": (AuditSeal, SEAL_FIELDS),
    "days": (AuditDay, DAY_FIELDS),
    "pending": (AuditPending, ("id", "created_at")),
}
# what is no column of its own: it follows from the id
DERIVED = {"entries": {"created_at"}}
NO_CHAINS = {str(DAYS), str(CENSUS)}


@dataclass
class Tables:
    entries: list[Facts]
    links: list[Facts]
    packs: list[Facts]
    heads: list[Facts]
    seals: list[Facts]
    days: list[Facts]
    pending: list[Facts]

    @classmethod
    def read(cls) -> "Tables":
        return cls(
            **{
                name: [_listed(facts_of(row, fields)) for row in model.objects.order_by("id")]
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
                columns = ", ".join(one.column for one in model._meta.fields if not one.generated)
                written = [row | {one: rf"\x{row[one]}" for one in digests} for row in rows]
                cursor.execute(
                    f"INSERT INTO {table} ({columns}) SELECT {columns}"  # noqa: S608 - the model's own names
                    f" FROM jsonb_populate_recordset(NULL::{table}, %s)",
                    [json.dumps(written)],
                )

    def records(self) -> Iterator[Record]:
        """As the database would be read (province/audit/queries/records.py)."""
        rows = (*self.links, *self.packs, *self.seals)
        chains = {row["chain_id"] for row in rows} | {head["id"] for head in self.heads}
        for chain_id in sorted(chains - NO_CHAINS):
            yield from self._records_of(chain_id)
        yield from self._records_outside()
        yield from (("day", day) for day in sorted(self.days, key=lambda row: row["number"]))
        yield from (("end", head) for head in self.heads if head["id"] in NO_CHAINS)

    def _records_of(self, chain_id: str) -> Iterator[Record]:
        entries = {entry["id"]: entry for entry in self.entries}
        seals = sorted(self.seals, key=lambda row: (row["number"], row["id"]))
        yield from (("seal", seal) for seal in seals if seal["chain_id"] == chain_id)
        links = [link for link in (*self.links, *self._packed()) if link["chain_id"] == chain_id]
        links.sort(key=lambda row: (row["position"], row["id"]))
        yield from (("link", link | {"entry": entries.get(link["id"])}) for link in links)
        yield from (("head", head) for head in self.heads if head["id"] == chain_id)

    def _records_outside(self) -> Iterator[Record]:
        entries = {entry["id"] for entry in self.entries}
        linked = {link["id"] for link in self.links} | {id_ for pack in self.packs for id_ in pack["ids"]}
        waiting = {row["id"] for row in self.pending}
        for entry in sorted(self.entries, key=lambda row: row["id"]):
            if entry["id"] not in linked:
                yield "unlinked", {"entry": entry, "is_waiting": entry["id"] in waiting}
        yield "count", {"entries": len(self.entries)}
        for pack in self.packs:
            if not as_row(pack).is_whole:
                yield "misfit", {name: pack[name] for name in ("id", "chain_id", "position")}
        yield from (("lost", {"id": row["id"]}) for row in self.pending if row["id"] not in entries)

    def _packed(self) -> Iterator[Facts]:
        for pack in self.packs:
            yield from (facts_of(link, LINK_FIELDS) for link in as_row(pack).links())

    def bend_links(self, bend: "Bend", rng: Random) -> str:
        """Packed links as if each were a row of its own, put back into packs of whatever follows one another."""
        groups = [set(pack["ids"]) for pack in self.packs]
        self.links += self._packed()
        self.packs = []
        said = bend(rng, self)
        for group in groups:
            packed = [link for link in self.links if link["id"] in group]
            self.links = [link for link in self.links if link["id"] not in group]
            packed.sort(key=lambda link: (link["chain_id"], link["position"]))
            run: list[Facts] = []
            for link in packed:
                if run and (link["chain_id"], link["position"]) != (run[-1]["chain_id"], run[-1]["position"] + 1):
                    self.packs.append(pack_of(run))
                    run = []
                run.append(link)
            if run:
                self.packs.append(pack_of(run))
        return said

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


def _listed(facts: Facts) -> Facts:
    return {name: [plain(one) for one in value] if isinstance(value, list) else value for name, value in facts.items()}


def as_row(pack: Facts) -> AuditPack:
    """As it is read: of a pack that was bent as well."""
    ids, times = [UUID(one) for one in pack["ids"]], [datetime.fromisoformat(one) for one in pack["times"]]
    row = AuditPack(**pack | {"ids": ids, "times": times})
    row.id, row.created_at = UUID(pack["id"]), datetime.fromisoformat(pack["created_at"])
    return row


def pack_of(links: list[Facts]) -> Facts:
    return {
        "id": max(link["id"] for link in links),
        "created_at": links[-1]["created_at"],
        "chain_id": links[0]["chain_id"],
        "position": links[0]["position"],
        "ids": [link["id"] for link in links],
        "times": [link["created_at"] for link in links],
        "hashes": "".join(link["hash"] for link in links),
        "macs": "".join(link["mac"] for link in links),
    }
