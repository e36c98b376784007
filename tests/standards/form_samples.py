"""A form with every type of field, a way to fill it in, and the world that it needs."""

from datetime import date
from typing import Any, Final

from standards.forms.definition import FormDefinition
from standards.forms.filling import FillingContext, UploadFacts
from standards.forms.reading import read_definition
from standards.workdays.calendar import WorkCalendar

TODAY: Final = date(2026, 11, 29)
NAMES: Final = {
    ("division", "420582000000"): "湖北省宜昌市当阳市",
    ("division", "420582001000"): "湖北省宜昌市当阳市玉阳街道",
    ("division", "420000000000"): "湖北省",
    ("department", "d1"): "当阳市民政局",
    ("person", "p1"): "孙丽",
    ("position", "w1"): "受理岗",
    ("item", "i1"): "取水许可",
    ("case", "202611290001"): "取水许可首次申请",
    ("earlier_form:own:", "f1"): "请假申请（20261103-AB12CD）",
}
UPLOADS: Final = {
    "u1": UploadFacts("身份证.pdf", "pdf", 200_000),
    "u2": UploadFacts("门头照片.jpg", "jpg", 300_000),
    "u3": UploadFacts("签名.png", "png", 9_000),
    "big": UploadFacts("大文件.jpg", "jpg", 900_000_000),
    "exe": UploadFacts("程序.exe", "exe", 10),
}
CONTEXT: Final = FillingContext(
    today=TODAY,
    person="孙丽",
    days=lambda: WorkCalendar(off={date(2026, 12, 1): "某节"}, years=frozenset({2026})),
    name_of=lambda source, code: NAMES.get((source, code), ""),
    upload=UPLOADS.get,
)
_AB: Final = [{"code": "a", "label": "甲类"}, {"code": "b", "label": "乙类"}]
_DECISIONS: Final = [{"code": "yes", "label": "同意"}, {"code": "no", "label": "不同意"}]

