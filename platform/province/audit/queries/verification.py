"""Find every edit, deletion, insertion, duplicate, gap and change of order in a stream of records (records.py)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.utils import timezone

from foundation.crypto.sm2 import is_signed
from foundation.crypto.sm3 import hmac_sm3
from province.audit.models import CENSUS, DAYS, PROVINCE, AuditEntry, Facts, actor_words, canonical, facts_of, genesis
from province.audit.models.chain import head_mac, link_hash, link_mac
from province.audit.models.entries import ENTRY_FIELDS
from province.audit.models.facts import is_kept, plain
from province.audit.models.seals import day_hash, seal_line, seal_mac
from province.audit.queries.acts import act_label, object_label
from province.audit.queries.keys import AuditKeys, audit_keys
from province.audit.queries.records import Record
from province.audit.queries.witness import Witness

# a sealing is told at once, and again every hour where a witness was away
TOLD_WITHIN = timedelta(hours=1)
# beyond so many nobody reads on
MOST_FAULTS = 10_000


@dataclass(frozen=True, slots=True)
class AuditFault:
    """What is wrong (in Chinese) and where: the chain (a hall's id, or PROVINCE, DAYS or CENSUS), the position in it,
    the entry, when it was written and what it says was done ("" or None where that is not known)."""

    fault: str
    chain_id: str = ""
    position: int | None = None
    entry_id: str = ""
    at: str = ""
    what: str = ""


@dataclass(slots=True)
class AuditReport:
    """``is_keyed``: entries and links were checked with their key, and not the chain alone."""

    is_keyed: bool
    entries: int = 0
    chains: int = 0
    waiting: int = 0
    days: int = 0
    faults: list[AuditFault] = field(default_factory=list)


def verify(
    records: Iterable[Record],
    *,
    keys: AuditKeys | None,
    public_key: str,
    is_whole: bool = True,
    witnesses: Sequence[Witness] = (),
) -> AuditReport:
    """``keys``: None where the key is not known: then what the key protects is not looked at. ``public_key``: whose
    signatures count, in hexadecimal digits. ``is_whole``: not of one chain alone. ``witnesses``: who was
    told of sealings outside, asked before the records were read (queries/witness.py)."""
    check = _Check(keys, public_key, is_whole=is_whole)
    for kind, facts in records:
        try:
            check.take(kind, facts)
        except (KeyError, TypeError, ValueError, AttributeError):
            check.note("这一条的内容不完整或格式不对", entry_id=_text(facts.get("id")))
    check.finish()
    if is_whole:
        check.compare(witnesses)
    return check.report


@dataclass(slots=True)
class _Chain:
    """How far one chain has been followed."""

    id: str
    hash: str
    position: int = 0
    sealed_position: int = 0
    last_number: int = 0
    seals: dict[int, Facts] = field(default_factory=dict)
    has_head: bool = False


@dataclass(slots=True)
class _Day:
    """The seals met so far of one day."""

    root: hashes.Hash
    seals: int = 0


class _Check:
    def __init__(self, keys: AuditKeys | None, public_key: str, *, is_whole: bool) -> None:
        self._keys = keys
        self._public_key = public_key
        self._is_whole = is_whole
        self.report = AuditReport(is_keyed=keys is not None)
        self._chain: _Chain | None = None
        self._past: set[str] = set()
        self._days: dict[int, _Day] = {}
        self._numbers: set[int] = set()
        self._hashes: dict[int, str] = {}
        # as facts have times: they sort as they are
        self._made_at: dict[int, str] = {}
        self._end = _Chain(str(DAYS), genesis(str(DAYS)))
        self._last_day = ""
        self._last_unlinked = ""
        self._lacking = 0
        self._has_count = False
        self._has_census = False

    def note(self, fault: str, *, chain_id: str = "", position: int | None = None, entry_id: str = "") -> None:
        self._add(AuditFault(fault, chain_id, position, entry_id))

    def _add(self, fault: AuditFault) -> None:
        if len(self.report.faults) < MOST_FAULTS:
            self.report.faults.append(fault)

    def take(self, kind: str, facts: Facts) -> None:
        match kind:
            case "seal":
                self._take_seal(self._at(facts["chain_id"]), facts)
            case "link":
                self._take_link(self._at(facts["chain_id"]), facts)
            case "head":
                self._take_head(self._at(facts["id"]), facts)
            case "unlinked":
                self._take_unlinked(facts)
            case "count":
                self._take_count(int(facts["entries"]))
            case "misfit":
                self.note(
                    "合并保存的一段链残缺不全，或被改动", chain_id=facts["chain_id"], position=int(facts["position"])
                )
            case "lost":
                self.note("等待上链的记录已不存在：它在写入后被删除", entry_id=facts["id"])
            case "day":
                self._take_day(facts)
            case "end":
                self._take_end(facts)
            case _:
                self.note("有一条不认识的内容")

    def finish(self) -> None:
        self._leave_chain()
        for number in sorted(self._days.keys() - self._numbers):
            self.note(f"第 {number} 次封存不见了，而它封存的链还在", chain_id=str(DAYS), position=number)
        if not self._has_count:
            self.note("没有写明共有多少条记录")
        if self._end.position and not self._end.has_head:
            self.note("封存的末端记录不见了", chain_id=str(DAYS))
        if self._is_whole and self.report.chains and not self._has_census:
            self.note("链的总数记录不见了", chain_id=str(CENSUS))

    def compare(self, witnesses: Sequence[Witness]) -> None:
        """With what was seen outside: nobody who has the database alone can make all agree."""
        report = self.report
        if not report.entries and not report.waiting and not report.chains:
            self.note("审计里一条记录也没有：它是空的，或被清空")
        for witness in witnesses:
            self._compare_with(witness)

    def _compare_with(self, witness: Witness) -> None:
        late = plain(timezone.now() - TOLD_WITHIN)
        expected = {number for number, made_at in self._made_at.items() if made_at < late}
        if witness.seals is None:
            if expected:
                self.note(f"{witness.name}不存在或无法读取：整个审计被换回以前的样子时看不出来", chain_id=str(DAYS))
            return
        for number in sorted(witness.seals.keys() | expected):
            found, seen = self._hashes.get(number), witness.seals.get(number)
            if seen is None:
                message = f"第 {number} 次封存在{witness.name}里没有见证：见证被删除，或这次封存是后来添加的"
            elif found is None:
                message = (
                    f"{witness.name}里有第 {number} 次封存的见证，审计里没有："
                    "末尾被删除，或整个审计被清空、换回了以前的"
                )
            elif seen != {found}:
                message = f"第 {number} 次封存与{witness.name}里的见证不符：整个审计被重写或重新开始"
            else:
                continue
            self.note(message, chain_id=str(DAYS), position=number)

    # -- one chain

    def _at(self, chain_id: str) -> _Chain:
        if self._chain is None or self._chain.id != chain_id:
            self._leave_chain()
            if chain_id in self._past:
                self.note("同一条链的记录不在一处，次序被打乱", chain_id=chain_id)
            self._past.add(chain_id)
            self._chain = _Chain(chain_id, genesis(chain_id))
            self.report.chains += 1
        return self._chain

    def _leave_chain(self) -> None:
        chain, self._chain = self._chain, None
        if chain is None:
            return
        for position in sorted(chain.seals):
            self.note("封存过的位置上没有记录：它之后被删除了", chain_id=chain.id, position=position)
        if not chain.has_head:
            self.note("链的末端记录不见了", chain_id=chain.id, position=chain.position)

    def _take_seal(self, chain: _Chain, seal: Facts) -> None:
        number, position = int(seal["number"]), int(seal["position"])
        day = self._days.setdefault(number, _Day(hashes.Hash(hashes.SM3())))
        day.root.update(seal_line(seal))
        day.seals += 1
        if number <= chain.last_number or position <= chain.sealed_position:
            self.note("封存的次序不对：有一条被改动、重复或调换", chain_id=chain.id, position=position)
        if self._keys and seal_mac(self._keys.seals, seal) != seal["mac"]:
            self.note(f"第 {number} 次封存中这条链的封存被改动或伪造", chain_id=chain.id, position=position)
        chain.last_number, chain.sealed_position = number, position
        chain.seals[position] = seal

    def _take_link(self, chain: _Chain, link: Facts) -> None:
        position, entry = int(link["position"]), link["entry"]
        self.report.entries += 1
        expected = chain.position + 1
        if position > expected:
            lacking = f"第 {expected} 条" if position == expected + 1 else f"第 {expected} 至 {position - 1} 条"
            self._say(link, f"它前面少了{lacking}：被删除")
        elif position < expected or chain.has_head:
            self._say(link, "位置与别的记录重复，或次序被调换")
        if entry is None:
            self._lacking += 1
            self._say(link, "记录被删除，只剩下它在链上的位置")
        elif (fault := self._entry_fault(entry, link)) or (fault := self._link_fault(chain, link, entry)):
            self._say(link, fault)
        seal = chain.seals.pop(position, None)
        if seal and seal["hash"] != link["hash"]:
            self._say(link, f"与第 {seal['number']} 次封存的摘要不符：这条链在封存之后被改写")
        chain.position, chain.hash = max(position, chain.position), link["hash"]

    def _entry_fault(self, entry: Facts, link: Facts) -> str:
        if entry["id"] != link["id"]:
            return "这个位置上换成了另一条记录"
        if (entry["hall_id"] or str(PROVINCE)) != link["chain_id"]:
            return "记录被移到了别的厅"
        if self._keys and not is_kept(entry["digest"], _digest(self._keys, entry)):
            return "内容被改动，或不是由程序写入的"
        return ""

    def _link_fault(self, chain: _Chain, link: Facts, entry: Facts) -> str:
        position = int(link["position"])
        found = link_hash(previous=chain.hash, digest=entry["digest"], position=position, entry_id=entry["id"])
        if found != link["hash"]:
            return "与前一条接不上：这一条或前一条被改动、插入或调换"
        if self._keys and not is_kept(link["mac"], link_mac(self._keys.links, link)):
            return "链上的位置被改写，不是由程序写入的"
        return ""

    def _take_head(self, chain: _Chain, head: Facts) -> None:
        position = int(head["position"])
        if chain.has_head:
            self.note("链的末端记录出现两次", chain_id=chain.id, position=position)
        chain.has_head = True
        if position > chain.position:
            self.note(f"末尾少了第 {chain.position + 1} 至 {position} 条：被删除", chain_id=chain.id, position=position)
        elif position < chain.position or head["hash"] != chain.hash:
            self.note("链的末端与最后一条记录不符：末尾被改写或添加", chain_id=chain.id, position=chain.position)
        if int(head["sealed_position"]) != chain.sealed_position:
            self.note("末端记下的封存位置与封存不符：有封存被删除或添加", chain_id=chain.id, position=position)
        self._check_mac(head)

    def _check_mac(self, head: Facts) -> None:
        if self._keys and head_mac(self._keys.heads, head) != head["mac"]:
            self.note(
                "链的末端被改写，不是由程序写入的：末尾可能被删除", chain_id=head["id"], position=int(head["position"])
            )

    # -- beside the chains

    def _take_unlinked(self, facts: Facts) -> None:
        self._leave_chain()
        entry = facts["entry"]
        self.report.waiting += 1
        if entry["id"] <= self._last_unlinked:
            self._say_entry(entry, "同一条记录出现两次，或次序被调换")
        self._last_unlinked = entry["id"]
        if not facts["is_waiting"]:
            self._say_entry(entry, "不在任何链上：它被插入，或它在链上的位置被删除")
        elif self._keys and not is_kept(entry["digest"], _digest(self._keys, entry)):
            self._say_entry(entry, "内容被改动，或不是由程序写入的（尚未上链）")

    def _take_count(self, entries: int) -> None:
        self._has_count = True
        met = self.report.entries - self._lacking + self.report.waiting
        if entries != met:
            self.note(f"应有 {met} 条记录，实有 {entries} 条：有记录被重复插入，或被移到别的厅")

    def _take_day(self, day: Facts) -> None:
        self._leave_chain()
        number, met = int(day["number"]), self._days.get(int(day["number"]))
        end = self._end
        self._numbers.add(number)
        self._hashes[number] = _text(day["hash"])
        self._made_at[number] = _text(day["created_at"])
        self.report.days += 1
        faults = []
        if number != end.position + 1 or day["sealed_on"] < self._last_day:
            faults.append("前面少了一次封存，或次序被调换")
        if day_hash(day, previous=end.hash) != day["hash"]:
            faults.append("与前一次封存接不上：内容被改动")
        if self._is_whole and (
            (met.seals if met else 0) != int(day["seals"]) or not met or met.root.copy().finalize().hex() != day["root"]
        ):
            faults.append("所封存的各链末端被改动、添加或删除")
        if day["public_key"] != self._public_key:
            faults.append("不是用本平台的签名密钥签的")
        elif not is_signed(
            bytes.fromhex(day["public_key"]), bytes.fromhex(day["hash"]), bytes.fromhex(day["signature"])
        ):
            faults.append("签名不对")
        for fault in faults:
            self.note(f"{day['sealed_on']} 的封存：{fault}", chain_id=str(DAYS), position=number)
        end.position, end.hash, self._last_day = number, day["hash"], day["sealed_on"]

    def _take_end(self, head: Facts) -> None:
        self._leave_chain()
        position = int(head["position"])
        if head["id"] == str(DAYS):
            self._end.has_head = True
            if (position, head["hash"]) != (self._end.position, self._end.hash):
                self.note("封存的末端不符：最后的封存被删除或改写", chain_id=str(DAYS), position=position)
        elif head["id"] == str(CENSUS):
            self._has_census = True
            if position != self.report.chains:
                self.note(
                    f"应有 {position} 条链，只有 {self.report.chains} 条：整条链被删除或添加", chain_id=str(CENSUS)
                )
        self._check_mac(head)

    # -- in words

    def _say(self, link: Facts, fault: str) -> None:
        entry = link["entry"] or {}
        self._add(
            AuditFault(
                fault,
                chain_id=_text(link["chain_id"]),
                position=int(link["position"]),
                entry_id=_text(link["id"]),
                at=_text(entry.get("created_at")),
                what=_what(entry),
            )
        )

    def _say_entry(self, entry: Facts, fault: str) -> None:
        self._add(
            AuditFault(
                fault,
                chain_id=entry["hall_id"] or str(PROVINCE),
                entry_id=_text(entry["id"]),
                at=_text(entry["created_at"]),
                what=_what(entry),
            )
        )


def is_as_written(entry: AuditEntry) -> bool:
    """Whether this one entry is as the program wrote it; whether it is still where it was, ``verify`` says."""
    return is_kept(entry.digest, _digest(audit_keys(), facts_of(entry, ENTRY_FIELDS)))


def _digest(keys: AuditKeys, entry: Facts) -> str:
    return hmac_sm3(keys.entries, canonical("entry/1", {name: entry[name] for name in ENTRY_FIELDS})).hex()


def _what(entry: Facts) -> str:
    """As far as it can be believed: who did what to what."""
    if not entry:
        return ""
    act, kind = _text(entry.get("act")), _text(entry.get("object_type"))
    who = actor_words(_text(entry.get("actor_name")), _text(entry.get("acting_for_name")))
    return f"{who} {act_label(act)}（{object_label(kind)}）"


def _text(value: Any) -> str:
    return "" if value is None else str(value)
