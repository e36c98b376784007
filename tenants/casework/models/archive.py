"""归档: what is left of a case that has ended once it is closed. Its acts, materials and decisions change no more, and
are read together: they lie pressed in one row."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from foundation.crypto.sm3 import sm3
from foundation.digests import DigestField
from foundation.frozen import FrozenFields
from foundation.pressing import PressedJSONField
from foundation.rows import HallRow
from tenants.casework.models.cases import Case, CaseAct, CaseMaterial, material_id
from tenants.casework.models.turns import CaseDecision, Delivery

_ACT: Final = "办理记录"
# what stands before the acts in a list of contents
_FIRST: Final = ("表单", "材料")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

# what lists of contents say, the most frequent last
_WORDS = (
    '[{"kind":"材料","name":"身份证","digest":"'
    '{"kind":"联办意见","name":"：同意","digest":"'
    '{"kind":"联办意见的文件","name":"[{"kind":"表单","name":"提交（1）","digest":"'
    '补正（2）"},{"kind":"办理记录","name":"2026-12-01 09:30 待受理","digest":"'
    '0123456789abcdef"},{"kind":"办理记录","name":"2026-12-01 09:30 审查中","digest":"'
    '0123456789abcdef"},{"kind":"办理记录","name":"2026-12-01 09:30 已决定","digest":"'
    '0123456789abcdef"},{"kind":"办理记录","name":"2026-12-01 09:30 已办结","digest":"'
)
# what closed cases hold, the most frequent last
_HELD: Final = (
    '请补齐材料。"申请人已把材料补齐。""bring_the_rest",0,"received","待受理""ask_for_correction",0,"correcting","待补正"'
    '您的申请已经容缺受理。请在月日前补交：。补齐以前不作决定，逾期没有补齐的，终止办理。"accept_lacking"'
    '"confirm_lacking",0,"accepted","审查中",0,"您承诺补交的材料已经补齐。","take_over","交接给"put_back"take"'
    '"withdraw",0,"withdrawn","已撤回""terminate",0,"terminated","终止办理""decline",0,"declined","不予受理"'
    '"send_on",0,"transferred","已移送"邮件号EMS本人签收"],["missing""owed""2026-12-""not_needed"'
    "营业执照户口簿照片授权委托书经营场所使用证明从业人员健康证明身份证明申请人身份证明申请书：已提交；"
    '{"by":["",""],"acts":[["receive",0,"received","待受理",17648000,"",""],["note_materials",0,"received","待受理",1,"",'
    '"：已提交"],["accept",0,"accepted","审查中",1,"您的申请已经受理。",""],'
    '["decide",1,"decided","已决定",1,"经审查，您的申请符合法定条件、标准，准予办理。",""],'
    '["serve",1,"finished","已办结",1,"决定已通过窗口领取送达，本办件办结。","本人到窗口签收"],'
    '["archive",1,"finished","已办结",1,"",""]],"decisions":[["refused""granted",1,"经审查，您的申请符合法定条件、标准，'
    '准予办理。","",17648000,["post""window","2026-12-","本人到窗口签收",1]]],"materials":[[1,"","申请书",true,"given","material_1","",""],'
    '[2,"","申请人身份证明",true,"given","material_2","",""],[3,"","证明",false,"given","material_3","",""],'
    '[4,"","证明",true,"given","material_4","",""]]}'
)


class ArchiveSheet(HallRow):
    """归档: what the closed case holds, with the digest of the list, and until when it is kept. Under the case's id."""

    id = None  # type: ignore[assignment]  # Django leaves the field out
    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, primary_key=True, db_column="id", related_name="archive_sheet"
    )
    # a line each: what, its name, SM3 of its content; those of the acts follow from the acts
    other_contents = PressedJSONField(default=list, words=(_WORDS,))
    # SM3 of the lines
    digest = DigestField()
    kept_until = models.DateField()
    # acts, materials and decisions, as ``held_of`` has them
    held = PressedJSONField(default=dict, words=(_HELD,))
    # accounts that have acted on it
    handler_ids = ArrayField(models.UUIDField(), default=list)

    class Meta:
        constraints = (
            FrozenFields(
                fields=["case", "other_contents", "digest", "kept_until", "held", "handler_ids"],
                name="archive_sheet_stays",
            ),
        )

    def __str__(self) -> str:
        return str(self.case_id)

    @property
    def contents(self) -> list[dict[str, Any]]:
        """A line each: first the form at each moment, then the files of the application, then what was done."""
        first = [one for one in self.other_contents if one["kind"] in _FIRST]
        # all but the archiving itself
        acts = [_line_of(act, label) for act, label in self._acts() if act.act != "archive"]
        return [*first, *acts, *self.other_contents[len(first) :]]

    @property
    def acts(self) -> list[CaseAct]:
        """In the order in which they were done, as they were; they have no id any more."""
        return [act for act, _ in self._acts()]

    @property
    def materials(self) -> list[CaseMaterial]:
        """In the order of their positions, as they were."""
        found = []
        for position, code, name, is_needed, state, field, owed_until, note in self.held.get("materials", ()):
            found.append(
                CaseMaterial(
                    id=material_id(self.case_id, position),
                    case_id=self.case_id,
                    position=position,
                    code=code,
                    name=name,
                    is_needed=is_needed,
                    state=state,
                    field=field,
                    owed_until=date.fromisoformat(owed_until) if owed_until else None,
                    note=note,
                )
            )
        return found

    @property
    def decisions(self) -> list[CaseDecision]:
        """In their order, as they were, each with its delivery; they have no id any more."""
        at = _EPOCH
        found: list[CaseDecision] = []
        for outcome, who, reasons, corrects, later, served in self.held.get("decisions", ()):
            at += later * _MICROSECOND
            made = CaseDecision(
                case_id=self.case_id,
                number=len(found) + 1,
                created_at=at,
                outcome=outcome,
                reasons=reasons,
                by_id=self._account(who),
                by_name=self.held["by"][who],
                corrects=corrects,
            )
            _set_delivery(made, _delivery(at, *served) if served else None)
            found.append(made)
        return found

    def _account(self, who: int) -> UUID | None:
        return self.handler_ids[who] if who < len(self.handler_ids) else None

    def _acts(self) -> list[tuple[CaseAct, str]]:
        """Each with what its state was called on that day."""
        at = _EPOCH
        found = []
        for act, who, state, label, later, said, note in self.held.get("acts", ()):
            at += later * _MICROSECOND
            made = CaseAct(
                case_id=self.case_id,
                created_at=at,
                act=act,
                by_id=self._account(who),
                by_name=self.held["by"][who],
                state=state,
                said=said,
                note=note,
            )
            found.append((made, label))
        return found


