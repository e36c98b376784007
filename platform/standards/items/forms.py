"""Blank forms and filled samples that follow from a guide: which materials are forms, and what stands in them.

No standard fixes them. They ask for what an authority must know to accept an application (行政许可法 Art. 29, 31), and
nothing more: who applies, through whom, for what, with which materials, and that it is true.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from hashlib import blake2b
from typing import Any, Final

from django.db.models import TextChoices

from foundation.paper.forms import FormField, FormPart, PaperForm
from standards.items.binding import limits_of
from standards.items.codelists import ApplicantKind, HandlingLimit, MaterialKind, MaterialNeed, MaterialSource
from standards.items.handling import rows_of
from standards.items.values import is_blank

type Values = Mapping[str, Any]

FILES: Final = ("blank_form", "filled_sample")
# the province's materials, and what a hall adds to them
LISTS: Final = ("materials", "local_materials")
MARK: Final = "样表"

_FORM: Final = re.compile(r"(?:申请|申领|申报|登记|注册|备案|审批|审核|采集|信息)(?:表|书|单)")
# what has another side, or is a report: our form would leave out what makes it one
_NO_FORMS: Final = re.compile(r"仲裁|复议|复核|申诉|争议|^项目申请书$|声明|承诺|证明|证书|说明|情况")
# made where it is handed in: nobody brings it along
_MADE_ELSEWHERE: Final = re.compile(r"自助机|(?:平台|系统)(?:网上)?填")
_BRACKETS: Final = re.compile(r"（[^（）]*）")

# 张三 with the number that GB 11643-1999 itself prints as its example, a company with that of GB 32100-2015
SAMPLE_PERSON: Final[Mapping[str, str]] = {
    "name": "张三",
    "number": "11010519491231002X",
    "phone": "13800000000",
    "address": "××镇××路 1 号",
}
SAMPLE_COMPANY: Final = {"name": "××（样例）有限公司", "code": "91350100M000100Y43", "head": "李四"}
SAMPLE_AGENT: Final = {"name": "王五", "number": "440524188001010014", "phone": "13900000000"}

_BLANK_BOX, _TICKED_BOX = "□", "√"
_DAY: Final = "　　　　年　　月　　日"


class FormKind(TextChoices):
    """Which of the two is made of a form."""

    BLANK = "blank", "空白表格"
    SAMPLE = "sample", "示例样表"


def is_form(row: Values) -> bool:
    """Whether a material is a form that an applicant fills in, of which a blank one can be made: its name says so, and
    it comes from nobody else, and is not made at a terminal or on a platform."""
    name = row.get("name")
    if not isinstance(name, str) or row.get("source") not in {None, "", MaterialSource.APPLICANT.value}:
        return False
    plain = _BRACKETS.sub("", name)
    told = " ".join(str(row.get(cell) or "") for cell in ("checked", "source_note", "fill_note"))
    return bool(_FORM.search(plain[-4:])) and not _NO_FORMS.search(plain) and not _MADE_ELSEWHERE.search(told)


def form_key(name: str) -> str:
    """A short word for the form of this name, for addresses; it is the same in every version that asks for it."""
    return blake2b(name.encode(), digest_size=6).hexdigest()


def forms_in(values: Values) -> Iterator[Values]:
    """The materials of which forms are made. Where the province has uploaded a blank form or a sample, none is: the
    other one of the two would be of another form."""
    rows = (row for name in LISTS for row in rows_of(values, name))
    return (row for row in rows if is_form(row) and all(is_blank(row.get(one)) for one in FILES))


def file_name_of(row: Values, kind: FormKind) -> str:
    """How the file is called where it is saved, without its ending."""
    return f"{row['name']}（{kind.label}）"


def form_of(values: Values, row: Values, *, kind: FormKind, place: str, edition: str, day: date) -> PaperForm:
    """The form of the material ``row`` of an item. ``values``: what counts there (``effective``); ``place``: the hall's
    name, "" where the paper is every hall's; ``edition``: of which guide it is, in words; ``day``: since when that one
    holds."""
    is_sample = kind is FormKind.SAMPLE
    fill = _Sample(values, day) if is_sample else _Nobody(values)
    item = str(values.get("name") or "")
    parts = (
        *fill.applicants(),
        *fill.agents(),
        FormPart("申请事项", tuple(fill.application(item))),
        *_materials(values, row, is_sample=is_sample),
        _declaration(fill),
        FormPart(
            "受理机关填写（申请人不填）",
            (
                (FormField("受理编号"), FormField("受理日期", _DAY, is_printed=True)),
                (FormField("受理人"), FormField("审核意见")),
            ),
        ),
    )
    return PaperForm(
        title=str(row["name"]),
        subtitle=f"事项：{item}",
        heads=(f"受理机关：{place or '________________________'}", f"填表日期：{fill.day}"),
        parts=parts,
        notes=tuple(_notes(row, edition)),
        made_at=datetime.combine(day, time()),
        mark=MARK if is_sample else "",
    )


class _Nobody:
    """A form that nobody has filled in yet."""

    day = _DAY
    signature = ""

    def __init__(self, values: Values) -> None:
        self.values = values
        kinds = set(values.get("audiences") or ())
        # of an item that does not say for whom it is, people and bodies find their part
        self.is_for_people = not kinds or ApplicantKind.PERSON.value in kinds
        self.is_for_bodies = not kinds or bool(kinds - {ApplicantKind.PERSON.value})

    def of(self, known: Mapping[str, str], name: str) -> str:  # noqa: ARG002 - what a sample says
        return ""

    def applicants(self) -> Iterator[FormPart]:
        if self.is_for_people:
            title = "申请人（个人填写）" if self.is_for_bodies else "申请人"
            yield FormPart(title, self.person())
        if self.is_for_bodies:
            title = "申请人（单位填写）" if self.is_for_people else "申请人"
            yield FormPart(title, self.body())

    def person(self) -> tuple[tuple[FormField, ...], ...]:
        return (
            (
                FormField("姓名", self.of(SAMPLE_PERSON, "name"), 2),
                FormField("联系电话", self.of(SAMPLE_PERSON, "phone"), 3),
            ),
            (
                FormField("证件名称", "居民身份证" if self.of(SAMPLE_PERSON, "number") else "", 2),
                FormField("证件号码", self.of(SAMPLE_PERSON, "number"), 3),
            ),
            (FormField("现住址", self.of(SAMPLE_PERSON, "address")),),
        )

    def body(self) -> tuple[tuple[FormField, ...], ...]:
        return (
            (FormField("单位名称", self.of(SAMPLE_COMPANY, "name")),),
            (FormField("统一社会\n信用代码", self.of(SAMPLE_COMPANY, "code")),),
            (
                FormField("法定代表人\n（负责人）", self.of(SAMPLE_COMPANY, "head"), 2),
                FormField("联系电话", self.of(SAMPLE_AGENT, "phone"), 3),
            ),
            (FormField("住所", self.of(SAMPLE_PERSON, "address")),),
            (
                FormField("经办人", self.of(SAMPLE_AGENT, "name"), 2),
                FormField("经办人电话", self.of(SAMPLE_AGENT, "phone"), 3),
            ),
        )

    def agents(self) -> Iterator[FormPart]:
        """Who acts for a person, where the item lets anybody do so. An agent is left out of a sample: few have one."""
        excluded = {HandlingLimit.IN_PERSON, HandlingLimit.NO_AGENCY}
        if not self.is_for_people or excluded & set(limits_of(self.values)):
            return
        none = "（没有代理人的不填）" if self.signature else ""
        yield FormPart(
            "代理人（委托他人办理时填写）",
            (
                (FormField("姓名", none, 2), FormField("联系电话", "", 3)),
                (FormField("与申请人关系", "", 2), FormField("证件号码", "", 3)),
            ),
        )

    def application(self, item: str) -> Iterator[tuple[FormField, ...]]:
        yield (FormField("事项名称", item, is_printed=True),)
        names = [str(row["name"]) for row in rows_of(self.values, "handling_items") if row.get("name")]
        if names:
            yield (FormField("办理什么\n（选一项）", self.ticked(names), is_printed=True),)
        yield (FormField("申请内容\n和理由", self.reason(item), lines=5),)
        if self.values.get("is_mailed"):
            ways = self.ticked(["到窗口领取", "邮寄到上面的住址"])
            yield (FormField("结果怎样\n送达", ways, is_printed=True),)

    def ticked(self, names: list[str]) -> str:
        """The first one ticked, where somebody has filled it in."""
        first = _TICKED_BOX if self.signature else _BLANK_BOX
        return "　".join(f"{first if number == 0 else _BLANK_BOX}\u00a0{name}" for number, name in enumerate(names))

    def reason(self, item: str) -> str:  # noqa: ARG002 - what a sample says
        return ""


class _Sample(_Nobody):
    """A form that nobody who exists has filled in."""

    def __init__(self, values: Values, day: date) -> None:
        super().__init__(values)
        self.day = f"{day.year} 年 {day.month} 月 {day.day} 日"
        self.signature = SAMPLE_PERSON["name"] if self.is_for_people else f"{SAMPLE_COMPANY['name']}（盖章）"
        # one applicant fills in one of the two parts
        self._is_person = self.is_for_people

    def of(self, known: Mapping[str, str], name: str) -> str:
        return known[name]

    def body(self) -> tuple[tuple[FormField, ...], ...]:
        lines = super().body()
        if not self._is_person:
            return lines
        emptied = tuple(tuple(FormField(one.label, "", one.share) for one in line) for line in lines)
        return ((FormField("单位名称", "（个人申请的不填）"),), *emptied[1:])

    def reason(self, item: str) -> str:
        who = "本人" if self._is_person else "本单位"
        return f"{who}申请办理“{item}”，已对照办事指南核对，符合规定的条件，所需材料已经备齐，请予办理。"


def _materials(values: Values, form: Values, *, is_sample: bool) -> Iterator[FormPart]:
    """What else is handed in, to be ticked."""
    lines = []
    for row in (row for name in LISTS for row in rows_of(values, name)):
        if not row.get("name") or row["name"] == form["name"]:
            continue
        is_needed = row.get("need") == MaterialNeed.REQUIRED and is_blank(row.get("exemption"))
        box = _TICKED_BOX if is_sample and is_needed else _BLANK_BOX
        lines.append(f"{box}\u00a0{row['name']}（{'，'.join(_brief(row))}）")
    if lines:
        yield FormPart("随表提交的材料（交了的打勾）", text=tuple(lines))


def _brief(row: Values) -> Iterator[str]:
    if not is_blank(row.get("exemption")):
        yield "免提交"
        return
    if row.get("kind") in MaterialKind.values:
        yield str(MaterialKind(row["kind"]).label)
    if isinstance(row.get("copies"), int) and row["copies"]:
        yield f"{row['copies']} 份"
    if row.get("need") == MaterialNeed.OPTIONAL:
        yield "需要时"
    elif row.get("need") == MaterialNeed.LATER:
        yield "可以后补"


def _declaration(fill: _Nobody) -> FormPart:
    lines = (
        "以上所填内容和所交材料真实、完整；如有不实，愿意承担法律责任。",
        "",
        f"申请人签名（单位盖章）：{fill.signature or '________________________'}　　　　日期：{fill.day}",
    )
    return FormPart("申请人声明", text=lines)


def _notes(row: Values, edition: str) -> Iterator[str]:
    yield "用黑色签字笔填写，字迹清楚，不得涂改；没有的内容填“无”。"
    for cell in ("fill_note", "checked"):
        text = str(row.get(cell) or "").replace("\n", " ").strip("。 ")
        if text:
            yield f"{'填写时注意' if cell == 'fill_note' else '窗口会核对'}：{text}。"
    yield f"本表按办事指南{edition}制作。国家或者省里规定了统一格式的，用统一格式；窗口也有纸质表格可领。"
