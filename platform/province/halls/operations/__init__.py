"""What can be done to divisions and halls; one noun a file."""

from province.halls.operations.divisions import LoadResult, load_divisions, load_files
from province.halls.operations.domains import add_domain, check_domains, check_stalest_domains, remove_domain
from province.halls.operations.hall_states import go_live, open_hall, resume_hall, retire_hall, suspend_hall
from province.halls.operations.halls import set_emblem, touch_hall, touch_halls, update_hall
from province.halls.operations.plans import apply_plan, discard_plan
from province.halls.queries.prefixes import prefixes_of

__all__ = [
    "LoadResult",
    "add_domain",
    "apply_plan",
    "check_domains",
    "check_stalest_domains",
    "discard_plan",
    "go_live",
    "load_divisions",
    "load_files",
    "open_hall",
    "prefixes_of",
    "remove_domain",
    "resume_hall",
    "retire_hall",
    "set_emblem",
    "suspend_hall",
    "touch_hall",
    "touch_halls",
    "update_hall",
]
