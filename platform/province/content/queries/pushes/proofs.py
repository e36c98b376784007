"""What proofs say: which halls' sites were seen right, wrong or unreachable."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from province.content.models import Push, PushProof
from province.content.queries.audiences import halls_showing
from province.content.states import PageAnswer
from province.halls.models import Division
from standards.numbers.divisions import PREFIX_LENGTH

SHOWN_EXCEPTIONS = 200
RIGHT, WRONG, UNREACHABLE, WAITING = "right", "wrong", "unreachable", "waiting"
OUTCOMES = {RIGHT: "正确", WRONG: "不符", UNREACHABLE: "无法访问", WAITING: "待核验"}


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One hall's site. ``seen`` says what was there instead, where it was not right."""

    number: int
    code: str
    name: str
    county: str
    outcome: str
    outcome_label: str
    seen: str


@dataclass(slots=True)
class CountyProof:
    """How far the proof is below one county; a city's own hall counts for its city."""

    prefix: str
    name: str
    expected: int = 0
    right: int = 0
    wrong: int = 0
    unreachable: int = 0

    @property
    def waiting(self) -> int:
        return self.expected - self.right - self.wrong - self.unreachable


@dataclass(slots=True)
class ProofSummary:
    """The receipt. ``exceptions`` has the first 200 that were wrong or unreachable."""

    id: UUID
    turn: int
    expects: str
    expects_label: str
    started_at: datetime
    progress_at: datetime
    finished_at: datetime | None
    is_overtaken: bool
    expected: int = 0
    right: int = 0
    wrong: int = 0
    unreachable: int = 0
    counties: list[CountyProof] = field(default_factory=list)
    exceptions: list[ProofLine] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return max(0, self.expected - self.right - self.wrong - self.unreachable)

    @property
    def sentence(self) -> str:
        """已核验 187 个服务厅:正确 186 个,不符 1 个"""
        if self.is_overtaken:
            return "推稿已有新的变化，本次核验停止。"
        parts = [f"正确 {self.right:,} 个"]
        parts += [f"不符 {self.wrong:,} 个"] if self.wrong else []
        parts += [f"无法访问 {self.unreachable:,} 个"] if self.unreachable else []
        parts += [f"待核验 {self.waiting:,} 个"] if self.waiting and self.finished_at is None else []
        seen = self.right + self.wrong + self.unreachable
        return f"已核验 {seen:,} 个服务厅：{'，'.join(parts)}"


def latest_proof(push: Push) -> PushProof | None:
    return PushProof.objects.filter(push_id=push.pk).select_related("push").order_by("-started_at", "-pk").first()


def proof_summary(proof: PushProof) -> ProofSummary:
    """Counts, progress per county, and the exceptions: three queries, however many halls there are."""
    summary = ProofSummary(
        id=proof.pk,
        turn=proof.turn,
        expects=proof.expects,
        expects_label=PageAnswer(proof.expects).label,
        started_at=proof.started_at,
        progress_at=proof.progress_at,
        finished_at=proof.finished_at,
        is_overtaken=proof.is_overtaken,
        expected=proof.expected,
        right=bit_count(proof.right),
        wrong=bit_count(proof.wrong),
        unreachable=bit_count(proof.unreachable),
    )
    counties: dict[str, CountyProof] = {}
    for line, county in _lines(proof):
        group = counties.setdefault(county, CountyProof(county, line.county))
        group.expected += 1
        if line.outcome != WAITING:
            setattr(group, line.outcome, getattr(group, line.outcome) + 1)
        if line.outcome in {WRONG, UNREACHABLE} and len(summary.exceptions) < SHOWN_EXCEPTIONS:
            summary.exceptions.append(line)
    summary.counties = list(counties.values())
    return summary


def proof_rows(proof: PushProof) -> Iterator[ProofLine]:
    """Every hall of the proof, by division code, for export."""
    return (line for line, _ in _lines(proof))


def _lines(proof: PushProof) -> Iterator[tuple[ProofLine, str]]:
    """Every hall with the prefix of its county, in the order of the codes."""
    bits = {outcome: int.from_bytes(getattr(proof, outcome), "little") for outcome in (RIGHT, WRONG, UNREACHABLE)}
    halls = list(
        halls_showing(proof.push)
        .order_by("division__code")
        .values_list("number", "division__code", "division__level", "name")
    )
    prefixes = {code: code[: min(PREFIX_LENGTH[level], PREFIX_LENGTH["county"])] for _, code, level, _ in halls}
    full_codes = {prefix.ljust(12, "0") for prefix in prefixes.values()}
    names = dict(Division.objects.filter(code__in=full_codes, valid_to=None).values_list("code", "name"))
    for number, code, _, name in halls:
        outcome = next((known for known, seen in bits.items() if seen >> number & 1), WAITING)
        county = names.get(prefixes[code].ljust(12, "0"), "")
        seen = str(proof.exceptions.get(str(number), ""))
        yield ProofLine(number, code, name, county, outcome, OUTCOMES[outcome], seen), prefixes[code]


def bit_count(bitmap: bytes | memoryview) -> int:
    """How many halls' numbers are in it."""
    return int.from_bytes(bitmap, "little").bit_count()
