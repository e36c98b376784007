"""The lines of a plan as a table: what goes out to be decided, and what is read of it when it comes back."""

from collections.abc import Iterator

from province.halls.models import DivisionChange, DivisionPlan
from province.halls.queries.dependencies import Dependencies
from province.halls.queries.division_plans import changes_of

# heading -> name, as it comes back
DECISION_HEADINGS = {
    "编号": "id",
    "版次": "revision",
    "决定": "act",
    "更正为": "kind",
    "更正代码": "code",
    "更正名称": "name",
    "原因": "reason",
}
REQUIRED_HEADINGS = frozenset({"id", "revision", "act"})
# what is written under 决定
DECISION_WORDS = {"采纳": "accept", "更正": "correct", "暂缓": "postpone", "撤回决定": "reopen"}
_SEEN = ("状态", "变更", "原代码", "原名称", "新代码", "新名称", "依据", "服务厅", "须一起决定的项数", "还缺什么")
TABLE_HEADINGS = ("编号", "版次", *_SEEN, *list(DECISION_HEADINGS)[2:])


def decision_rows(plan: DivisionPlan) -> Iterator[tuple[object, ...]]:
    """Every line, with what was decided last; a column to write the decision into is empty."""
    hanging = Dependencies.of(plan)
    for line in changes_of(plan).iterator(chunk_size=500):
        is_open = line.pk in hanging.lines
        yield (
            str(line.pk),
            line.revision,
            line.get_state_display(),
            line.get_kind_display(),
            line.old_code,
            line.old_name,
            line.new_code,
            line.new_name,
            line.note,
            _hall_name(line),
            len(hanging.group_of[line.pk]) if is_open else "",
            hanging.lacking(line.pk) if is_open else "",
            *([""] * 4),
            line.reason,
        )


def _hall_name(line: DivisionChange) -> str:
    hall = getattr(line.division, "hall", None) if line.division else None
    return hall.name if hall else ""