def held_of(
    acts: Sequence[CaseAct], materials: Sequence[CaseMaterial], decisions: Sequence[CaseDecision]
) -> tuple[dict[str, Any], list[UUID]]:
    """What the row of a closed case keeps, and the accounts in it. ``by``: names, those of the accounts first;
    ``acts``: which act, whose of these names, state, how it is called, microseconds since the act before, said, note;
    ``materials``: their columns; ``decisions``: outcome, whose, reasons, correction, microseconds since the one before,
    and the delivery."""
    people = list(dict.fromkeys([_who(one) for one in acts] + [_who(one) for one in decisions]))
    people.sort(key=lambda one: one[0] is None)
    place = {one: at for at, one in enumerate(people)}
    held = {
        "by": [name for _, name in people],
        "acts": [
            [
                *(one.act, place[_who(one)], one.state, one.get_state_display()),
                *(later, one.said, one.note),
            ]
            for one, later in _after_another(acts)
        ],
        "decisions": [
            [
                *(one.outcome, place[_who(one)], one.reasons, one.corrects, later),
                _served(one),
            ]
            for one, later in _after_another(decisions)
        ],
        "materials": [
            [
                *(one.position, one.code, one.name, one.is_needed, one.state, one.field),
                *(str(one.owed_until) if one.owed_until else "", one.note),
            ]
            for one in materials
        ],
    }
    return held, [account_id for account_id, _ in people if account_id]


def _who(one: CaseAct | CaseDecision) -> tuple[UUID | None, str]:
    return one.by_id, one.by_name


def _set_delivery(decision: CaseDecision, delivery: Delivery | None) -> None:
    """Let the instance know it, None too, so that it never asks for it."""
    CaseDecision._meta.get_field("delivery").set_cached_value(decision, delivery)


def _after_another[Timed: (CaseAct, CaseDecision)](rows: Sequence[Timed]) -> Iterator[tuple[Timed, int]]:
    before = _EPOCH
    for one in rows:
        yield one, (one.created_at - before) // _MICROSECOND
        before = one.created_at


def _served(decision: CaseDecision) -> list[Any] | None:
    delivery = getattr(decision, "delivery", None)
    if delivery is None:
        return None
    later = (delivery.created_at - decision.created_at) // _MICROSECOND
    return [delivery.way, str(delivery.served_on), delivery.proof, later]


def _delivery(decided_at: datetime, way: str, served_on: str, proof: str, later: int) -> Delivery:
    at = decided_at + later * _MICROSECOND
    return Delivery(created_at=at, way=way, served_on=date.fromisoformat(served_on), proof=proof)


def content_line(kind: str, name: str, content: str) -> dict[str, Any]:
    return {"kind": kind, "name": name, "digest": sm3(content.encode()).hex()}


def _line_of(act: CaseAct, label: str) -> dict[str, Any]:
    at = timezone.localtime(act.created_at)
    said = f"{act.act} {act.by_name} {at.isoformat()} {act.said}"
    return content_line(_ACT, f"{at:%Y-%m-%d %H:%M} {label}", said)
