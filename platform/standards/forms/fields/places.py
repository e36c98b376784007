"""Where something is."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, ClassVar, Final, Literal, override

from pydantic import Field, StringConstraints

from standards.forms.expressions.kinds import NamedValue, ValueKind
from standards.forms.fields.base import BaseField, PaletteGroup, Strict, Value, Words, code_of, line_of, part_of, titled
from standards.forms.fields.choices import EntryField, OptionCode, listed_schema, listed_text, read_listed
from standards.forms.fields.texts import length_faults
from standards.forms.filling import FillingContext
from standards.numbers.divisions import PREFIX_LENGTH, fault_of_code, level_of

Level = Literal["province", "city", "county", "township", "village"]
_LEVELS: Final = tuple(PREFIX_LENGTH)
_LEVEL_LABELS: Final = dict(zip(_LEVELS, ("省", "市", "县（市、区）", "乡镇（街道）", "村（社区）"), strict=True))
LONGEST_ADDRESS: Final = 200
MOST_PLACES: Final = 200
MOST_KINDS: Final = 20
LONGEST_KIND: Final = 40
# degrees within which China lies, the seas with it
EAST: Final = (73, 136)
NORTH: Final = (3, 54)


class DivisionField(EntryField):
    """行政区划, level by level. ``within``: the leading digits that its code must have."""

    title: ClassVar[str] = "行政区划"
    group: ClassVar[PaletteGroup] = PaletteGroup.PLACE
    also_called: ClassVar[str] = "省市县 乡镇 村"

    type: Literal["division"]
    deepest: Annotated[Level, titled("最细到哪一级", words=_LEVEL_LABELS)] = "township"
    least: Annotated[Level, titled("至少选到哪一级", words=_LEVEL_LABELS)] = "county"
    within: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9]{0,12}\Z"),
        titled("只限这个区划以内", "区划代码开头的数字，例如 420582；不写就不限。", section="advanced"),
    ] = ""

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        return _read_division(raw, context, before)

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return _division_faults(self.label, value, self.least, self.deepest, self.within)

    @override
    def own_faults(self) -> list[str]:
        if _LEVELS.index(self.least) > _LEVELS.index(self.deepest):
            return [f"“{self.label}”至少要选到的级别比最深的级别还深。"]
        return []


class AddressField(BaseField):
    """地址: a division, and what stands behind it."""

    title: ClassVar[str] = "地址"
    group: ClassVar[PaletteGroup] = PaletteGroup.PLACE
    also_called: ClassVar[str] = "住址 门牌"
    mask: ClassVar[str] = "address"
    parts: ClassVar[Mapping[str, tuple[str, ValueKind]]] = {
        "division": ("行政区划代码", ValueKind.TEXT),
        "detail": ("详细地址", ValueKind.TEXT),
    }

    type: Literal["address"]
    deepest: Annotated[Level, titled("最细到哪一级", words=_LEVEL_LABELS)] = "village"
    least: Annotated[Level, titled("至少选到哪一级", words=_LEVEL_LABELS)] = "county"
    within: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9]{0,12}\Z"),
        titled("只限这个区划以内", "区划代码开头的数字，例如 420582；不写就不限。", section="advanced"),
    ] = ""

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        known = before if isinstance(before, Mapping) else {}
        division = _read_division(part_of(raw, "division"), context, known.get("division"))
        detail = line_of(part_of(raw, "detail"))
        return {"division": division, "detail": detail} if division or detail else None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        if not value["division"]:
            return [f"“{self.label}”请先选所在的行政区划。"]
        if wrong := _division_faults(self.label, value["division"], self.least, self.deepest, self.within):
            return wrong
        if not value["detail"]:
            return [f"“{self.label}”请写门牌、小区或者村组，例如“玉阳路 12 号”。"]
        return length_faults(self.label, value["detail"], 1, LONGEST_ADDRESS)

    @override
    def text(self, value: Value) -> str:
        return f"{listed_text(value['division'])}{value['detail']}" if value else ""

    @override
    def typed(self, value: Value) -> Any:
        division = value["division"] if value else None
        return {"division": division["code"] if division else "", "detail": value["detail"] if value else ""}

    @override
    def expressed(self, value: Value) -> Any:
        return self.text(value) or None

    @override
    def value_schema(self) -> dict[str, Any]:
        properties = {"division": listed_schema(), "detail": {"type": "string", "maxLength": LONGEST_ADDRESS}}
        return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}

    @override
    def own_faults(self) -> list[str]:
        if _LEVELS.index(self.least) > _LEVELS.index(self.deepest):
            return [f"“{self.label}”至少要选到的级别比最深的级别还深。"]
        return []


class MappedPlace(Strict):
    """A place that can be chosen; degrees in the field's ``datum``, both or neither. Without them it stands in the list
    alone."""

    code: Annotated[OptionCode, titled("代码", control="code", section="advanced")]
    label: Annotated[Words, titled("名称")]
    address: Annotated[str, Field(max_length=200), titled("地址")] = ""
    longitude: Annotated[Annotated[float, Field(ge=EAST[0], le=EAST[1])] | None, titled("经度", unit="度")] = None
    latitude: Annotated[Annotated[float, Field(ge=NORTH[0], le=NORTH[1])] | None, titled("纬度", unit="度")] = None

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, where both are known."""
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)


