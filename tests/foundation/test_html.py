import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import Invalid
from foundation.html import (
    clean_html,
    difference,
    html_of,
    images_without_alt,
    media_ids,
    replace_media,
    text_difference,
    text_of,
)

OURS = "/media/01890000-0000-7000-8000-000000000000"
OTHER = "01890000-0000-7000-8000-000000000001"
PIECES = (
    *("<p>", "</p>", "<b>", "</b>", "<table>", "<td>", "<li>", "<h1>", "<svg>", "<math>", "<style>", "</style>"),
    *(
        "<scr",
        "ipt>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<noscript>",
        "<template>",
        "<title>",
    ),
    *('<img src="', '" alt="', '" onerror="alert(1)"', "<a href=", "java", "script:", "&#10;", "'", '"', ">", "<", "/"),
)


class TestCleanHtml:
    def test_keeps_what_an_article_is_made_of(self) -> None:
        html = (
            "<h2>一、时间</h2><p>周六<strong>照常</strong>开门。<br>午间不休。</p><ul><li>社保</li></ul>"
            "<table><tbody><tr><th>窗口</th><td>一号</td></tr></tbody></table>"
            f'<figure><img src="{OURS}" alt="大厅"><figcaption>服务大厅</figcaption></figure>'
        )
        assert clean_html(html) == html

    def test_keeps_links_that_lead_to_pages_people_and_files(self) -> None:
        for address in ("https://www.gov.cn/", "mailto:a@example.gov.cn", "tel:0717-12345", OURS, "/c/news/"):
            assert f'href="{address}"' in clean_html(f'<a href="{address}">见此</a>')

    def test_turns_a_pages_own_heading_into_one_below_the_title(self) -> None:
        assert clean_html("<h1>标题</h1>") == "<h2>标题</h2>"

    @pytest.mark.parametrize(
        "html",
        [
            '<p style="position:fixed" class="x" id="y">正文</p>',
            "<p>正文</p><style>p { display: none }</style>",
            "<p>正文</p><!-- 旁白 -->",
            "<form><p>正文</p><input name=q></form>",
            '<p>正文<img src="https://elsewhere.example/pixel.gif"></p>',
            '<p>正文<img src="data:image/png;base64,AAAA"></p>',
            f'<p>正文<img src="{OURS}/../../secret"></p>',
            "<o:p></o:p><p>正文</p>",
        ],
    )
    def test_drops_silently_what_a_paste_brings_along(self, html: str) -> None:
        assert clean_html(html) == "<p>正文</p>"

    @pytest.mark.parametrize(
        ("html", "named"),
        [
            ("<p>好</p><script>alert(1)</script>", "script"),
            ("<SCRIPT SRC=//x.example/a.js></SCRIPT>", "script"),
            ('<p onclick="alert(1)">好</p>', "onclick"),
            ("<svg/onload=alert(1)>", "onload"),
            ("<img src=x onerror=alert(1)>", "onerror"),
            ('<a href="javascript:alert(1)">好</a>', "javascript"),
            ('<a href=" java&#10;script&colon;alert(1)">好</a>', "javascript"),
            ('<a href="data:text/html,<script>1</script>">好</a>', "data"),
            ('<iframe src="https://x.example"></iframe>', "iframe"),
            ('<object data="x.swf"></object>', "object"),
            ('<meta http-equiv="refresh" content="0;url=//x.example">', "meta"),
        ],
    )
    def test_refuses_what_is_meant_to_run_and_names_it(self, html: str, named: str) -> None:
        with pytest.raises(Invalid, match=named) as refused:
            clean_html(html)
        assert refused.value.faults[0].where == "body"

    @pytest.mark.parametrize(
        "html",
        [
            "<scr<script>ipt>alert(1)</scr</script>ipt>",
            '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
            '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
            '<a href="&#1;javascript:alert(1)">x</a>',
            "<table><td background='javascript:alert(1)'>",
        ],
    )
    def test_lets_no_trick_through(self, html: str) -> None:
        try:
            cleaned = clean_html(html)
        except Invalid:
            return
        assert "<script" not in cleaned
        assert "onerror=" not in cleaned
        assert "javascript:" not in cleaned

    def test_changes_nothing_the_second_time(self) -> None:
        once = clean_html('<h1>a &lt; b</h1><p>x<a href="/y?a=1&b=2">z</a><table><tr><td colspan=2>c</table>')
        assert clean_html(once) == once

    def test_speaks_of_scripts_without_running_them(self) -> None:
        html = "<p>链接 javascript: 与 &lt;script&gt; 是危险的。</p>"
        assert clean_html(html) == html

    def test_refuses_a_text_that_no_article_has(self) -> None:
        with pytest.raises(Invalid, match="正文过长"):
            clean_html("字" * 400_001)

    @given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join))
    def test_lets_nothing_through_that_a_browser_would_run(self, html: str) -> None:
        try:
            cleaned = clean_html(html)
        except Invalid:
            return
        reader = _Tags()
        reader.feed(cleaned)
        assert reader.tags.isdisjoint({"script", "iframe", "svg", "style", "object", "form", "input", "h1"})
        assert not any(name.startswith("on") or name in {"style", "class", "id"} for name in reader.names)
        assert clean_html(cleaned) == cleaned


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names.update(name for name, _ in attrs)


