"""How handling items (业务办理项) and situations (情形) of the base list are written, in one file beside its items."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from standards.items.elements.handling import NAMED_ROWS
from standards.items.handling import with_codes

_BETWEEN: Final = "|"
# of a handling item what stands for several elements
_AT_ONCE: Final = {"case_type": "instant", "promised_days": 0, "promised_unit": "0"}
_WORKING_DAYS: Final = "1"

type ReadRow = Callable[[Any], dict[str, Any]]


def layered(
    values: Mapping[str, Any], written: Mapping[str, Any], *, material: ReadRow, step: ReadRow
) -> dict[str, Any]:
    """The item's values with what the file says of its layers. ``material`` and ``step`` read what is not only a
    name."""
    layers: dict[str, Any] = {}
    if rows := written.get("handling_items"):
        layers["handling_items"] = [_handling(row, values, material, step) for row in rows]
    if questions := written.get("situations"):
        layers["situations"] = questions
    return with_codes({**values, **layers})


def _handling(row: Mapping[str, Any], values: Mapping[str, Any], material: ReadRow, step: ReadRow) -> dict[str, Any]:
    own = dict(row)
    if own.pop("instant", False):
        own |= _AT_ONCE
    if (days := own.pop("days", None)) is not None:
        own |= {"promised_days": days, "promised_unit": _WORKING_DAYS}
    readers = {"materials": material, "flow": step}
    for name, key in NAMED_ROWS.items():
        if name in own:
            known = {one[key] for one in values.get(name, ())}
            own[name] = [_row(one, key, known, readers.get(name)) for one in own[name]]
    return own


def _row(written: Any, key: str, known: set[str], read: ReadRow | None) -> dict[str, Any]:
    """A name alone is the item's row of that name."""
    if isinstance(written, str) and (written in known or (_BETWEEN not in written and read is None)):
        return {key: written}
    return read(written) if read else dict(written)
