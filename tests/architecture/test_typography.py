"""Chinese text that people see follows docs/typography.md; `make fix` mends it."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.changed_files import strays_in
from tests.architecture.typography import documents, javascript, markup, python_source, rules, templates
from tests.architecture.typography.exceptions import FILES, TEXTS
from tests.architecture.typography.tree import ROOT, files, mend_file


def _sentence(text: str) -> str:
    return rules.mend(text)


def _data(text: str) -> str:
    return rules.mend(text, is_data=True)


def _template(source: str) -> str:
    return templates.mend_source(source, Counter())


def _python(source: str, *, is_test: bool = False) -> str:
    return python_source.mend_source(source, Counter(), is_test=is_test)


def _script(source: str) -> str:
    return javascript.mend_source(source, Counter())


def _markdown(source: str) -> str:
    return documents.mend_markdown(source, Counter())


def _yaml(source: str) -> str:
    return documents.mend_yaml(source, Counter())


def _mended_lines(path: Path, source: str) -> Iterator[str]:
    mended = mend_file(path, source)
    if mended != source:
        for number, (was, right) in enumerate(zip(source.split("\n"), mended.split("\n"), strict=True), 1):
            if was != right:
                yield f"{path.relative_to(ROOT)}:{number}: {was.strip()} → {right.strip()}"


class TestTheProject:
    def test_follows_the_rules(self, pytestconfig: pytest.Config) -> None:
        rules = sorted((ROOT / "tests/architecture/typography").glob("*.py"))
        wrong = strays_in(pytestconfig, "typography", paths=files(), find=_mended_lines, check=rules)
        assert wrong == [], "run `make fix`"

    def test_needs_every_exception(self) -> None:
        sources = [(path, path.read_text(encoding="utf-8")) for path in files()]
        idle = set(TEXTS)
        for path, source in sources:
            for text in [one for one in idle if one in source]:
                if mend_file(path, source, texts=TEXTS.keys() - {text}) != source:
                    idle.discard(text)
        assert idle == set(), "strike them out of exceptions.py"
        assert [name for name in FILES if not any(name in path.parts for path in ROOT.rglob(name))] == []


class TestMarks:
    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("打开网站,点“登录”", "打开网站，点“登录”"),
            ("网络不通, 稍后再试", "网络不通，稍后再试"),
            ("文件应为 PDF,不超过 20 MB", "文件应为 PDF，不超过 20 MB"),
            ("注意:先保存;再提交", "注意：先保存；再提交"),
            ("电话:12345", "电话：12345"),
            ("确定吗?不能撤销!", "确定吗？不能撤销！"),
            ("真的?!", "真的？！"),
            ("附件是 PDF?请改为 OFD", "附件是 PDF？请改为 OFD"),
            ("列出的有 PNG 和 JPG:", "列出的有 PNG 和 JPG："),
            ("已经提交.", "已经提交。"),
            ("已经提交. 请等待", "已经提交。请等待"),
        ],
    )
    def test_are_full_width_at_chinese_words(self, wrong: str, right: str) -> None:
        assert _sentence(wrong) == right

    @pytest.mark.parametrize(
        "right",
        [
            "共 10,000 个事项",
            "工作日 08:30 至 17:00",
            "比例是 1:200 左右",
            "请打开 https://www.gov.cn/a?b=1,2 查看",
            "地址以 http://、https://、mailto:、tel: 或 / 开头",
            "转到 /c/通知/?页=1 这一页",
            "运行 yizhan halls provision --under 420582 --workers 2",
            "写信到 a.b@example.gov.cn 询问",
            "标题 &amp; 副题",
            "基本目录!B1 是公式",
            "基本目录!\ue000 是公式",
            "Divisions (区划) with their history, and the registry: who they are.",
            "一. 总则",
            "版本 1.2.3 可用",
        ],
    )
    def test_stay_where_a_program_or_english_has_them(self, right: str) -> None:
        assert _sentence(right) == right

    @pytest.mark.parametrize(
        "right",
        [
            "420582000000,当阳市",
            "2,财政,要花多少钱",
            "居民户口簿,0,,",
            "name: 占用林地审核",
            "；;^、",
            "（《「“([{",
            "监听 {host}:{port} 失败".replace("{host}", "\ue000").replace("{port}", "\ue000"),
        ],
    )
    def test_stay_in_data(self, right: str) -> None:
        assert _data(right) == right


class TestBrackets:
    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("加粗(Ctrl+B)", "加粗（Ctrl+B）"),
            ("Excel(可多选)", "Excel（可多选）"),
            ("原因 (选填)", "原因（选填）"),
            ("应为 1(周一)到 7(周日)", "应为 1（周一）到 7（周日）"),
            ("文件（.xlsx)已损坏", "文件（.xlsx）已损坏"),
            ("还没有到(见(下表))", "还没有到（见（下表））"),
            ("(前面的故障排除后再查)", "（前面的故障排除后再查）"),
        ],
    )
    def test_are_full_width_pairs_at_chinese_words(self, wrong: str, right: str) -> None:
        assert _sentence(wrong) == right

    @pytest.mark.parametrize("right", ["HTTP (TLS) 服务", "Items (in short) and 事项"])
    def test_stay_between_latin_words(self, right: str) -> None:
        assert _sentence(right) == right


class TestSpaces:
    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("应为12位代码。", "应为 12 位代码。"),
            ("请用Excel打开。", "请用 Excel 打开。"),
            ("拨打12345反映。", "拨打 12345 反映。"),
            ("已保存， 还有 3 处", "已保存，还有 3 处"),
            ("已保存 ，还有", "已保存，还有"),
        ],
    )
    def test_stand_between_chinese_and_latin_and_nowhere_at_marks(self, wrong: str, right: str) -> None:
        assert _sentence(wrong) == right
        assert _data(wrong) == right

    @pytest.mark.parametrize(
        "right",
        [
            "自2026年1月5日起施行，至1月31日止。",
            "见国办发〔2018〕123号，鄂ICP备05000420号。",
            "请到长坂路88号，A座二楼。",
            "工作时间为8时30分至17时。",
            "- （可选）",
            "要多久？ · 10 个工作日",
            "（空） → 已删除",
        ],
    )
    def test_are_not_asked_for_where_writing_is_closed(self, right: str) -> None:
        assert _sentence(right) == right

    def test_are_no_matter_of_names_in_data(self) -> None:
        assert _data("第1村") == "第1村"
        assert _sentence("第1村") == "第 1 村"


class TestLongMarks:
    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("正在保存…", "正在保存……"),
            ("正在保存...", "正在保存……"),
            ("正在保存 …", "正在保存……"),
            ("一站 -- 政务服务", "一站——政务服务"),
            ("一站--政务服务", "一站——政务服务"),
            ("一站 — 政务服务", "一站——政务服务"),
        ],
    )
    def test_are_two_ems_long(self, wrong: str, right: str) -> None:
        assert _sentence(wrong) == right

    @pytest.mark.parametrize(
        "right", ["——", "等……", "周一—周五", "GB/T 37668—2019 标准", "第 3–4 位", "没有选项 --nope"]
    )
    def test_are_left_where_they_mean_something_else(self, right: str) -> None:
        assert _sentence(right) == right

    def test_do_not_stand_where_the_program_cut_a_value(self) -> None:
        assert _python('said = f"关键词过长：“{long[:9]}…”"') == 'said = f"关键词过长：“{long[:9]}…”"'


class TestQuotationMarks:
    def test_are_curly_around_chinese_words(self) -> None:
        assert _sentence('点"登录"进入') == "点“登录”进入"

    @pytest.mark.parametrize("right", ['{"name": "当阳市", "is": "市"}', '找到 <a title="当阳市">'])
    def test_stay_in_code(self, right: str) -> None:
        assert markup.mend(right, Counter(), is_data=True) == right


class TestTemplates:
    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("<p>共 {{ n }} 项,已完成</p>", "<p>共 {{ n }} 项，已完成</p>"),
            ("<p><b>已退回</b>:{{ reason }}</p>", "<p><b>已退回</b>：{{ reason }}</p>"),
            ("<p>{{ one.label }}:{{ one.value }}</p>", "<p>{{ one.label }}：{{ one.value }}</p>"),
            ("<p>{{ name }}({{ code }})</p>", "<p>{{ name }}（{{ code }}）</p>"),
            ("<p>{% if a %}停办;{% endif %}其他</p>", "<p>{% if a %}停办；{% endif %}其他</p>"),
            ("<p>第{{ page.number }}页</p>", "<p>第 {{ page.number }} 页</p>"),
            ("<p>有{{ all|length|thousands }}项</p>", "<p>有 {{ all|length|thousands }} 项</p>"),
            ('<input placeholder="如:当阳">', '<input placeholder="如：当阳">'),
            ('<form data-confirm="确定吗?">', '<form data-confirm="确定吗？">'),
            ('<button value="保存,继续">', '<button value="保存，继续">'),
            ('{% include "a.html" with text="没有,请换" %}', '{% include "a.html" with text="没有，请换" %}'),
            ('{{ name|default:"(没有)" }}', '{{ name|default:"（没有）" }}'),
        ],
    )
    def test_are_mended_in_text_and_what_people_read_of_tags(self, wrong: str, right: str) -> None:
        assert _template(wrong) == right

    @pytest.mark.parametrize(
        "right",
        [
            '<p>{{ day|date:"Y年n月j日 H:i" }}</p>',
            '{{ one|yesno:"是,否" }}',
            '{% now "Y年n月j日,H:i" %}',
            '<option value="甲,乙">',
            '<a href="/s/?q=甲,乙" class="甲,乙">',
            "<script>const a = [甲,乙]</script>",
            "<p>写成 <code>甲,乙</code> 这样</p>",
            "{# 甲,乙 #}{% comment %}甲,乙{% endcomment %}",
            '<div data-key="{{ kind }}:{{ id }}"></div>',
        ],
    )
    def test_stay_in_codes_of_dates_values_addresses_and_scripts(self, right: str) -> None:
        assert _template(right) == right


class TestPython:
    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ('say("没有找到,请重试")', 'say("没有找到，请重试")'),
            ('say(f"共 {count:,} 个,已完成")', 'say(f"共 {count:,} 个，已完成")'),
            ('say(f"共{count:,}个。")', 'say(f"共 {count:,} 个。")'),
            ('say(f"缺少{"、".join(a["b"])},请补充")', 'say(f"缺少{"、".join(a["b"])}，请补充")'),
            ("say(f\"{'停办,' if a else ''}其他\")", "say(f\"{'停办，' if a else ''}其他\")"),
            ('say("没有找到"\n    f",请{what}")', 'say("没有找到"\n    f"，请{what}")'),
            ('say("第一行,\\n第二行")', 'say("第一行，\\n第二行")'),
            ("say(\"<p title='甲,乙'>没有,请换</p>\")", "say(\"<p title='甲，乙'>没有，请换</p>\")"),
            ('say(f"{office}“{item}”:{fault}")', 'say(f"{office}“{item}”：{fault}")'),
            ('"""列出服务厅(全部)。"""', '"""列出服务厅（全部）。"""'),
            ('raises(Invalid, match="已退回\\\\(赵\\\\),请.*")', 'raises(Invalid, match="已退回（赵），请.*")'),
        ],
    )
    def test_is_mended_in_its_strings(self, wrong: str, right: str) -> None:
        assert _python(wrong) == right
        ast.parse(right)

    @pytest.mark.parametrize(
        "right",
        [
            '"""Divisions (区划), and halls."""',
            "a = 1  # 红联村委会, 崇安社区",
            're.compile("[，,]甲")',
            'r"(?:甲|乙),丙"',
            '"区划代码,名称\\n420582,当阳市\\n"',
            '"\\ufeff代码,名称"',
            '"=CONCATENATE(甲,乙)"',
            'day.strftime("%m月%d日，%H:%M")',
            'say(f"{day:%Y年%m月%d日，%H:%M}")',
            "甲, 乙 = 丙(丁)",
        ],
    )
    def test_stays_in_code_patterns_tables_and_format_codes(self, right: str) -> None:
        assert _python(right) == right

    def test_is_mended_in_what_tests_look_for_by_pattern(self) -> None:
        assert _python(r'said = r"缺少\(甲\),有.*"', is_test=True) == 'said = r"缺少（甲），有.*"'
        assert _python('re.compile("已保存,还有")', is_test=True) == 're.compile("已保存，还有")'
        assert _python('re.compile(r"^第 \\d+ 条,(甲|乙)$")', is_test=True) == 're.compile(r"^第 \\d+ 条，(甲|乙)$")'

    @pytest.mark.parametrize("group", ["(?:甲|乙)", "(?=甲)", "(?<!甲)乙", "(?P<name>甲)"])
    def test_leaves_what_a_group_of_a_pattern_begins_with(self, group: str) -> None:
        assert _python(f're.compile(r"没有{group}")', is_test=True) == f're.compile(r"没有{group}")'


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("say('没有,请换') // 甲,乙", "say('没有，请换') // 甲,乙"),
            ("say(`共 ${boxes.length} 样,${a ? '好,' : ''}`)", "say(`共 ${boxes.length} 样，${a ? '好，' : ''}`)"),
            ("text.split(/[，,甲]/)", "text.split(/[，,甲]/)"),
        ],
    )
    def test_script(self, wrong: str, right: str) -> None:
        assert _script(wrong) == right

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("见[手册](a.md),或 `a,b`,再试", "见[手册](a.md)，或 `a,b`，再试"),
            ("| 检查 | 红(不合格) |", "| 检查 | 红（不合格） |"),
            ("中文\n\n```\n甲,乙\n```", "中文\n\n```\n甲,乙\n```"),
            ("中文\n\n    halls provision  # 开通,可继续", "中文\n\n    halls provision  # 开通，可继续"),
            ("column=news; keywords=新生儿,一件事", "column=news; keywords=新生儿,一件事"),
            ("The item (事项), in English.", "The item (事项), in English."),
        ],
    )
    def test_markdown(self, wrong: str, right: str) -> None:
        assert _markdown(wrong) == right

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("- {name: 身份证(复印件), said: [甲, 乙]}", "- {name: 身份证（复印件）, said: [甲, 乙]}"),
            ('a: "原件,1 份"  # 甲,乙', 'a: "原件，1 份"  # 甲,乙'),
        ],
    )
    def test_yaml(self, wrong: str, right: str) -> None:
        assert _yaml(wrong) == right

    def test_style_sheet(self) -> None:
        wrong = 'p::before { content: "图片说明(选填)"; }'
        assert markup.mend_styles(wrong, Counter()) == 'p::before { content: "图片说明（选填）"; }'

    def test_built_file_is_left_to_its_sources(self) -> None:
        built = f"say('没有,请换');{' ' * 3000}"
        assert mend_file(Path(ROOT, "a.js"), built) == built
