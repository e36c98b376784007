"""What other editors add to a task: mapped where it means the same here, else listed by its name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from standards.flows.bpmn.words import BPMN, OURS, VENDORS
from standards.flows.bpmn.xml import children
from standards.flows.people import TO_CHOOSE

if TYPE_CHECKING:
    from lxml import etree

_INITIATOR: Final = re.compile(r"^\$(?:INITIATOR|\{\s*(?:initiator|startUser|startUserId|applyUserId|starter)\s*\})$")
_ROLE: Final = re.compile(r"^[A-Za-z0-9_-]{1,40}$")
_DURATION: Final = re.compile(r"^P(?:(\d{1,3})D|T(\d{1,3})H)$")
_RUNS: Final = frozenset({"executionListener", "taskListener", "script", "connector", "eventListener", "listener"})
_WORDS: Final[Mapping[str, str]] = {
    "assignee": "办理人",
    "candidateGroups": "候选组",
    "candidateUsers": "候选人",
    "formKey": "表单",
    "formRef": "表单",
    "dueDate": "到期时间",
}


@dataclass(slots=True)
class Added:
    """``values``: attributes of ours that follow; ``said``: what was left out, in Chinese."""

    values: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def duration_of(text: str) -> dict[str, Any] | None:
    """A limit of an ISO 8601 duration in days or hours; None for any other."""
    found = _DURATION.match(text.strip())
    if not found or int(found[1] or found[2]) == 0:
        return None
    return {"amount": int(found[1] or found[2]), "unit": "days" if found[1] else "hours"}


def added_by_others(element: "etree._Element", *, is_step: bool) -> Added:
    """What editors of others say of this element."""
    found = Added()
    given = dict(_given(element))
    if is_step:
        _take_people(found, given)
        if due := duration_of(given.get("dueDate", ("", ""))[1]):
            found.values["limit"] = due
            given.pop("dueDate")
    for name, (vendor, value) in given.items():
        shown = f"“{value[:60]}”" if value and len(value) < 200 else ""  # noqa: PLR2004 - a line
        said = "会运行程序，不带入" if name in _RUNS else "不带入"
        found.said.append(f"{vendor} 的{_WORDS.get(name, '')} {name}{shown}{said}。")
    return found


def _given(element: "etree._Element") -> Iterator[tuple[str, tuple[str, str]]]:
    """What others' attributes and extension elements are called, with who writes them and what they say."""
    for name, value in element.attrib.items():
        space, _, local = str(name).rpartition("}")
        if vendor := VENDORS.get(space.removeprefix("{")):
            yield local, (vendor, str(value))
    for space, name, holder in children(element):
        if (space, name) != (BPMN, "extensionElements"):
            continue
        for inner, local, one in children(holder):
            if inner == OURS:
                continue
            vendor = VENDORS.get(inner, "其他软件")
            if local == "assignmentDefinition":
                # Camunda 8 writes as elements what others write as attributes
                yield from ((str(key), (vendor, str(value))) for key, value in one.attrib.items())
            else:
                yield local, (vendor, "")


def _take_people(found: Added, given: dict[str, tuple[str, str]]) -> None:
    if "assignee" in given and _INITIATOR.match(given["assignee"][1].strip()):
        given.pop("assignee")
        found.values["who"] = {"kind": "initiator"}
    elif "candidateGroups" in given:
        groups = [one.strip() for one in given["candidateGroups"][1].split(",")]
        if _ROLE.match(groups[0]):
            found.values["who"] = {"kind": "role", "role": groups[0]}
            given.pop("candidateGroups")
            said = f"办理人按候选组“{groups[0]}”设为同名岗位，请核对"
            others = f"，另外的“{'、'.join(groups[1:])[:60]}”没有带入" if len(groups) > 1 else ""
            found.said.append(f"{said}{others}。")
    if "who" not in found.values:
        found.values["who"] = dict(TO_CHOOSE)
        found.said.append("办理人要重新选择。")
