"""The rule of audiences (queries/audiences.py) as SQL over one row of PushScope, for the hall that asks."""

from typing import Any

from province.content.queries.audiences import hall_keys
from province.halls.models import Hall

# a scope's row `s` names a prefix of the hall; whether it means this hall, too, its kinds and exclusions say
MEANS_HALL = """
    NOT s.is_excluded
    AND (s.kinds = '{}' OR %(kind)s = ANY (s.kinds))
    AND NOT s.excluded_keys && %(keys)s::varchar[]
"""

# readers see it in lists; said of a push `p` as Push.is_listed says it
IS_LISTED = "(p.state = 'live' OR (p.state = 'withdrawn' AND p.withdrawal_kind = 'substitute'))"

MEANT_PUSH = f"""
    EXISTS (SELECT FROM content_pushscope AS s
            WHERE s.push_id = p.id AND s.prefix = ANY (%(prefixes)s) AND {MEANS_HALL})
"""


def hall_parameters(hall: Hall) -> dict[str, Any]:
    return {"hall": hall.pk, "prefixes": list(hall.prefixes), "kind": str(hall.kind), "keys": hall_keys(hall)}
