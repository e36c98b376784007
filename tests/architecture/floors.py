"""The floors of the program: which room imports which, drawn into docs/architecture.md.

``python -m tests.architecture.floors`` draws anew.
"""

from functools import cache

import grimp

from tests.architecture.sources import ROOMS, ROOT, height

PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- floors: drawn by python -m tests.architecture.floors -->", "<!-- floors end -->"
PACKAGES = ("foundation", "standards", "province", "tenants", "provisioning", "config")

type Arrow = tuple[str, str]


def room_of(module: str) -> str:
    """``province.content.models.pushes`` → ``province.content``; a package without apps is one room."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] in {"province", "tenants"} else parts[0]


@cache
def arrows() -> dict[Arrow, str]:
    """(importing room, imported room) → one import that shows it."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    found: dict[Arrow, str] = {}
    for module in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            arrow = room_of(module), room_of(imported)
            if arrow[0] != arrow[1] and not {"province", "tenants"} & set(arrow):
                found.setdefault(arrow, f"{module} -> {imported}")
    return found


def upward() -> list[str]:
    """Imports of a room that stands as high or higher (``ROOMS``)."""
    return [example for (upper, lower), example in arrows().items() if height(upper) <= height(lower)]


def shown() -> list[Arrow]:
    """The arrows without those that follow from others: what is left shows all that is known of each other."""
    below: dict[str, set[str]] = {}
    for upper, lower in arrows():
        below.setdefault(upper, set()).add(lower)
    return sorted(
        (upper, lower)
        for upper, lower in arrows()
        if not any(lower in _all_below(other, below) for other in below[upper] if other != lower)
    )


def _all_below(room: str, below: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    to_see = list(below.get(room, ()))
    while to_see:
        one = to_see.pop()
        if one not in found:
            found.add(one)
            to_see.extend(below.get(one, ()))
    return found


def drawing() -> str:
    lines = [f"    {_name(room)}[{room.rpartition('.')[2]}]" for room in reversed(ROOMS)]
    lines += [f"    {_name(upper)} --> {_name(lower)}" for upper, lower in shown()]
    return "\n".join((BEGIN, "```mermaid", "flowchart TB", *lines, "```", END))


def _name(room: str) -> str:
    return room.replace(".", "_")


def drawn() -> str:
    """What the page shows now."""
    text = PAGE.read_text(encoding="utf-8")
    return text[text.index(BEGIN) : text.index(END) + len(END)]


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.replace(drawn(), drawing()), encoding="utf-8")
