"""What proofs say: which halls' sites were seen right, wrong or unreachable. All of it is read from the frozen rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import FilteredRelation, OuterRef, Q, Subquery
from django.utils import timezone

from province.content.looking.expectations import Expectation
from province.content.looking.sites import Sighting
from province.content.models import HallPushDecision, Push, PushProof
from province.content.queries.audiences import halls_showing
from province.content.queries.pushes.evidence import Evidence, RosterLine, evidence_of
from province.content.queries.pushes.pages import page_answer
from province.content.states import LookedAt, Outcome, PageAnswer, Vantage
from province.halls.models import Division
from province.halls.queries.sites import site_address
from standards.numbers.divisions import CODE_LENGTH, PREFIX_LENGTH

SHOWN_EXCEPTIONS = 200
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One hall's site, by name and address as of the proof. ``seen`` says what was there instead, where it was not
    right; ``status`` and ``digest`` (SM3) are the article's page's, ``statuses`` those of every place, in words."""

    number: int
    code: str
    name: str
    county: str
    address: str
    outcome: str
    outcome_label: str
    seen: str
    status: int | None = None
    statuses: str = ""
    digest: str = ""
    looked_at: datetime | None = None


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
    """The receipt. ``lines`` has every hall by code, ``exceptions`` the first 200 that were wrong or unreachable.

    ``fault`` says what was done to the rows since they were taken ("": nothing); ``seal``: the digest over all of them,
    once the proof has ended.
    """

    id: UUID
    turn: int
    expects: str
    expects_label: str
    vantage: str
    vantage_label: str
    looker_name: str
    way: str
    started_at: datetime
    progress_at: datetime
    finished_at: datetime | None
    is_overtaken: bool
    fault: str
    seal: str
    expected: int = 0
    right: int = 0
    wrong: int = 0
    unreachable: int = 0
    counties: list[CountyProof] = field(default_factory=list)
    exceptions: list[ProofLine] = field(default_factory=list)
    lines: list[ProofLine] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return self.expected - self.right - self.wrong - self.unreachable

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


def expectation_of(push: Push) -> Expectation:
    """What readers must see of the push now, on every site of its audience."""
    # what was withdrawn is sought by the words that would have found it
    searched = push.shown.title if push.is_listed else push.version.title
    published_at = push.published_at or timezone.now()
    return Expectation(
        push_id=str(push.pk),
        answer=page_answer(push),
        marker=str(push.shown_id),
        reason=push.withdrawal_reason,
        redirect_url=push.redirect_url,
        is_listed=push.is_listed,
        title=push.shown.title,
        searched=searched,
        published_on=timezone.localtime(published_at).date().isoformat(),
    )


def roster_for(push: Push) -> list[RosterLine]:
    """The halls whose sites must answer for the push now, by code: two queries, however many halls there are."""
    decisions = HallPushDecision.objects.filter(hall_id=OuterRef("pk"), push_id=push.pk)
    halls = list(
        halls_showing(push)
        .alias(first=FilteredRelation("domains", condition=Q(domains__is_primary=True)))
        .annotate(own_column=Subquery(decisions.values("column")))
        .order_by("division__code", "number")
        .values_list("number", "division__code", "division__level", "name", "first__domain", "own_column")
    )
    prefixes = {code: code[: min(PREFIX_LENGTH[level], PREFIX_LENGTH["county"])] for _, code, level, *_ in halls}
    full_codes = {prefix.ljust(CODE_LENGTH, "0") for prefix in prefixes.values()}
    names = dict(Division.objects.filter(code__in=full_codes, valid_to=None).values_list("code", "name"))
    return [
        RosterLine(
            number=number,
            code=code,
            prefix=prefixes[code],
            county=names.get(prefixes[code].ljust(CODE_LENGTH, "0"), ""),
            name=name,
            domain=domain or "",
            column=own_column or push.column,
        )
        for number, code, _, name, domain, own_column in halls
    ]


