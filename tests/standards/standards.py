"""docs/standards.md, written from the definition; the page itself says by which command."""

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import django

from tests.servers import ROOT
from tests.standards.held import HELD

if TYPE_CHECKING:
    from standards.items import Element

PAGE = ROOT / "docs/standards.md"
# standards of accessibility against which the pages were judged checkpoint by checkpoint, with where the judgement
# stands: what is not here no page and no document may claim (tests/architecture/test_documents.py)
EVALUATED: dict[str, str] = {}
_HEAD = """\
# National standards, and where they stand in the code

{standards}
Evaluated checkpoint by checkpoint, so that a page may claim it: none.

All but `province.workdays` stand in `platform/standards`; `standards.numbers` has what is a number alone (decision 16).

# Items: the definition against the standards

Written by `SECRET_KEY=check uv run python -m tests.standards.standards` from `platform/standards/items`; a test
compares. Change the definition, never this page.

Every row is tested in `tests/standards/test_elements.py`, where a fault is told under its name. Tested are
that right values are taken, that wrong ones are refused by name, that it is missed where it is needed, and that its
column gives it back.

Source: 国家交换库 is the national exchange (`up_task_directory`, and `up_task_general_*`, here `…`); 浙江扩展 is what
Zhejiang adds to it; 本平台 is what only this platform has. Of the exchange's columns `cd_operation`, `cd_batch`,
`cd_time` and `row_guid` are the transport's own and no part of an item; `order_num` is a material's place in its list.

Needed: *all* items; *done* (行政职权 and 便民服务); *applied for* (types 01 05 07 08 09 10 20); *applied powers* (the
same without 20); *powers* (01–10); *acted* (依职权: types 02 03 04 06 18, each also alone: *punishments*,
*enforcement*, *levies*, *inspections*, *awards*); *disclosed* (type 21, 政府信息公开事项). In brackets: only then.

Formats, all in `standards.items.exchange` and made from that definition (decision 11):

- Excel, a sheet for each national table: both heads of a column are here, Chinese and national; ours
  begin with 本平台：
- Excel, a sheet an item: the Chinese names, in any order; what offices write instead is in `labels.yaml`;
- JSON: `schemas/items.schema.json`; `format`, `version`, `items` of `family`, `item_type`, `values`, `hall_values`;
- the national exchange: `schemas/up-task.xsd` and `schemas/up-task.schema.json`; an item holds its rows, a row is named
  for its table. Made anew by `SECRET_KEY=check uv run python -m tests.standards.schemas`.

Records of cases (办件) have tables and schemas of their own, in `standards.cases`, made by the same command:
`platform/standards/cases/schemas/up-pro.xsd` and `platform/standards/cases/schemas/up-pro.schema.json`. A case holds
its rows. What is no standard's there stands at the head of `platform/standards/cases/tables.py`.

Not from a standard, but chosen here:

- type 21 for 政府信息公开 and type 18 for awards that nobody applies for (both free in A.1); the latter has 08 in
  its codes and in the exchange, and is read as 08 where nothing is known of it;
- `^` between several values of a column, `|` between the cells of a line;
- the codes of units, needs, kinds, carriers, sources, depths, areas, results, states, power sources and themes;
- the frame of the exchange's files (`exchange`, `item`), and the tables `up_task_general_*` for all types: those of
  处罚, 征收, 强制, 检查 and 公共服务 are not public;
- the names of the columns `question`, `answer` and `local_task_code`;
- 补办件, 上报件 and 联办件 as 9 其他 of A.6;
- the reasons beside a grade of 好差评 (A.8) and their codes, `standards.ratings`;
- 免提交 with its source, and the days in which a material may come later;
- which materials are forms, by their names, and what a form made of a guide asks for;
- the codes of 处罚种类, 强制种类, 检查方式, 奖励种类, 档次, 幅度单位 and 程序环节, and which stages a type
  must go through;
- the codes of life events (一件事), a list that each province keeps as rows and edits on its console (decision 53):
  `LifeEvent` below is what a new province has;
- five working days are as long as seven days where limits of two kinds are compared;
- the inner split of the 12 digits, and two digits for a handling item.
"""


