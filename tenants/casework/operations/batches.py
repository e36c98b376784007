"""Acceptance of many cases that somebody has ticked: each by itself, with what came of it."""

from collections.abc import Sequence
from uuid import UUID

from foundation.many import RowOutcome, each_of
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.queries.access import cases_of, require_handler
from tenants.shell.slots import Desk


def accept_cases(*, by: Actor, hall: Hall, case_ids: Sequence[UUID]) -> list[RowOutcome]:
    """受理: accept each of these cases in a transaction of its own. Raises NotAllowed for who handles no case here,
    Invalid for too many."""
    require_handler(by, hall)
    # of what is not theirs nobody learns the name
    rows = cases_of(Desk(by, hall)).filter(pk__in=case_ids).order_by("pk")
    names = {one.pk: f"{one.item_name}（{one.short_number}）" for one in rows}

    def accept(case_id: UUID) -> str:
        accept_case(by=by, hall=hall, case_id=case_id)
        return names[case_id]

    ids = [*names, *(one for one in case_ids if one not in names)]
    return each_of(ids, accept, named=lambda one: names.get(one, ""))