class TestTextOf:
    def test_puts_paragraphs_items_and_cells_on_lines_of_their_own(self) -> None:
        html = (
            "<h2>标题</h2><p>一<b>二</b>三<br>四</p><ul><li>五</li></ul><table><tr><td>六</td><td>七</td></tr></table>"
        )
        assert text_of(html) == "标题\n一二三\n四\n五\n六\n七"

    def test_reads_entities_as_characters(self) -> None:
        assert text_of("<p>a &lt; b &amp;&nbsp;c</p>") == "a < b & c"


class TestHtmlOf:
    def test_makes_paragraphs_of_lines_and_escapes_them(self) -> None:
        assert html_of("一<二\n\n三") == "<p>一&lt;二</p><p>三</p>"


class TestMedia:
    HTML = f'<p><img src="{OURS}" alt="厅"><img src="/media/{OTHER}"><a href="{OURS}">同</a></p>'

    def test_is_found_once_each(self) -> None:
        assert media_ids(self.HTML) == [OURS[7:], OTHER]

    def test_can_be_renamed_after_a_copy(self) -> None:
        assert media_ids(replace_media(self.HTML, {OURS[7:]: OTHER})) == [OTHER]

    def test_without_alternative_text_is_counted(self) -> None:
        assert images_without_alt(self.HTML) == 1


TEXTS = st.lists(st.text("甲乙周六日开门。 <&a1", max_size=12), max_size=5)


def _squeezed(text: str) -> str:
    return "".join(text.split())


class TestDifference:
    def test_marks_changed_words_inside_their_paragraph(self) -> None:
        shown = difference("<p>本周六照常开门。</p>", "<p>本周日照常开门。</p>")
        assert shown == '<p data-kind="p"><del>本周六</del><ins>本周日</ins>照常开门。</p>'

    def test_marks_whole_paragraphs_that_came_or_went(self) -> None:
        shown = difference("<p>甲在这里。</p><p>旧的一段。</p>", "<p>甲在这里。</p><h2>全新标题</h2>")
        assert '<p data-kind="h2"><ins>全新标题</ins></p>' in shown
        assert '<p data-kind="p"><del>旧的一段。</del></p>' in shown
        assert '<p data-kind="p">甲在这里。</p>' in shown

    def test_shows_a_change_of_setting_and_of_a_links_address(self) -> None:
        assert "<ins><strong>开门</strong></ins>" in difference("<p>照常开门</p>", "<p>照常<strong>开门</strong></p>")
        changed = difference('<p><a href="/a/">办事指南</a></p>', '<p><a href="/b/">办事指南</a></p>')
        assert "/a/" in changed
        assert "/b/" in changed

    def test_shows_a_picture_that_was_put_in(self) -> None:
        assert f'<ins><img src="{OURS}" alt="厅">' in difference(
            "<p>文</p>", f'<p>文</p><p><img src="{OURS}" alt="厅"></p>'
        )

    def test_is_empty_of_marks_for_equal_texts(self) -> None:
        html = "<p>甲</p><ul><li>乙</li></ul>"
        assert "<ins>" not in difference(html, html)
        assert "<del>" not in difference(html, html)

    @given(TEXTS, TEXTS)
    def test_holds_both_texts_whole(self, old: list[str], new: list[str]) -> None:
        before, after = html_of("\n".join(old)), html_of("\n".join(new))
        shown = difference(before, after)
        assert _squeezed(text_of(re.sub("<ins>.*?</ins>", "", shown))) == _squeezed(text_of(before))
        assert _squeezed(text_of(re.sub("<del>.*?</del>", "", shown))) == _squeezed(text_of(after))

    def test_escapes_what_people_wrote(self) -> None:
        assert "<script>" not in difference("<p>a</p>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
        assert "<b>" not in text_difference("<b>旧</b>", "<b>新</b>")

    def test_stays_quick_for_long_texts_that_have_nothing_in_common(self) -> None:
        old = "".join(f"<p>{'甲乙丙丁' * 20}{n}</p>" for n in range(300))
        new = "".join(f"<p>{'子丑寅卯' * 20}{n}</p>" for n in range(300))
        assert difference(old, new).count("<ins>") == 300