Datum = Literal["cgcs2000", "gcj02"]
DATUM_LABELS: Final[Mapping[Datum, str]] = {
    "cgcs2000": "国家大地坐标系 CGCS2000",
    "gcj02": "互联网地图坐标系 GCJ-02",
}


# what a place of the hall's list is good for, in the hall's own words
PlaceKind = Annotated[Words, Field(max_length=LONGEST_KIND)]


class MapPlaceField(BaseField):
    """地点: one of some places, picked in a list or on a map that is drawn of their coordinates.

    The places are the field's own, or, where it has none, those of the hall's list (地点清单): all in use, or those of
    the ``kinds`` that it names. Of its own the value is a code; of the hall's ``{"code", "name", "address",
    "longitude", "latitude", "datum"}``, as the place was when it was chosen, for the list goes on changing.
    """

    title: ClassVar[str] = "地图上的地点"
    group: ClassVar[PaletteGroup] = PaletteGroup.PLACE
    also_called: ClassVar[str] = "位置 网点 地点清单"

    type: Literal["map_place"]
    places: Annotated[
        tuple[MappedPlace, ...],
        Field(max_length=MOST_PLACES),
        titled("地点", "不写，就从本厅的“地点清单”里选；只有这张表单用的地点，才写在这里。"),
    ] = ()
    kinds: Annotated[
        tuple[PlaceKind, ...],
        Field(max_length=MOST_KINDS),
        titled("只选这些类别", "从“地点清单”里选时，只列出这些类别的地点；不选就是全部。", control="place_kinds"),
    ] = ()
    # of all its places: in the two, the same spot stands some hundred metres apart
    datum: Annotated[
        Datum,
        titled(
            "坐标系",
            "写在这里的地点用哪一种：天地图、测绘成果用 CGCS2000，高德、腾讯地图用 GCJ-02。不写经纬度，就只有列表。",
            words=DATUM_LABELS,
        ),
    ] = "cgcs2000"

    @property
    def is_of_hall(self) -> bool:
        """Whether the hall's list is chosen from."""
        return not self.places

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        code = line_of(part_of(raw, "code") if isinstance(raw, Mapping) else raw)[:200]
        if not code or not self.is_of_hall:
            return code or None
        if found := context.place(code, self.kinds):
            return {"code": code, **asdict(found)}
        # what went out of use since is still called what it was
        is_same = isinstance(before, Mapping) and before.get("code") == code
        return dict(before) if is_same else {"code": code, "name": ""}

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        code, name = _code_and_name(value)
        if self._place(code) or (self.is_of_hall and name and context.place(code, self.kinds)):
            return []
        if self.is_of_hall and name:
            why = "已经停用，或者改了类别" if self.kinds else "已经停用"
            return [f"“{self.label}”里的“{name}”{why}，请另选一个地点。"]
        return [f"“{self.label}”里没有“{code[:40]}”这个地点，请从列表里选。"]

    @override
    def text(self, value: Value) -> str:
        code, name = _code_and_name(value)
        place = self._place(code)
        address = place.address if place else str(value.get("address", "")) if isinstance(value, Mapping) else ""
        said = place.label if place else name or code
        return f"{said}（{address}）" if address else said

    @override
    def typed(self, value: Value) -> Any:
        return _code_and_name(value)[0]

    @override
    def expressed(self, value: Value) -> Any:
        return _code_and_name(value)[0] or None

    @override
    def members(self) -> Mapping[str, NamedValue]:
        return {"name": NamedValue(f"{self.label}：名称", ValueKind.TEXT)} if self.is_of_hall else {}

    @override
    def derived(self, value: Value, context: FillingContext) -> Mapping[str, Value]:
        name = _code_and_name(value)[1]
        return {"name": name} if self.is_of_hall and name else {}

    @override
    def choices(self) -> Mapping[str, str]:
        return {place.code: place.label for place in self.places}

    @override
    def value_schema(self) -> dict[str, Any]:
        if self.places:
            return {"type": "string", "enum": [place.code for place in self.places]}
        schema = listed_schema()
        degrees = {"type": ["number", "null"]}
        schema["properties"] |= {
            "address": {"type": "string"},
            "longitude": degrees,
            "latitude": degrees,
            "datum": {"enum": list(DATUM_LABELS)},
        }
        return schema

    @override
    def own_faults(self) -> list[str]:
        codes = [place.code for place in self.places]
        double = next((code for code in codes if codes.count(code) > 1), None)
        found = [f"“{self.label}”有两个地点的代码都是“{double}”，请改掉一个。"] if double else []
        if self.places and self.kinds:
            found.append(f"“{self.label}”的地点写在这里，就不能再按“地点清单”的类别选，请去掉一样。")
        half = [place.label for place in self.places if (place.longitude is None) != (place.latitude is None)]
        return [*found, *(f"“{self.label}”的地点“{one}”经度、纬度只写了一个，请都写或者都不写。" for one in half)]

    def _place(self, code: str) -> MappedPlace | None:
        return next((place for place in self.places if place.code == code), None)


