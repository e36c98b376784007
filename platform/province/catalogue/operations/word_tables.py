"""The rules of the search as a table: what an Excel file would change, and the change."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction

from foundation.errors import DomainError, Fault, Invalid
from foundation.excel import LARGEST_FILE, SheetRow, read_rows
from foundation.files.store import Readable
from foundation.rows import draw_id
from province.audit.operations import record_act
from province.catalogue.models import WordRule
from province.catalogue.operations.words import MOST_RULES, add_word_rule, change_word_rule, clean_words
from province.catalogue.queries.words import word_rules
from province.catalogue.states import WordKind
from province.rights.actors import Actor
from province.rights.queries import require

# names of items hold 、
SEPARATOR: Final = "；"
HEADINGS: Final = {"编号": "id", "修订": "revision", "种类": "kind", "说法": "words", "事项": "named"}
_REQUIRED: Final = frozenset({"kind", "words"})


@dataclass(slots=True)
class WordsReport:
    """What a table changes (or, on trial, would change): the first words of each group, and a fault for every row that
    stays out."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


def word_table() -> Iterator[tuple[object, ...]]:
    """All rules as rows under HEADINGS."""
    for rule in word_rules().iterator():
        yield (
            str(rule.pk),
            rule.revision,
            rule.get_kind_display(),
            SEPARATOR.join(rule.words),
            SEPARATOR.join(rule.named),
        )


@transaction.atomic
def import_words(*, by: Actor, file: Readable, is_trial: bool) -> WordsReport:
    """Take in a table (headings: HEADINGS): a row with an id changes that rule if it still is at the row's revision, a
    row without one is a new rule; rules that the table does not have stay. All good rows go in, each bad one is
    reported. ``is_trial``: only say what would happen. Raises Invalid for a file that is no such table."""
    require(by, "catalogue.publish")
    rows = read_rows(file.read(LARGEST_FILE + 1), columns=HEADINGS, required=_REQUIRED, most=MOST_RULES)
    if not rows:
        raise Invalid("表格里没有同义词。")
    report = WordsReport()
    known = {str(rule.pk): rule for rule in word_rules()}
    for row in rows:
        try:
            # on trial too: only then it is known whether two rows of the table say the same
            with transaction.atomic():
                _take(by, row, known, report)
        except DomainError as refusal:
            report.faults.append(Fault(f"第 {row.number} 行", refusal.message))
    if is_trial:
        transaction.set_rollback(True)
        return report
    record_act(
        by=by,
        act="catalogue.import_words",
        object_type="word_rules",
        object_id=draw_id(),
        changes={"rules": [len(known), len(known) + len(report.added)], "faults": [0, len(report.faults)]},
    )
    return report


def _take(by: Actor, row: SheetRow, known: dict[str, WordRule], report: WordsReport) -> None:
    if row.fault:
        raise Invalid(row.fault)
    words, named = (clean_words(row.cells.get(name, "").split(SEPARATOR)) for name in ("words", "named"))
    key = row.cells.get("id", "")
    if not key:
        kinds = {str(kind.label): kind.value for kind in WordKind}
        add_word_rule(by=by, kind=kinds.get(row.cells["kind"], row.cells["kind"]), words=words, named=named)
        report.added.append(words[0])
        return
    if (rule := known.get(key)) is None:
        raise Invalid("没有这个编号的组，它可能已被删除。")
    if (rule.words, rule.named) == (words, named):
        report.unchanged += 1
        return
    revision = row.cells.get("revision", "")
    change_word_rule(by=by, rule=rule, revision=int(revision) if revision.isdecimal() else 0, words=words, named=named)
    report.changed.append(words[0])
