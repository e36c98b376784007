from datetime import date
from itertools import pairwise

import pytest

from foundation.errors import Invalid, NotFound
from province.content.operations import import_manuscript
from tests.conftest import person
from tests.factories.manuscripts import COUNTY, PROVINCE
from tests.security.test_time import in_good_time

pytestmark = pytest.mark.django_db

MARKDOWN = """# 关于延时服务的通知

各中心**周六**照常开门。

## 一、时间

| 窗口 | 时间 |
| --- | --- |
| 社保 | 9:00 |

- [办事指南](https://www.hubei.gov.cn/)
"""


def _front(facts: dict[str, str]) -> str:
    return "\n".join(": ".join(one) for one in facts.items())


class TestImportManuscript:
    def test_takes_the_first_heading_for_the_title(self) -> None:
        draft = import_manuscript(by=person("zhao"), desk_prefix=PROVINCE, name="通知.md", text=MARKDOWN)
        assert draft.title == "关于延时服务的通知"
        assert draft.body.startswith("<p>各中心<strong>周六</strong>照常开门。</p>")
        assert "<h2>一、时间</h2>" in draft.body
        assert "<td>社保</td>" in draft.body
        assert 'href="https://www.hubei.gov.cn/"' in draft.body

    def test_reads_what_a_file_says_of_itself(self) -> None:
        facts = {"title": "关于延时服务的通知", "来源": "省政务服务中心", "author": "赵敏", "日期": "2026年11月29日"}
        front = _front(facts | {"column": "通知公告", "keywords": str(["便民", "延时"])})
        text = f"---\n{front}\n---\n\n# 一、时间\n\n周六。\n"
        draft = import_manuscript(by=person("zhao"), desk_prefix=PROVINCE, name="通知.md", text=text)
        assert (draft.title, draft.source, draft.author) == ("关于延时服务的通知", "省政务服务中心", "赵敏")
        assert (draft.keywords, draft.meant_column, draft.dated_on) == (["便民", "延时"], "notices", date(2026, 11, 29))
        # the title stood in front, so the first heading is one of the text
        assert "一、时间" in draft.body
        assert "author" not in draft.body

    @pytest.mark.parametrize(
        ("front", "said"),
        [
            (_front({"title": "甲", "layout": "post", "密级": "公开"}), "layout、密级"),
            ("title: !!python/object/apply:os.system [id]", "读不懂"),
            ("title: {a: 1}", "应是一行文字"),
            (_front({"日期": "下周"}), "2026-11-29"),
            (_front({"column": "没有的栏目"}), "没有“没有的栏目”这个栏目"),
            ("- 甲\n- 乙", "读不懂"),
            (_front({"title": "甲", "标题": "乙"}), "写了两次"),
            ("[" * 3_000, "读不懂"),
            (_front({"title": "长" * 4_001}), "太长"),
            ("title: &a 甲\nauthor: *a", "读不懂"),
            ("title: [甲， &a [*a]]", "读不懂"),
            (r'title: "\UFFFFFFFF"', "读不懂"),
            (r'column: "\uD800"', "读不懂"),
            ("title: 0x" + "F" * 3_900, "标题过长"),
            (_front({"date": "[2026]"}), "应是一行文字"),
        ],
    )
    def test_refuses_front_matter_that_says_anything_else(self, front: str, said: str) -> None:
        with pytest.raises(Invalid, match=said):
            import_manuscript(
                by=person("zhao"), desk_prefix=PROVINCE, name="a.md", text=f"---\n{front}\n---\n# 标题\n\n正文\n"
            )

    def test_is_not_held_up_by_front_matter_that_stands_for_more_than_it_says(self) -> None:
        """Each line stands for nine times the one before it."""
        names = "abcdefghijklmnopqrst"
        lines = ["a: &a {x: 甲}"]
        lines += [f"{name}: &{name} {{<<: [{', '.join([f'*{before}'] * 9)}]}}" for before, name in pairwise(names)]
        with in_good_time(), pytest.raises(Invalid, match="读不懂"):
            import_manuscript(
                by=person("zhao"), desk_prefix=PROVINCE, name="a.md", text="\n".join(["---", *lines, "---", "# 标题"])
            )

    def test_reads_front_matter_as_it_is_written(self) -> None:
        front = "title: 2026_11\nsource: 12:30\nauthor: yes\ndate: 2026-11-29 10:00"
        draft = import_manuscript(
            by=person("zhao"), desk_prefix=PROVINCE, name="a.md", text=f"---\n{front}\n---\n正文\n"
        )
        assert (draft.title, draft.source, draft.author) == ("2026_11", "12:30", "yes")
        assert draft.dated_on == date(2026, 11, 29)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_reads_what_chinese_editors_write(self, encoding: str) -> None:
        content = MARKDOWN.encode(encoding)
        draft = import_manuscript(by=person("zhao"), desk_prefix=PROVINCE, name="通知.MD", text=content)
        assert draft.title == "关于延时服务的通知"

    def test_takes_a_whole_page(self) -> None:
        head = "<!DOCTYPE html><html><head><title>站名</title><style>p{}</style></head>"
        page = f"{head}<body><h1>标题</h1><p>正文</p></body></html>"
        draft = import_manuscript(by=person("sun"), desk_prefix=COUNTY, name="a.html", text=page)
        assert (draft.title, draft.body) == ("标题", "<p>正文</p>")

    def test_takes_a_pages_title_where_it_has_no_heading(self) -> None:
        page = "<html><head><title>标题 &amp; 副题</title></head><body><p>正文</p></body></html>"
        draft = import_manuscript(by=person("zhao"), desk_prefix=PROVINCE, name="a.htm", text=page)
        assert (draft.title, draft.body) == ("标题 & 副题", "<p>正文</p>")

    def test_shows_html_inside_markdown_as_text(self) -> None:
        text = "# 标题\n\n<script>alert(1)</script>\n\n<b>粗</b>"
        draft = import_manuscript(by=person("zhao"), desk_prefix=PROVINCE, name="a.md", text=text)
        assert "<script" not in draft.body
        assert "&lt;script&gt;" in draft.body

    @pytest.mark.parametrize(
        ("name", "text", "word"),
        [
            ("a.docx", "x", "只能导入"),
            ("a", "x", "只能导入"),
            ("a.md", "没有标题的正文", "没有标题"),
            ("a.html", "<p>没有标题</p>", "没有标题"),
            ("a.md", "", "没有标题"),
            ("a.md", b"\xff\xfe\xff\xff\x81", "文字编码"),
            ("a.html", "<h1>标题</h1><script>alert(1)</script>", "script"),
            ("a.html", '<h1>标题</h1><a href="javascript:alert(1)">x</a>', "javascript"),
            ("a.md", "# 长" + "长" * 80, "标题过长"),
        ],
    )
    def test_refuses_with_a_reason(self, name: str, text: str | bytes, word: str) -> None:
        with pytest.raises(Invalid, match=word):
            import_manuscript(by=person("zhao"), desk_prefix=PROVINCE, name=name, text=text)

    def test_is_for_writers_of_that_desk(self) -> None:
        with pytest.raises(NotFound):
            import_manuscript(by=person("zhou"), desk_prefix=COUNTY, name="a.md", text=MARKDOWN)
