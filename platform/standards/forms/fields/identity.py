"""Numbers by which people and bodies are known."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal, override

from standards.forms.expressions.kinds import NamedValue, ValueKind
from standards.forms.fields.base import BaseField, PaletteGroup, Value, code_of
from standards.forms.filling import FillingContext
from standards.numbers.credit_codes import faults_of_credit_code, normal_credit_code
from standards.numbers.divisions import CODE_LENGTH
from standards.numbers.phones import is_mobile, normal_phone
from standards.numbers.residents import age_on, birthday_of

_RESIDENT: Final = re.compile(r"\d{17}[\dX]", re.ASCII)
_DASHES: Final = re.compile(r"[‐‑‒–—―－﹣]")
_LANDLINE: Final = re.compile(r"(?:0\d{2,3}-)?[2-9]\d{6,7}(?:-\d{1,6})?|[48]00\d{7}", re.ASCII)
_AREA: Final = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))([2-9]\d{6,7})(.*)", re.ASCII)
_ACCOUNT: Final = re.compile(r"\d{8,32}", re.ASCII)


class ResidentNumberField(BaseField):
    """身份证号 (GB 11643): the birthday, the sex and the place of issue follow from it."""

    title: ClassVar[str] = "身份证号"
    group: ClassVar[PaletteGroup] = PaletteGroup.IDENTITY
    also_called: ClassVar[str] = "公民身份号码 证件号"
    mask: ClassVar[str] = "number"

    type: Literal["resident_number"]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        return code_of(raw).upper() or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        if len(value) != 18:  # noqa: PLR2004 - GB 11643
            return [f"“{self.label}”应为 18 位，现在是 {len(value)} 位，请对照身份证填写。"]
        if not _RESIDENT.fullmatch(value):
            return [f"“{self.label}”只能有数字，最后一位可以是 X，请对照身份证填写。"]
        if not birthday_of(value):
            return [f"“{self.label}”的出生日期或者校验码不对，请对照身份证逐位核对。"]
        return []

    @override
    def derived(self, value: Value, context: FillingContext) -> Mapping[str, Value]:
        born_on = birthday_of(value) if isinstance(value, str) and _RESIDENT.fullmatch(value) else None
        if not born_on:
            return {}
        region = value[:6].ljust(CODE_LENGTH, "0")
        return {
            "birth_on": born_on.isoformat(),
            "sex": "男" if int(value[16]) % 2 else "女",
            "age": str(age_on(born_on, context.today)),
            "region": context.name_of("division", region) or region[:6],
        }

    @override
    def members(self) -> Mapping[str, NamedValue]:
        return {
            "birth_on": NamedValue(f"{self.label}：出生日期", ValueKind.DATE),
            "sex": NamedValue(f"{self.label}：性别", ValueKind.TEXT, frozenset({"男", "女"})),
            "age": NamedValue(f"{self.label}：年龄", ValueKind.NUMBER),
            "region": NamedValue(f"{self.label}：发证地区", ValueKind.TEXT),
        }

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{17}[0-9X]$"}


class CreditCodeField(BaseField):
    """统一社会信用代码 (GB 32100)."""

    title: ClassVar[str] = "统一社会信用代码"
    group: ClassVar[PaletteGroup] = PaletteGroup.IDENTITY
    also_called: ClassVar[str] = "企业 组织机构代码"

    type: Literal["credit_code"]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        return normal_credit_code(code_of(raw)).upper() or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return [f"“{self.label}”有误：{fault.message}" for fault in faults_of_credit_code(value)][:1]

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9A-HJ-NP-RTUW-Y]{18}$"}


class MobileField(BaseField):
    """手机号."""

    title: ClassVar[str] = "手机号"
    group: ClassVar[PaletteGroup] = PaletteGroup.IDENTITY
    also_called: ClassVar[str] = "电话 联系方式"
    mask: ClassVar[str] = "phone"

    type: Literal["mobile"]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        code = code_of(raw)
        number = normal_phone(code)
        return (number if is_mobile(number) else code) or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return [] if is_mobile(value) else [f"“{self.label}”应为 11 位手机号，以 13 至 19 开头，请检查是否多写或漏写。"]

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^1[3-9][0-9]{9}$"}


class LandlineField(BaseField):
    """固定电话, with its area code and an extension."""

    title: ClassVar[str] = "固定电话"
    group: ClassVar[PaletteGroup] = PaletteGroup.IDENTITY
    also_called: ClassVar[str] = "座机 电话"
    mask: ClassVar[str] = "phone"

    type: Literal["landline"]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        code = re.sub(r"转分?机?", "-", _DASHES.sub("-", code_of(raw)))
        code = re.sub(r"-+", "-", re.sub(r"\((0\d{2,3})\)-?", r"\1-", code, flags=re.ASCII))
        area = _AREA.fullmatch(code)
        return (f"{area[1]}-{area[2]}{area[3]}" if area else code) or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        if _LANDLINE.fullmatch(value):
            return []
        return [f"“{self.label}”不是固定电话，应当像 0717-3222222 或 0717-3222222-801 这样。"]

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9-]{7,22}$"}


class BankAccountField(BaseField):
    """银行账号: of people and of bodies, whose numbers have no check digit in common."""

    title: ClassVar[str] = "银行账号"
    group: ClassVar[PaletteGroup] = PaletteGroup.IDENTITY
    also_called: ClassVar[str] = "银行卡 收款账户"
    mask: ClassVar[str] = "account"

    type: Literal["bank_account"]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        return code_of(raw).replace("-", "") or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return (
            [] if _ACCOUNT.fullmatch(value) else [f"“{self.label}”应为 8 至 32 位数字，请对照银行卡或开户许可证填写。"]
        )

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{8,32}$"}