def latest_proof(push: Push, vantage: Vantage = Vantage.INSIDE) -> PushProof | None:
    proofs = PushProof.objects.filter(push_id=push.pk, vantage=vantage).select_related("push")
    return proofs.order_by("-started_at", "-pk").first()


def proofs_of(push: Push) -> list[PushProof]:
    """Every proof of the push, of whatever turn and vantage, the newest first."""
    return list(PushProof.objects.filter(push_id=push.pk).select_related("push").order_by("-started_at", "-pk"))


def proof_cards(push: Push) -> dict[str, ProofSummary | list[ProofSummary] | int | None]:
    """What the push's page shows: ``proof``, the newest from inside, of the present turn (None: not begun yet);
    ``looks``: what was seen from outside, the newest of each looker, of the present turn too; ``shown_now``: how many
    halls should show it by now."""
    own: PushProof | None = None
    looks: dict[UUID | None, PushProof] = {}
    for proof in proofs_of(push):
        if proof.turn == push.turn and proof.is_from_inside:
            own = own or proof
        elif proof.turn == push.turn:
            looks.setdefault(proof.looker_id, proof)
    return {
        "proof": proof_summary(own) if own else None,
        "looks": [proof_summary(one) for one in looks.values()],
        "shown_now": halls_showing(push).count(),
    }


def proof_summary(proof: PushProof) -> ProofSummary:
    """Counts, progress per county, every line and the exceptions: three queries, however many halls there are."""
    evidence = evidence_of(proof)
    summary = ProofSummary(
        id=proof.pk,
        turn=proof.turn,
        expects=proof.expects,
        expects_label=PageAnswer(proof.expects).label,
        vantage=proof.vantage,
        vantage_label=Vantage(proof.vantage).label,
        looker_name=proof.looker_name,
        way=_way(proof),
        started_at=proof.started_at,
        progress_at=proof.progress_at,
        finished_at=proof.finished_at,
        is_overtaken=proof.is_overtaken,
        fault=evidence.fault,
        seal=proof.digest if proof.finished_at and not proof.is_overtaken else "",
    )
    counties: dict[str, CountyProof] = {}
    for hall, line in zip(evidence.roster, _lines(proof, evidence), strict=True):
        for group in (summary, counties.setdefault(hall.prefix, CountyProof(hall.prefix, hall.county))):
            group.expected += 1
            if line.outcome != WAITING:
                setattr(group, line.outcome, getattr(group, line.outcome) + 1)
        summary.lines.append(line)
        if line.outcome in {Outcome.WRONG, Outcome.UNREACHABLE} and len(summary.exceptions) < SHOWN_EXCEPTIONS:
            summary.exceptions.append(line)
    summary.counties = list(counties.values())
    return summary


def _lines(proof: PushProof, evidence: Evidence) -> Iterator[ProofLine]:
    for hall in evidence.roster:
        seen = evidence.seen.get(hall.number)
        yield ProofLine(
            number=hall.number,
            code=hall.code,
            name=hall.name,
            county=hall.county,
            address=f"{site_address(hall.domain)}/p/{proof.push_id}/" if hall.domain else "",
            outcome=str(seen.outcome) if seen else WAITING,
            outcome_label=str(seen.outcome.label) if seen else "待核验",
            seen=seen.seen if seen else "",
            status=seen.statuses[0] if seen and seen.statuses else None,
            statuses=_statuses(seen) if seen else "",
            digest=seen.digest if seen else "",
            looked_at=seen.looked_at if seen else None,
        )


def _statuses(seen: Sighting) -> str:
    """稿件页 200，首页 200"""
    return "，".join(f"{place.label} {status}" for place, status in zip(LookedAt, seen.statuses, strict=False))


def _way(proof: PushProof) -> str:
    if proof.address:
        return f"在平台内部经 {proof.address} 访问，没有经过域名解析和前端代理"
    return "按域名访问，经过域名解析和前端代理，与读者相同"
