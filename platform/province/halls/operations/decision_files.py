"""Decisions on a plan's lines out of an Excel table: the one that went out, with what was decided written into it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from foundation.errors import DomainError, Fault, Invalid
from foundation.excel import LARGEST_FILE, SheetRow, read_rows
from foundation.files.store import Readable
from province.halls.models import DivisionChange, DivisionPlan
from province.halls.operations.corrections import Wish
from province.halls.operations.division_changes import Decision, DecisionAct, decide_changes
from province.halls.queries.decision_columns import DECISION_HEADINGS, DECISION_WORDS, REQUIRED_HEADINGS
from province.rights.actors import Actor
from province.rights.queries import require

MOST_ROWS = 50_000
_KINDS = {label: value for value, label in DivisionChange.Kind.choices}


@dataclass(frozen=True, slots=True)
class ImportedDecisions:
    """``decided`` rows said something; the others were left empty."""

    rows: int
    decided: int


@transaction.atomic
def import_decisions(*, by: Actor, plan: DivisionPlan, file: Readable) -> ImportedDecisions:
    """Keep what the table decides: all of it, or nothing and a fault for every wrong row (Invalid). A row without a
    decision changes nothing. Raises Conflict where somebody has decided on a line since the table went out."""
    require(by, "halls.manage")
    rows = read_rows(file.read(LARGEST_FILE + 1), columns=DECISION_HEADINGS, required=REQUIRED_HEADINGS, most=MOST_ROWS)
    faults: list[Fault] = []
    decisions: dict[UUID, Decision] = {}
    for row in rows:
        try:
            decision = _read(row)
        except DomainError as refusal:
            faults.append(Fault(f"第 {row.number} 行", refusal.message))
            continue
        if decision is not None and decision.change_id in decisions:
            faults.append(Fault(f"第 {row.number} 行", "同一编号出现了两次。"))
        elif decision is not None:
            decisions[decision.change_id] = decision
    if faults:
        message = f"表格有 {len(faults):,} 处错误，没有记下任何决定。"
        raise Invalid(message, faults=faults)
    if decisions:
        decide_changes(by=by, plan=plan, decisions=list(decisions.values()))
    return ImportedDecisions(len(rows), len(decisions))


def _read(row: SheetRow) -> Decision | None:
    """The row's decision, None where it has none. Raises Invalid."""
    word = row.cells.get("act", "")
    if not word:
        return None
    if row.fault:
        raise Invalid(row.fault)
    if word not in DECISION_WORDS:
        message = f"“决定”应为{'、'.join(DECISION_WORDS)}之一，或者留空。"
        raise Invalid(message)
    try:
        change_id, revision = UUID(row.cells.get("id", "")), int(row.cells.get("revision", ""))
    except ValueError as error:
        raise Invalid("“编号”和“版次”请保持导出时的样子。") from error
    act = DecisionAct(DECISION_WORDS[word])
    wish = None
    if act is DecisionAct.CORRECT:
        kind = _KINDS.get(row.cells.get("kind", ""))
        if kind is None:
            message = f"“更正为”应为{'、'.join(_KINDS)}之一。"
            raise Invalid(message)
        wish = Wish(kind, row.cells.get("code", ""), row.cells.get("name", ""))
    return Decision(change_id, revision, act, wish, row.cells.get("reason", ""))