def _groups() -> "dict[str, tuple[Element, ...]]":
    from standards.items.elements import (
        bodies,
        disclosure,
        features,
        fees,
        grounds,
        guidance,
        handling,
        honours,
        identity,
        limits,
        materials,
        places,
        powers,
        results,
        services,
    )

    return {
        "Identity (`standards.items.elements.identity`)": identity.IDENTITY,
        "Layers below an item (`standards.items.elements.handling`)": handling.HANDLING,
        "Bodies (`standards.items.elements.bodies`)": bodies.BODIES,
        "Grounds, conditions, remedies (`standards.items.elements.grounds`)": grounds.GROUNDS,
        "Limits (`standards.items.elements.limits`)": limits.LIMITS,
        "Materials (`standards.items.elements.materials`)": materials.MATERIALS,
        "Fees (`standards.items.elements.fees`)": fees.FEES,
        "Ways (`standards.items.elements.services`)": services.SERVICES,
        "What lists name (`standards.items.elements.features`)": features.FEATURES,
        "Places (`standards.items.elements.places`)": places.PLACES,
        "Results (`standards.items.elements.results`)": results.RESULTS,
        "Steps, questions, themes (`standards.items.elements.guidance`)": guidance.GUIDANCE,
        "Powers of own motion (`standards.items.elements.powers`)": powers.POWER_ELEMENTS,
        "Awards of own motion (`standards.items.elements.honours`)": honours.HONOUR_ELEMENTS,
        "Disclosure (`standards.items.elements.disclosure`)": disclosure.DISCLOSURE,
    }


def rows() -> "Iterator[tuple[str, Element]]":
    """Every element, and every cell of its lists, under the name that page and tests use."""
    for elements in _groups().values():
        for element in elements:
            yield from rows_of(element)


def rows_of(element: "Element") -> "Iterator[tuple[str, Element]]":
    from standards.items.elements.grounds import LAW_CELLS

    yield element.name, element
    # the cells of legal bases are the same everywhere
    if element.cells is not LAW_CELLS or element.name == "laws":
        yield from ((f"{element.name}.{cell.name}", cell) for cell in element.cells)


def page() -> str:
    parts = [_HEAD.replace("{standards}", _standards())]
    for title, elements in _groups().items():
        parts.append(
            f"## {title}\n\n"
            "| element | Chinese | national column | source | filled by | needed | value | citizens see |\n"
            "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
            + "".join(_row(name, one, element) for element in elements for name, one in rows_of(element))
        )
    return "\n".join([*parts, _code_lists()])


def _standards() -> str:
    lines = [
        f"| {words} | {_code(modules)} | {_code(f'tests/{one}' for one in tests)} |\n" for words, modules, tests in HELD
    ]
    return "".join(["| standard | module | held by |\n", "| --- | --- | --- |\n", *lines])


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{one}`" for one in names)


def _row(name: str, one: "Element", parent: "Element") -> str:
    by = parent.by.value if parent.bound is None else f"{parent.by.value}: {parent.bound.value}"
    seen = f"{one.section.label}: {one.shown_as}" if one.section else "–"
    cells = (f"`{name}`", one.label, _column(one), one.source, by, _needed(one), _value(one), seen)
    return f"| {' | '.join(cells)} |\n"


def _column(one: "Element") -> str:
    if one.column is None:
        return "its cells'" if any(cell.column for cell in one.cells) else "–"
    return f"`{one.column}`".replace("up_task_general_", "…")


def _needed(one: "Element") -> str:
    from standards.items.codelists import (
        ACTED,
        ALL_TYPES,
        APPLIED,
        COERCED,
        DISCLOSED,
        DONE,
        HONOURED,
        INSPECTED,
        LEVIED,
        PENALISED,
        POWERS,
    )

    words = {
        frozenset(): "–",
        ALL_TYPES: "all",
        DONE: "done",
        APPLIED: "applied for",
        APPLIED & POWERS: "applied powers",
        DISCLOSED: "disclosed",
        POWERS: "powers",
        ACTED: "acted",
        PENALISED: "punishments",
        COERCED: "enforcement",
        LEVIED: "levies",
        INSPECTED: "inspections",
        HONOURED: "awards",
        APPLIED | LEVIED: "applied for, and levies",
    }[one.needed]
    return f"{words} ({one.when.words})" if one.when else words


def _value(one: "Element") -> str:
    if one.codes:
        return f"{one.kind.value} {one.codes.__name__}"
    return f"{one.kind.value} {one.least}–{one.most}" if one.kind.name == "NUMBER" else one.kind.value


def _code_lists() -> str:
    lists = {one.codes.__name__: one for _, one in rows() if one.codes}
    lines = [
        f"| {name} | {'、'.join(f'{value} {label}' for value, label in one.codes.choices if one.codes)} |"
        for name, one in sorted(lists.items())
        if one.codes
    ]
    return "\n".join(["## Code lists\n", "| list | values |", "| --- | --- |", *lines, ""])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from standards.items.live import hold_additions
    from tests.definition import AS_BEGUN

    # the page is that of a new province
    hold_additions(AS_BEGUN)
    PAGE.write_text(page(), encoding="utf-8")
