"""Files: materials, pictures, a signature by hand. A value names uploads; what they are, the upload itself says."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, override

from pydantic import Field, StringConstraints

from standards.forms.expressions.kinds import ValueKind
from standards.forms.fields.base import BaseField, PaletteGroup, Value, line_of, part_of, titled
from standards.forms.filling import FillingContext

_MEGABYTE: Final = 1024 * 1024
MOST_FILES: Final = 50
_PICTURES: Final = ("jpg", "png")
FileEnding = Literal["pdf", "ofd", "jpg", "png", "docx", "xlsx", "zip"]
_ENDING_LABELS: Final[Mapping[str, str]] = {
    "pdf": "PDF",
    "ofd": "OFD（版式文件）",
    "jpg": "照片（JPG）",
    "png": "图片（PNG）",
    "docx": "Word 文档",
    "xlsx": "Excel 表格",
    "zip": "压缩包",
}


class _FilesField(BaseField):
    kind: ClassVar[ValueKind] = ValueKind.TEXTS

    @property
    def _endings(self) -> tuple[str, ...]:
        return _PICTURES

    @property
    def _bounds(self) -> tuple[int, int]:
        """The most files, and the most megabytes of one."""
        return 1, 1

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        several = raw if isinstance(raw, list | tuple) else [raw]
        codes = [line_of(part_of(one, "id") if isinstance(one, Mapping) else one)[:64] for one in several]
        known = {one["id"]: one for one in before or ()} if isinstance(before, list) else {}
        return [_facts(code, context, known) for code in dict.fromkeys(codes) if code][: MOST_FILES + 1] or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        most, megabytes = self._bounds
        if len(value) > most:
            return [f"“{self.label}”最多传 {most} 个文件，现在有 {len(value)} 个，请删去几个。"]
        for one in value:
            if not one["name"]:
                return [f"“{self.label}”有一个文件没有传完或者已经删除，请重新上传。"]
            if one["kind"] not in self._endings:
                return [f"“{self.label}”的“{one['name']}”格式不对，可以传 {'、'.join(self._endings)}。"]
            if one["size"] > megabytes * _MEGABYTE:
                return [f"“{self.label}”的“{one['name']}”超过 {megabytes} MB，请压缩后重新上传。"]
        return []

    @override
    def text(self, value: Value) -> str:
        return "、".join(one["name"] or one["id"] for one in value or ())

    @override
    def typed(self, value: Value) -> Any:
        return [one["id"] for one in value or ()]

    @override
    def expressed(self, value: Value) -> Any:
        return [one["id"] for one in value or ()]

    @override
    def value_schema(self) -> dict[str, Any]:
        properties = {
            "id": {"type": "string", "maxLength": 64},
            "name": {"type": "string"},
            "kind": {"type": "string"},
            "size": {"type": "integer", "minimum": 0},
        }
        one = {"type": "object", "properties": properties, "required": ["id"], "additionalProperties": False}
        return {"type": "array", "items": one, "minItems": 1, "maxItems": self._bounds[0]}


class MaterialField(_FilesField):
    """材料: bound to a material of an item (``item``: 基本编码 or 实施编码; ``material``: its name in the guide), or to
    none of them. Without an item, ``material`` says what the app that made the form calls it."""

    title: ClassVar[str] = "申请材料"
    group: ClassVar[PaletteGroup] = PaletteGroup.FILE
    also_called: ClassVar[str] = "附件 文件 上传"

    type: Literal["material"]
    item: Annotated[str, StringConstraints(max_length=36), titled("所属事项", control="item_code")] = ""
    material: Annotated[
        str,
        StringConstraints(max_length=200),
        titled("对应的事项材料", "不办事项的表单不用管。", control="material"),
    ] = ""
    endings: Annotated[tuple[FileEnding, ...], Field(min_length=1), titled("可以传的格式", words=_ENDING_LABELS)] = (
        "pdf",
        "ofd",
        "jpg",
        "png",
    )
    most: Annotated[int, Field(ge=1, le=MOST_FILES), titled("最多几个文件", unit="个")] = 10
    megabytes: Annotated[int, Field(ge=1, le=200), titled("每个最大", unit="MB")] = 20

    @property
    @override
    def _endings(self) -> tuple[str, ...]:
        return self.endings

    @property
    @override
    def _bounds(self) -> tuple[int, int]:
        return self.most, self.megabytes


class PictureField(_FilesField):
    """图片."""

    title: ClassVar[str] = "图片"
    group: ClassVar[PaletteGroup] = PaletteGroup.FILE
    also_called: ClassVar[str] = "照片 拍照 上传"

    type: Literal["picture"]
    most: Annotated[int, Field(ge=1, le=MOST_FILES), titled("最多几张", unit="张")] = 3
    megabytes: Annotated[int, Field(ge=1, le=20), titled("每张最大", unit="MB")] = 10

    @property
    @override
    def _bounds(self) -> tuple[int, int]:
        return self.most, self.megabytes


class SignatureField(BaseField):
    """手写签名: a picture of it, with the name and the day that the program writes."""

    title: ClassVar[str] = "手写签名"
    group: ClassVar[PaletteGroup] = PaletteGroup.FILE
    also_called: ClassVar[str] = "签字"
    kind: ClassVar[ValueKind] = ValueKind.YES_NO

    type: Literal["signature"]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        code = line_of(part_of(raw, "id") if isinstance(raw, Mapping) else raw)[:64]
        if not code:
            return None
        if isinstance(before, Mapping) and before.get("id") == code:
            return dict(before)
        upload = context.upload(code)
        kind = upload.kind if upload else ""
        return {"id": code, "kind": kind, "by": context.person, "on": context.today.isoformat()}

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return [] if value["kind"] in _PICTURES else [f"“{self.label}”没有保存成功，请重新签名。"]

    @override
    def text(self, value: Value) -> str:
        return f"{value['by'] or '本人'}，{value['on']}" if value else ""

    @override
    def typed(self, value: Value) -> Any:
        return value["id"] if value else ""

    @override
    def expressed(self, value: Value) -> Any:
        return bool(value)

    @override
    def value_schema(self) -> dict[str, Any]:
        texts = {part: {"type": "string"} for part in ("id", "kind", "by", "on")}
        return {"type": "object", "properties": texts, "required": ["id"], "additionalProperties": False}


def _facts(code: str, context: FillingContext, known: Mapping[str, Value]) -> Value:
    if code in known:
        return known[code]
    upload = context.upload(code)
    if not upload:
        return {"id": code, "name": "", "kind": "", "size": 0}
    return {"id": code, "name": upload.name, "kind": upload.kind, "size": upload.size}
