"""What can be done to divisions and halls; one noun a file."""

from province.halls.operations.certificates import check_certificates
from province.halls.operations.corrections import Wish
from province.halls.operations.decision_files import ImportedDecisions, import_decisions
from province.halls.operations.division_changes import Decision, DecisionAct, accept_guesses, decide_changes
from province.halls.operations.divisions import LoadResult, load_divisions, load_files
from province.halls.operations.domains import add_domain, check_domains, check_stalest_domains, remove_domain
from province.halls.operations.hall_states import (
    go_live,
    hold_unretired,
    open_hall,
    resume_hall,
    retire_hall,
    suspend_hall,
)
from province.halls.operations.halls import set_emblem, show_closed_days, touch_hall, touch_halls, update_hall
from province.halls.operations.many_halls import HallStep, step_halls
from province.halls.operations.plans import apply_plan, discard_plan
from province.halls.operations.undoing import undo_changes
from province.halls.queries.prefixes import prefixes_of

__all__ = [
    "Decision",
    "DecisionAct",
    "HallStep",
    "ImportedDecisions",
    "LoadResult",
    "Wish",
    "accept_guesses",
    "add_domain",
    "apply_plan",
    "check_certificates",
    "check_domains",
    "check_stalest_domains",
    "decide_changes",
    "discard_plan",
    "go_live",
    "hold_unretired",
    "import_decisions",
    "load_divisions",
    "load_files",
    "open_hall",
    "prefixes_of",
    "remove_domain",
    "resume_hall",
    "retire_hall",
    "set_emblem",
    "show_closed_days",
    "step_halls",
    "suspend_hall",
    "touch_hall",
    "touch_halls",
    "undo_changes",
    "update_hall",
]