def _code_and_name(value: Value) -> tuple[str, str]:
    """Of a value of either kind: a version of the form may have had places of its own, and the next one not."""
    if isinstance(value, Mapping):
        return str(value.get("code") or ""), str(value.get("name") or "")
    return str(value or ""), ""


def _read_division(raw: object, context: FillingContext, before: Value) -> Value:
    """By its code, or by one code a level, of which the deepest counts."""
    if isinstance(raw, Mapping) and "code" not in raw:
        raw = next((code for level in reversed(_LEVELS) if (code := code_of(raw.get(level)))), "")
    return read_listed("division", code_of(part_of(raw, "code") if isinstance(raw, Mapping) else raw), context, before)


def _division_faults(label: str, value: Value, least: Level, deepest: Level, within: str) -> list[str]:
    code = value["code"]
    if fault_of_code(code) or not value["name"]:
        return [f"“{label}”没有代码是“{code[:20]}”的行政区划，请从列表里选。"]
    if not code.startswith(within):
        return [f"“{label}”不在可选的范围内，请重新选。"]
    level = _LEVELS.index(level_of(code))
    if level < _LEVELS.index(least):
        return [f"“{label}”请选到{_LEVEL_LABELS[least]}一级。"]
    return [f"“{label}”只选到{_LEVEL_LABELS[deepest]}一级。"] if level > _LEVELS.index(deepest) else []
