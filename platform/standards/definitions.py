"""Definitions in JSON (forms, flows) as somebody sent them: bounded, without doubles, each fault in Chinese."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from foundation.errors import Fault, Invalid
from foundation.schema_faults import SAID, said_of

LARGEST: Final = 1024 * 1024  # bytes of JSON
MOST_FAULTS: Final = 50
_SAID: Final[Mapping[str, str]] = {
    **SAID,
    "extra_forbidden": "没有“{name}”这个属性，请删去。",
    "missing": "缺少“{called}”。",
    "union_tag_not_found": "{part}缺少“{tag}”。",
    "string_too_short": "不能是空的。",
    "value_error": "{error}。",
}


def is_json(content: bytes) -> bool:
    """Whether a file is a definition in JSON, and no drawing."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


@dataclass(frozen=True, slots=True)
class DefinitionReader[Model: BaseModel]:
    """Reads one kind of definition.

    ``noun``: as faults call it; ``deepest``: how deep lists and mappings may stand in one another; ``part``: what has a
    type; ``advice``: what to do where it is too large; ``is_tag``: whether a part of an error's path, by the part
    before it, is the type that pydantic chose and no part of the JSON; ``unknown``: what is said of an unknown type,
    given the path and the word; ``patterns``: what is said of a name that is written wrong, by attribute; ``called``:
    what people who read no JSON know an attribute as.
    """

    model: type[Model]
    noun: str
    deepest: int
    part: str
    advice: str
    is_tag: Callable[[object, object], bool]
    unknown: Callable[[Sequence[str], str], str]
    patterns: Mapping[str, str] = field(default_factory=dict)
    called: Callable[[str], str | None] = str

    def read(self, raw: str | bytes | Mapping[str, Any]) -> Model:
        """The definition by its types and limits. Raises Invalid; each fault says where it is (``parts.0.label``)."""
        found = self._json_of(raw)
        if isinstance(found, dict) and found.get("format") != 1:
            message = f"{self.noun}的格式版本是“{str(found.get('format'))[:20]}”，本系统能读的是 1。"
            raise Invalid.at("format", message)
        try:
            return self.model.model_validate_json(json.dumps(found))
        except ValidationError as error:
            errors = error.errors(include_url=False)
            # a list whose one entry is wrong also counts as empty
            wrong = {one["loc"][:end] for one in errors for end in range(len(one["loc"]))}
            self.refuse(
                [self._fault_of(one) for one in errors if one["type"] != "too_short" or one["loc"] not in wrong]
            )
            raise  # every error is a fault

    def refuse(self, faults: Sequence[Fault]) -> None:
        """Raises Invalid where there is any fault; so many of them are named."""
        if faults:
            message = f"{self.noun}有 {len(faults)} 处错误，请按提示修改。"
            raise Invalid.of(faults[:MOST_FAULTS], many=message)

    def keepable(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """A draft, which may be wrong in any way but not of any size, nor hold what PostgreSQL cannot. Raises
        Invalid."""
        try:
            text = json.dumps(raw, ensure_ascii=False, allow_nan=False)
            size = len(text.encode())
        except (TypeError, ValueError, RecursionError):
            raise Invalid(self._unkeepable) from None
        self._check_size(size)
        if "\\u0000" in text:
            message = f"{self.noun}里有不能保存的字符，请删去。"
            raise Invalid(message)
        return dict(raw)

    @property
    def _unkeepable(self) -> str:
        return f"{self.noun}里有不能保存的内容，或者嵌套太深。"

    def _check_size(self, size: int) -> None:
        if size > LARGEST:
            message = f"{self.noun}有 {size / 1024:,.0f} KB，最多 {LARGEST // 1024:,} KB：{self.advice}"
            raise Invalid(message)

    def _json_of(self, raw: str | bytes | Mapping[str, Any]) -> object:
        if isinstance(raw, Mapping):
            try:
                raw = json.dumps(raw, ensure_ascii=False)
            except (TypeError, ValueError, RecursionError):
                raise Invalid(self._unkeepable) from None
        self._check_size(len(raw) if isinstance(raw, bytes) else len(raw.encode(errors="replace")))
        try:
            found: object = json.loads(raw, object_pairs_hook=self._without_doubles, parse_constant=self._no_constant)
        except RecursionError:
            message = f"{self.noun}嵌套太深。"
            raise Invalid(message) from None
        except ValueError as error:
            place = f"第 {error.lineno} 行第 {error.colno} 个字符处" if isinstance(error, json.JSONDecodeError) else ""
            message = f"{self.noun}不是正确的 JSON，{place}读不下去。"
            raise Invalid(message) from None
        if _depth(found, self.deepest) > self.deepest:
            message = f"{self.noun}嵌套太深。"
            raise Invalid(message)
        return found

    def _without_doubles(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            double = next(name for name, many in Counter(name for name, _ in pairs).items() if many > 1)
            message = f"{self.noun}里“{double[:40]}”在同一处写了两次。"
            raise Invalid(message)
        return found

    def _no_constant(self, text: str) -> float:
        message = f"{self.noun}里不能写 {text}。"
        raise Invalid(message)

    def _fault_of(self, error: Any) -> Fault:
        path = [str(part) for place, part in enumerate(error["loc"]) if not self._is_tag(error["loc"], place)]
        where = ".".join(path)
        name = next((part[:40] for part in reversed(path) if not part.isdigit()), "")
        called = self.called(name) or "这里"
        context = error.get("ctx", {})
        kind = error["type"]
        if kind == "union_tag_invalid":
            tag = context["discriminator"].strip("'")
            return Fault(f"{where}.{tag}", self.unknown(path, str(context["tag"])))
        if kind == "string_pattern_mismatch":
            return Fault(where, self.patterns.get(name, f"“{called}”的写法不对。"))
        tag = self.called(str(context.get("discriminator", "")).strip("'")) or "类型"
        said = said_of(error, _SAID, name=name, called=called, part=self.part, tag=tag)
        is_whole = kind in {"extra_forbidden", "missing", "union_tag_not_found"}
        return Fault(where, said if is_whole else f"“{called}”{said}")

    def _is_tag(self, path: Sequence[object], place: int) -> bool:
        return place > 0 and self.is_tag(path[place - 1], path[place])


def _depth(found: object, deepest: int) -> int:
    """How deep lists and mappings stand in one another; level by level, for nothing here may recurse."""
    depth, level = 0, [found]
    while level and depth <= deepest:
        depth += 1
        level = [
            one
            for item in level
            if isinstance(item, dict | list)
            for one in (item.values() if isinstance(item, dict) else item)
        ]
    return depth