# type → its own attributes, what is posted, the value that becomes of it, and how people read it
SAMPLES: Final[dict[str, tuple[dict[str, Any], object, object, str]]] = {
    "short_text": ({}, "　取水  口\n", "取水 口", "取水 口"),
    "long_text": ({}, "一\r\n二\x00\u202e", "一\n二", "一\n二"),
    "person_name": ({}, " 张　三 ", "张三", "张三"),
    "email": ({}, "ａ＠example.cn", "a@example.cn", "a@example.cn"),
    "postcode": ({}, "４４４１００", "444100", "444100"),
    "resident_number": ({}, "11010519491231002ｘ", "11010519491231002X", "11010519491231002X"),
    "credit_code": ({}, " 91350100m000100y43", "91350100M000100Y43", "91350100M000100Y43"),
    "mobile": ({}, "+86 138 0013 8000", "13800138000", "13800138000"),
    "landline": ({}, "（０７１７）３２２２２２２转801", "0717-3222222-801", "0717-3222222-801"),
    "bank_account": ({}, "6222 0000 1234 5678", "6222000012345678", "6222000012345678"),
    "number": ({"unit": "亩", "decimals": 2}, "１,２００.５０亩", "1200.5", "1200.5 亩"),
    "money": ({}, "￥1,409.5元", "1409.50", "1,409.50 元"),
    "date": ({"latest": {"workdays": 5}}, "2026年11月30日", "2026-11-30", "2026年11月30日"),
    "time": ({"earliest": "08:00"}, "下午２点30分", "14:30", "14:30"),
    "period": (
        {"most_days": 30},
        {"begins_on": "20261201", "ends_on": "2026/12/3"},
        {"begins_on": "2026-12-01", "ends_on": "2026-12-03"},
        "2026年12月1日 至 2026年12月3日",
    ),
    "choice": ({"options": _AB}, "a", "a", "甲类"),
    "choices": ({"options": _AB}, ["b", "a", "b"], ["a", "b"], "甲类、乙类"),
    "yes_no": ({}, "true", True, "是"),
    "listed": ({"source": "department"}, "d1", {"code": "d1", "name": "当阳市民政局"}, "当阳市民政局"),
    "division": (
        {},
        {"province": "420000000000", "county": "420582000000", "township": ""},
        {"code": "420582000000", "name": "湖北省宜昌市当阳市"},
        "湖北省宜昌市当阳市",
    ),
    "address": (
        {},
        {"division": "420582001000", "detail": " 玉阳路１２号"},
        {"division": {"code": "420582001000", "name": "湖北省宜昌市当阳市玉阳街道"}, "detail": "玉阳路１２号"},
        "湖北省宜昌市当阳市玉阳街道玉阳路１２号",
    ),
    "material": (
        {"material": "M01"},
        ["u1"],
        [{"id": "u1", "name": "身份证.pdf", "kind": "pdf", "size": 200_000}],
        "身份证.pdf",
    ),
    "picture": ({}, "u2", [{"id": "u2", "name": "门头照片.jpg", "kind": "jpg", "size": 300_000}], "门头照片.jpg"),
    "document_number": ({}, "当政发[2026]第012号", "当政发〔2026〕12号", "当政发〔2026〕12号"),
    "file_number": ({}, "0001—ws·2026·y—bgs－0012", "0001-WS·2026·Y-BGS-0012", "0001-WS·2026·Y-BGS-0012"),
    "licence": (
        {"licences": _AB},
        {"licence": "a", "number": "jy123 456"},
        {"licence": "a", "number": "JY123456"},
        "甲类 JY123456",
    ),
    "computed": ({"expression": "f_number * 2", "result": "money"}, "99", None, ""),
    "group": (
        {
            "sums": ["g_amount"],
            "cells": [
                {"type": "short_text", "name": "g_name", "label": "品名", "required": True},
                {"type": "number", "name": "g_many", "label": "数量"},
                {"type": "money", "name": "g_price", "label": "单价"},
                {
                    "type": "computed",
                    "name": "g_amount",
                    "label": "小计",
                    "expression": "g_many * g_price",
                    "result": "money",
                },
            ],
        },
        [{"g_name": "管材", "g_many": "３", "g_price": "19.99"}, {"g_name": ""}, {"g_name": "阀门", "g_amount": "1"}],
        [{"g_name": "管材", "g_many": "3", "g_price": "19.99"}, {"g_name": "阀门"}],
        "1. 品名：管材；数量：3；单价：19.99 元\n2. 品名：阀门",
    ),
    "signature": ({}, "u3", {"id": "u3", "kind": "png", "by": "孙丽", "on": "2026-11-29"}, "孙丽，2026-11-29"),
    "declaration": ({"words": "内容真实。"}, "on", True, "已承诺"),
    "earlier_case": (
        {},
        "２０２６１１２９０００１",
        {"code": "202611290001", "name": "取水许可首次申请"},
        "取水许可首次申请（202611290001）",
    ),
    "earlier_form": ({}, "f1", {"code": "f1", "name": "请假申请（20261103-AB12CD）"}, "请假申请（20261103-AB12CD）"),
    "opinion": (
        {"options": _DECISIONS, "words_needed_for": ["no"]},
        {"decision": "yes", "words": "材料齐全。", "by": "别人", "on": "2000-01-01"},
        {"decision": "yes", "words": "材料齐全。", "by": "孙丽", "on": "2026-11-29"},
        "同意：材料齐全。（孙丽，2026-11-29）",
    ),
    "map_place": (
        {
            "places": [
                {"code": "gate", "label": "东门", "longitude": 111.8, "latitude": 30.8, "address": "玉阳路"},
                {"code": "hall", "label": "大厅", "longitude": 111.81, "latitude": 30.8},
                {"code": "else", "label": "别处"},
            ],
            "datum": "gcj02",
        },
        "gate",
        "gate",
        "东门（玉阳路）",
    ),
    "heading": ({}, "x", None, ""),
    "note": ({"words": "请用黑色签字笔。"}, "x", None, ""),
}
# type → what is refused, and a piece of what is said
WRONG: Final[dict[str, tuple[object, str]]] = {
    "short_text": ("长" * 101, "最多 100 个字"),
    "long_text": ("长" * 1001, "最多 1000 个字"),
    "person_name": ("张三3", "间隔号"),
    "email": ("a@b", "name@example.cn"),
    "postcode": ("44410", "6 位数字"),
    "resident_number": ("110105194912310021", "校验码"),
    "credit_code": ("91350100M000100Y44", "校验码"),
    "mobile": ("12800138000", "11 位手机号"),
    "landline": ("3222", "0717-3222222"),
    "bank_account": ("62220", "8 至 32 位"),
    "number": ("一百", "只写数字"),
    "money": ("-1", "不能小于 0"),
    "date": ("2026-12-31", "不能晚于 2026年12月7日"),
    "time": ("7:30", "08:00 至 23:59"),
    "period": ({"begins_on": "2026-12-03", "ends_on": "2026-12-01"}, "早于开始日期"),
    "choice": ("c", "没有“c”这一项"),
    "choices": (["a", "c"], "没有“c”这一项"),
    "yes_no": ("也许", "请选“是”或“否”"),
    "listed": ("nobody", "请从列表里选"),
    "division": ("420000000000", "请选到县"),
    "address": ({"detail": "玉阳路"}, "请先选"),
    "material": (["u1", "gone"], "请重新上传"),
    "picture": (["big"], "超过 10 MB"),
    "document_number": ("十二号", "〔2026〕12号"),
    "file_number": ("0001", "至少三段"),
    "licence": ({"licence": "zz", "number": "1"}, "种类"),
    "group": ([{"g_many": "x"}], "第 1 行"),
    "signature": ("exe", "请重新签名"),
    "declaration": ("", "请先阅读并勾选"),
    "earlier_case": ("1", "没有找到办件"),
    "earlier_form": ("f2", "没有您选的这份表单"),
    "opinion": ({"decision": "no"}, "写明理由"),
    "map_place": ("nowhere", "没有“nowhere”"),
}


def field_of(kind: str, **more: Any) -> dict[str, Any]:
    """A field of the type as it stands in a definition."""
    return {"type": kind, "name": f"f_{kind}", "label": f"字段 {kind}", **SAMPLES[kind][0], **more}


def form_of(*fields: dict[str, Any], **more: Any) -> FormDefinition:
    """A form of one part."""
    parts = [{"name": "all", "label": "全部", "fields": list(fields)}]
    return read_definition({"format": 1, "title": "样表", "parts": parts, **more})


def whole_form(**more: Any) -> FormDefinition:
    """A form with a field of every type."""
    return form_of(*(field_of(kind) for kind in SAMPLES), **more)


def whole_post() -> dict[str, object]:
    """Something right for every field of ``whole_form``."""
    return {f"f_{kind}": sample[1] for kind, sample in SAMPLES.items()}


def whole_values() -> dict[str, object]:
    """What is kept of ``whole_post``."""
    return {f"f_{kind}": sample[2] for kind, sample in SAMPLES.items() if sample[2] is not None}
