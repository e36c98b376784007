"""体检: what the check of single values cannot see, since it needs the law's history or the other items beside.

``audit`` reads items and finds laws that were repealed or renamed, laws without article or title marks, levels and
types that the law does not allow, texts that stand alike in many items, and items whose levels do not share name, code,
basis and type (四级四同).
"""

from collections.abc import Iterable, Iterator

from standards.items.audit.alike import alike_findings, bases_of
from standards.items.audit.findings import Audited, AuditFinding, AuditKind
from standards.items.audit.laws import law_findings
from standards.items.audit.levels import level_findings
from standards.items.audit.repeats import repeat_findings

__all__ = ["AuditFinding", "AuditKind", "Audited", "audit", "bases_of"]


def audit(items: Iterable[Audited]) -> list[AuditFinding]:
    """Return everything that is found, item by item; of one item in the order of ``AuditKind``. It raises nothing,
    whatever the values are."""
    audited = list(items)
    order = {item.key: number for number, item in enumerate(audited)}
    kinds = {kind: number for number, kind in enumerate(AuditKind)}
    return sorted(_found(audited), key=lambda one: (order[one.item.key], kinds[one.kind]))


def _found(items: list[Audited]) -> Iterator[AuditFinding]:
    for item in items:
        yield from law_findings(item)
        yield from level_findings(item)
    yield from repeat_findings(items)
    yield from alike_findings(items)
