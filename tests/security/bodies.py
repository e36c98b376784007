"""Bodies that are meant to harm, made of a right one: at one place of it stands what nobody expects there.

Which places there are, the schemas of the two OpenAPI documents say; what a definition is, ``GIVEN`` says.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.factories.forms import LEAVE as FORM
from tests.factories.items import whole_hall_guide, whole_item, whole_power
from tests.isolation.routes import example_of
from tests.standards.flow_samples import LEAVE as FLOW
from tests.standards.form_samples import SAMPLES

type Json = Any
type Place = tuple[str | int, ...]

LONG: Final = 1_000_000
MANY: Final = 100_000
_DEEP: Final = 1_000

_FIELDS = [{"type": kind, "name": f"f_{kind}", "label": f"字段 {kind}", **one[0]} for kind, one in SAMPLES.items()]
_WHOLE_FORM = FORM | {"parts": [*FORM["parts"], {"name": "rest", "label": "其他", "fields": _FIELDS}]}
# what stands for a value of which the document says nothing, by its name and by the beginning of the address
GIVEN: Final[Mapping[str, Json]] = {
    "definition": _WHOLE_FORM,
    "form": _WHOLE_FORM,
    "flow": dict(FLOW),
    "/api/hall/v1/workflow/flows definition": dict(FLOW),
    "values": {"days": "2", "reason": "有事"},
    "/api/province/v1/catalogue/ values": whole_item() | whole_power(),
    "/api/province/v1/catalogue/materials values": whole_item()["materials"][0],
    "/api/province/v1/catalogue/packages values": {
        "name": "我要开饭馆",
        "summary": "一次办",
        "parts": [{"item": "420131001000", "waits_for": []}],
        "situations": [
            {"code": "s", "question": "有无厨房", "kind": "one", "answers": [{"code": "a", "text": "有"}]},
        ],
        "conditions": "无",
    },
    "/api/hall/v1/services/ values": whole_hall_guide(),
    "typed": {"days": "2"},
    "given": {"after": "leader", "label": "复核"},
    "opening_hours": [{"days": "工作日", "hours": "9:00–17:00"}],
}


def whole_example(  # noqa: PLR0911 - a case each
    schema: Mapping[str, Any], schemas: Mapping[str, Any], *, address: str, name: str = ""
) -> Json:
    """A right value with all that it may have, and an entry in every list."""
    if "$ref" in schema:
        return whole_example(schemas[schema["$ref"].rpartition("/")[2]], schemas, address=address, name=name)
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            chosen = next(one for one in schema[union] if one.get("type") != "null")
            return whole_example(chosen, schemas, address=address, name=name)
    match schema.get("type"):
        case "object" if "properties" in schema:
            return {
                one: whole_example(said, schemas, address=address, name=one)
                for one, said in schema["properties"].items()
            }
        case "object":
            return _given(schema, address, name)
        case "array":
            items = schema.get("items", {})
            if items.get("additionalProperties") is True:
                return _given(schema, address, name)
            one = whole_example(items, schemas, address=address, name=name)
            return [one] * max(1, schema.get("minItems", 1))
    return example_of(dict(schema), schemas)


def _given(schema: Mapping[str, Any], address: str, name: str) -> Json:
    keys = [one for one in GIVEN if one.rpartition(" ")[2] == name and address.startswith(one.rpartition(" ")[0])]
    if keys:
        return GIVEN[max(keys, key=len)]
    return next(iter(schema.get("examples", ())), {"核查": "核查"})


def places_of(value: Json, at: Place = ()) -> Iterator[Place]:
    yield at
    if isinstance(value, dict):
        for name, one in value.items():
            yield from places_of(one, (*at, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from places_of(one, (*at, number))


def at(value: Json, place: Place) -> Json:
    for step in place:
        value = value[step]
    return value


def _with(found: Json, more: str) -> str:
    """A mapping with more names."""
    return json.dumps(found)[:-1] + f",{more}}}" if isinstance(found, dict) and found else f"{{{more}}}"


def _as_many(found: Json, number: int) -> str:
    """Entries of a list like its own; each text in them is another one."""
    one = json.dumps(found[0] if isinstance(found, list) and found else "x", ensure_ascii=False)
    number = min(number, 4_500_000 // (len(one.encode()) + 1))
    return "[" + ",".join([one] * number) + "]"


# what stands in the place, given what stood there: as JSON in letters, since some of it is none
HARMS: Final[Mapping[str, Any]] = {
    "null": lambda _: "null",
    "true": lambda _: "true",
    "number": lambda _: "1",
    "fraction": lambda _: "0.1",
    "list": lambda _: "[]",
    "mapping": lambda _: "{}",
    "nothing": lambda _: '""',
    "blanks": lambda _: '" \\u3000\\u200b"',
    "huge number": lambda _: "-" + "9" * 40,
    "number of many digits": lambda _: "9" * 4_299,
    "number of too many digits": lambda _: "9" * 100_000,
    "NaN": lambda _: "NaN",
    "infinity": lambda _: "-Infinity",
    "infinite": lambda _: "1e999",
    "markup": lambda _: json.dumps("<script>alert(1)</script>{{ 7*7 }}%s{0}${x}\r\n' OR 1=1 --"),
    "control": lambda _: '"a\\u0001\\u202e\\u0007"',
    "NUL": lambda _: '"a\\u0000"',
    "half a letter": lambda _: '"\\ud800"',
    "year 0": lambda _: '"0000-00-00"',
    "far": lambda _: '"9999-12-31T23:59:59+15:59"',
    "list of lists": lambda found: json.dumps([[found]]),
    "list of nothing": lambda _: "[null]",
    "mapping of nothing": lambda _: '{"": null}',
    "deep list": lambda _: "[" * _DEEP + "]" * _DEEP,
    "deep mapping": lambda _: '{"a":' * _DEEP + "1" + "}" * _DEEP,
    "too deep": lambda _: "[" * 100_000 + "]" * 100_000,
    "name twice": lambda found: _with(found, '"a":1,"a":2'),
    "unknown names": lambda found: _with(found, '"__class__":1,"未知":[1]'),
    "entry twice": lambda found: json.dumps([*found, *found] if isinstance(found, list) else [found, found]),
    "long": lambda _: json.dumps("字" * LONG, ensure_ascii=False),
    "long word": lambda _: '"' + "a" * LONG + '"',
    "many": lambda found: _as_many(found, MANY),
    "many numbers": lambda _: "[" + ",".join(map(str, range(MANY))) + "]",
    "many texts": lambda _: "[" + ",".join(f'"a{one}"' for one in range(MANY)) + "]",
    "many names": lambda _: "{" + ",".join(f'"a{one}":{one}' for one in range(MANY)) + "}",
}
LARGE: Final = ("long", "long word", "many", "many numbers", "many texts", "many names")
_MARK = "@@here@@"


def harmed(right: Json, place: Place, harm: str) -> str:
    """The body with this harm at the place."""
    said = HARMS[harm](at(right, place))
    if not place:
        return said
    copy = json.loads(json.dumps(right))
    at(copy, place[:-1])[place[-1]] = _MARK
    return json.dumps(copy, ensure_ascii=False).replace(f'"{_MARK}"', said, 1)
