"""How the files of the base list are read: items that a county's halls handle, as samples for a province to check."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings

from foundation.errors import Fault, Invalid
from province.catalogue.base_list.layers import layered
from standards.items import BY_NAME, Element, check
from standards.items.codelists import APPLIED, FAMILY_OF, ApplicantKind, Family, ItemType
from standards.items.codes import task_code_of
from standards.items.elements.grounds import LAW_CELLS
from standards.items.live import NONE_ADDED, with_additions

BASE_LIST: Final = Path(__file__).parent
COUNTS: Final[Mapping[Family, int]] = {Family.DISCLOSURE: 65, Family.POWER: 295, Family.SERVICE: 25}
_WRONG: Final = "基础清单有误，请按提示修改。"
_SHARED: Final = "_shared.yaml"
_TOPICS: Final = "_topics.yaml"
_LAYERS: Final = "_layers.yaml"
# behind a bracket no space is written
_CITED: Final = re.compile(r"(.+?) ?(第[一二三四五六七八九十百千零]+[条章].*)")
# what is said of an item in the list, and is no element of it
_OF_THE_LIST: Final = frozenset({"complete", "hall", "note", "addition", "duty", "reviewed_by", "type"})
_PERSON: Final = frozenset({ApplicantKind.PERSON.value})
# far beyond what a file has: somebody put something else there
_LARGEST: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BaseItem:
    """One item of the base list. ``values`` are the province's, ``hall_values`` a sample of a hall's (empty where there
    is none).

    ``sample_note`` is shown until the province has checked the item, and says what is to be checked. An item with
    ``is_addition`` stands beside the official list, and is not counted with it.
    """

    family: Family
    item_type: ItemType
    values: Mapping[str, Any]
    hall_values: Mapping[str, Any]
    is_complete: bool
    sample_note: str
    is_addition: bool = False

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def department(self) -> str:
        return str(self.values["department"])


def read_base_list(folder: Path = BASE_LIST, *, province: str = "") -> tuple[BaseItem, ...]:
    """Read every item, by department. Their codes begin with ``province`` (two digits; empty: PROVINCE_CODE).

    Ours is read once a process: it takes half a second. Nobody checks it again, as a test of the program does. Raises
    Invalid with a fault for everything that is wrong in other files.
    """
    province = province or settings.PROVINCE_CODE
    if folder == BASE_LIST:
        return _read_ours(province)
    items = _read(folder, province)
    if faults := list(faults_of(items)):
        raise Invalid(_WRONG, faults=faults)
    return items


@cache
def _read_ours(province: str) -> tuple[BaseItem, ...]:
    return _read(BASE_LIST, province)


def _read(folder: Path, province: str) -> tuple[BaseItem, ...]:
    # it is the same list whatever a province asks for besides
    with with_additions(NONE_ADDED):
        return _checked(folder, province)


def _checked(folder: Path, province: str) -> tuple[BaseItem, ...]:
    topics = _load(folder / _TOPICS)
    shared = _load(folder / _SHARED) | {"province": province, "topics": topics}
    layers = _load(folder / _LAYERS) if (folder / _LAYERS).exists() else {}
    shared["layers"] = layers
    items: list[BaseItem] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("[!_]*.yaml")):
        try:
            items += _items_of(_load(path), shared)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            faults.append(Fault(path.name, f"{path.name} 的写法不对：{error!s:.200}。"))
    known = {str(item.values["basic_code"]).removeprefix(province) for item in items}
    faults += [Fault(_LAYERS, f"{_LAYERS} 的“{code}”不是清单里的事项。") for code in layers if code not in known]
    if faults:
        raise Invalid(_WRONG, faults=faults)
    return tuple(items)


def _load(path: Path) -> Any:
    if path.stat().st_size > _LARGEST:
        raise Invalid(f"{path.name} 太大。")
    try:
        # the C loader is ten times as fast, and as safe
        return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise Invalid(f"{path.name} 不是正确的 YAML：{error!s:.200}") from error


def _items_of(data: Mapping[str, Any], shared: Mapping[str, Any]) -> Iterator[BaseItem]:
    hall = shared["hall"] | data["hall"]
    shared = {**shared, "reviewer": data.get("reviewed_by", "county")}
    for written in data["items"]:
        item_type = _type_of(written)
        family = FAMILY_OF[item_type]
        values = _values_of(written, family, shared) | {"department": data["department"]}
        if item_type in APPLIED:
            values |= _topics_of(values, shared["topics"])
        is_complete = bool(written.get("complete"))
        own = _hall_part(hall | written.get("hall", {}), values, item_type) if is_complete else {}
        below = shared["layers"].get(written["code"], {})
        if below:
            values = layered(values, below, material=partial(_material, shared=shared), step=partial(_step, unit="1"))
        notes = [one["note"] for one in (written, below) if "note" in one]
        note = f"{data['sample']}。请核对：{'；'.join(notes)}" if notes else data["sample"]
        yield BaseItem(family, item_type, values, own, is_complete, note, bool(written.get("addition")))


def _type_of(written: Mapping[str, Any]) -> ItemType:
    """Of the national code, where the item does not say one that is finer."""
    return ItemType(written.get("type", written["code"][:2]))


def _values_of(written: Mapping[str, Any], family: Family, shared: Mapping[str, Any]) -> dict[str, Any]:
    values = shared["item"] | {name: value for name, value in written.items() if name not in _OF_THE_LIST}
    values["basic_code"] = shared["province"] + values.pop("code")
    if written.get("complete"):
        known = (
            shared["complete"].get(family.value, {})
            | shared["case_types"].get(values.get("case_type"), {})
            | shared["types"].get(_type_of(written).value, {})
        )
        item_type = _type_of(written)
        known = {name: value for name, value in known.items() if item_type in BY_NAME[name].applies}
        values = known | values
        if "duty" in written:
            values["rights"] = "\n".join([*known.get("rights", "").splitlines(), written["duty"]])
        if "reconsideration" in values:
            reviewer = shared["reviewers"][written.get("reviewed_by", shared["reviewer"])]
            values["reconsideration"] = values["reconsideration"].replace("〔复议机关〕", reviewer)
    if "flow" in values:
        unit = values.get("promised_unit", "1")
        values["flow"] = [_step(one, unit) if isinstance(one, str) else one for one in values["flow"]]
    for name in _POWER_LINES.keys() & values.keys():
        values[name] = [_POWER_LINES[name](one, shared) if isinstance(one, str) else one for one in values[name]]
    if "questions" in values:
        values["questions"] = [_question(one) if isinstance(one, str) else one for one in values["questions"]]
    if "materials" in values:
        values["materials"] = [_material(one, shared) for one in values["materials"]]
    return {name: _with_laws(BY_NAME.get(name), value) for name, value in values.items()}


def _topics_of(values: Mapping[str, Any], topics: Mapping[str, Any]) -> dict[str, list[str]]:
    """The themes that nobody wrote beside the item: of the first rule whose word its name holds, else of its
    department."""
    name, audiences = values.get("name", ""), set(values.get("audiences", ()))
    rules = [rule for rule in topics["words"] if any(word in name for word in rule["words"])]
    rules.append(topics["departments"].get(values["department"], {}))
    found: dict[str, list[str]] = {}
    sides = (("person", "person_themes", _PERSON & audiences), ("body", "body_themes", audiences - _PERSON))
    for side, element, is_meant in sides:
        rule = next((rule for rule in rules if side in rule), None)
        if is_meant and rule and not values.get(element):
            found[element] = rule[side]
    if event := next((event for word, event in topics["events"].items() if word in name), ""):
        found["life_events"] = values.get("life_events") or [event]
    return found


def _step(line: str, unit: str) -> dict[str, Any]:
    act, position, days, *standard = line.split("|")
    step: dict[str, Any] = {"act": act, "position": position, "days": int(days), "unit": unit if int(days) else "0"}
    return step | {"standard": standard[0]} if standard else step


def _range(line: str, shared: Mapping[str, Any]) -> dict[str, Any]:
    name, least, most, unit, basis = line.split("|")
    return {"name": name, "least": int(least), "most": int(most), "unit": shared["units"][unit], "basis": basis}


def _grade(line: str, shared: Mapping[str, Any]) -> dict[str, Any]:
    grade, situation, of, least, most, measure, source = line.split("|")
    told = {"situation": situation, "grade": shared["grades"][grade], "measure": measure, "source": source}
    return told | ({"of": of, "least": int(least), "most": int(most)} if of else {})


def _proceeding_step(line: str, shared: Mapping[str, Any]) -> dict[str, Any]:
    stages, *step = line.split("|")
    return {"stages": [shared["stages"][one] for one in stages.split("、")]} | _step("|".join(step), "1")


def _duty(line: str, _: Mapping[str, Any]) -> dict[str, str]:
    title, text, *basis = line.split("|")
    return {"title": title, "text": text} | ({"basis": basis[0]} if basis else {})


# of what authorities do of their own motion, a list's lines
_POWER_LINES: Final[Mapping[str, Callable[[str, Mapping[str, Any]], dict[str, Any]]]] = {
    "penalty_ranges": _range,
    "discretion": _grade,
    "proceeding": _proceeding_step,
    "duties": _duty,
}


def _question(line: str) -> dict[str, str]:
    question, mark, answer = line.partition("？")
    return {"question": question + mark, "answer": answer}


def _material(written: str | Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    given = _material_line(written, shared) if isinstance(written, str) else dict(written)
    known: dict[str, Any] = shared["material"]
    if name := given.pop("use", ""):
        known = known | shared["materials"][name] | {"name": name}
    return known | given


def _material_line(line: str, shared: Mapping[str, Any]) -> dict[str, Any]:
    need = next((word for word in shared["needs"] if line.startswith(word)), "")
    use, *given = line.removeprefix(need).split("|")
    material: dict[str, Any] = {"use": use} | dict(zip(("name", "checked", "source_note"), given, strict=False))
    return material | {"need": shared["needs"][need]} if need else material


def _with_laws(element: Element | None, value: Any) -> Any:
    """Take legal bases that stand in one line apart, also those in rows."""
    if element is None or not element.cells or not isinstance(value, list):
        return value
    if element.cells is LAW_CELLS:
        return [_law(one) if isinstance(one, str) else one for one in value]
    cells = {cell.name: cell for cell in element.cells}
    return [{name: _with_laws(cells.get(name), cell) for name, cell in row.items()} for row in value]


def _law(line: str) -> dict[str, str]:
    cited = _CITED.fullmatch(line)
    law, rest = cited.groups() if cited else (line, "")
    article, _, text = rest.partition("：")
    return {name: value for name, value in (("law", law), ("article", article), ("text", text)) if value}


def _hall_part(hall: Mapping[str, Any], values: Mapping[str, Any], item_type: ItemType) -> dict[str, Any]:
    if FAMILY_OF[item_type] is Family.DISCLOSURE:
        return {"disclosing_body": hall["body_name"]} | {name: hall[name] for name in ("consult", "complaints")}
    level = hall.get("level", values["levels"][0])
    code = task_code_of(body_code=hall["body_code"], level=level, basic_code=values["basic_code"])
    known = {name: value for name, value in hall.items() if item_type in BY_NAME[name].applies}
    own = {**known, "level": level, "task_code": code}
    is_paid_online = values.get("has_fee") and item_type in BY_NAME["is_paid_online"].applies
    return own | {"is_paid_online": True} if is_paid_online else own


def faults_of(items: Sequence[BaseItem]) -> Iterator[Fault]:
    """Find what is wrong in these items by the definition, or missing in one that is called complete; codes and names
    that occur twice; families with another number of items than the official list has."""
    for item in items:
        findings = check(family=item.family, item_type=item.item_type, values=item.values, hall_values=item.hall_values)
        unfinished = (*findings.province.missing, *findings.hall.missing) if item.is_complete else ()
        for fault in (*findings.province.faults, *findings.hall.faults, *unfinished):
            yield Fault(f"{item.department}/{item.name}", f"{item.department}“{item.name}”：{fault.message}")
    for word, keys in (
        ("基本编码", Counter(str(item.values["basic_code"]) for item in items)),
        ("事项名称", Counter(f"{item.department}/{item.name}" for item in items)),
    ):
        for key, count in keys.items():
            if count > 1:
                yield Fault(key, f"{word}“{key}”出现了 {count} 次。")
    counts = Counter(item.family for item in items if not item.is_addition)
    for family, count in COUNTS.items():
        if counts[family] != count:
            yield Fault(family, f"{family.label}应有 {count} 项，现在有 {counts[family]} 项。")
