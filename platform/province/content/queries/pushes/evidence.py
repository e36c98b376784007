"""The frozen rows of a proof: packed, chained by SM3, and held against what the audit says of them."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from foundation.crypto.sm3 import sm3
from province.audit.queries.entries import entries_about
from province.audit.queries.verification import is_as_written
from province.content.looking.sites import Sighting
from province.content.models import ProofBatch, PushProof
from province.content.states import Outcome

SEALED = "content.seal_proof"
_CHANGED = "核验记录被改动，与封存时的摘要不符。"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A hall as of the proof's beginning; ``prefix`` and ``county``: of the county that it counts for."""

    number: int
    code: str
    prefix: str
    county: str
    name: str
    domain: str
    column: str


@dataclass(slots=True)
class Evidence:
    """What a proof holds; ``fault`` says in Chinese what was done to it since ("": nothing)."""

    roster: list[RosterLine] = field(default_factory=list)
    seen: dict[int, Sighting] = field(default_factory=dict)
    fault: str = ""


def pack_roster(lines: Iterable[RosterLine]) -> bytes:
    return _packed([one.number, one.code, one.prefix, one.county, one.name, one.domain, one.column] for one in lines)


def pack_rows(sightings: Iterable[Sighting]) -> bytes:
    return _packed(
        [
            one.number,
            str(one.outcome),
            int(one.looked_at.timestamp() * 1000),
            one.statuses,
            one.digest,
            one.seen,
            one.faulty,
        ]
        for one in sightings
    )


def numbers_by_fault(sightings: Iterable[Sighting]) -> dict[str, list[int]]:
    """Outcome -> the halls' numbers, of those that were not right."""
    found = list(sightings)
    faults = (Outcome.WRONG, Outcome.UNREACHABLE)
    return {str(fault): [one.number for one in found if one.outcome == fault] for fault in faults}


def roster_of(proof: PushProof) -> list[RosterLine]:
    return [RosterLine(*row) for row in _unpacked(proof.roster)]


def rows_of(proof: PushProof) -> list[Sighting]:
    """What was seen so far, in the order in which it was taken."""
    batches = ProofBatch.objects.filter(proof=proof).order_by("number").values_list("rows", flat=True)
    return [_sighting(row) for rows in batches for row in _unpacked(rows)]


def first_digest(proof: PushProof) -> str:
    """Over who looks, for what, and at which halls."""
    facts = {
        "id": str(proof.pk),
        "push": str(proof.push_id),
        "turn": proof.turn,
        "expectation": proof.expectation,
        "vantage": str(proof.vantage),
        "looker": [str(proof.looker_id), proof.looker_name],
        "address": proof.address,
        "started_at": proof.started_at.astimezone(UTC).isoformat(),
        "expected": proof.expected,
    }
    head = json.dumps(facts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sm3(b"proof/1\n" + head.encode() + b"\n" + bytes(proof.roster)).hex()


def next_digest(digest: str, rows: bytes) -> str:
    return sm3(bytes.fromhex(digest) + rows).hex()


def evidence_of(proof: PushProof) -> Evidence:
    """Everything that the proof holds, checked on the way: two queries, three once it has ended."""
    evidence = Evidence()
    digest = first_digest(proof)
    try:
        evidence.roster = roster_of(proof)
        for number, batch in enumerate(ProofBatch.objects.filter(proof=proof).order_by("number")):
            digest = next_digest(digest, bytes(batch.rows))
            rows = [_sighting(row) for row in _unpacked(batch.rows)]
            named = {"wrong": batch.wrong, "unreachable": batch.unreachable}
            if digest != batch.digest or number != batch.number or named != numbers_by_fault(rows):
                evidence.fault = _CHANGED
            evidence.seen |= {one.number: one for one in rows}
    except (zlib.error, ValueError, TypeError):
        evidence.fault = _CHANGED
    if not evidence.fault:
        evidence.fault = _fault_of_end(proof, digest, evidence)
    return evidence


def _fault_of_end(proof: PushProof, digest: str, evidence: Evidence) -> str:
    outcomes = [one.outcome for one in evidence.seen.values()]
    counts = {str(one): outcomes.count(one) for one in Outcome}
    if digest != proof.digest or any(getattr(proof, name) != count for name, count in counts.items()):
        return _CHANGED
    if proof.expected != len(evidence.roster) or not evidence.seen.keys() <= {one.number for one in evidence.roster}:
        return _CHANGED
    if proof.finished_at is None or proof.is_overtaken:
        return ""
    entry = entries_about(proof.pk).filter(act=SEALED).first()
    if entry is None:
        return "审计中没有这次核验的封存记录。"
    if not is_as_written(entry):
        return "审计中的封存记录被改动。"
    return "" if entry.changes.get("digest") == [None, digest] else "核验记录与审计中的封存摘要不符。"


def _packed(rows: Iterable[Sequence[Any]]) -> bytes:
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return zlib.compress("\n".join(lines).encode())


def _unpacked(packed: bytes | memoryview) -> list[list[Any]]:
    return [json.loads(line) for line in zlib.decompress(packed).decode().split("\n") if line]


def _sighting(row: list[Any]) -> Sighting:
    number, outcome, at, statuses, digest, seen, faulty = row
    looked_at = datetime.fromtimestamp(at / 1000, UTC)
    return Sighting(number, Outcome(outcome), looked_at, seen, tuple(statuses), digest, faulty)
