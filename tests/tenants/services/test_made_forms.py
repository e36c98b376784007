"""Blank forms and filled samples made of a guide: what stands in them, where they are offered, and where not."""

import io
import zipfile
from datetime import date
from urllib.parse import unquote

import pytest
from django.test import Client
from lxml import etree

from foundation.paper.word_forms import write_word_form
from province.catalogue.models import ItemVersion
from province.catalogue.queries.made_forms import _written
from province.halls.models import Hall
from standards.items.forms import SAMPLE_AGENT, SAMPLE_COMPANY, SAMPLE_PERSON, FormKind, form_key, form_of, is_form
from standards.numbers.credit_codes import is_credit_code
from standards.numbers.residents import birthday_of
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_item, make_published, suspend
from tests.factories.items import whole_item
from tests.factories.people import client_of
from tests.factories.services import make_form_file
from tests.factories.sites import make_columns
from tests.papers import embeds_its_fonts, words_of

pytestmark = pytest.mark.django_db

FORM = "食品经营许可申请书"
ROW = whole_item()["materials"][0]
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def site_of(hall: Hall) -> Client:
    return Client(headers={"host": f"{hall.slug}.yizhan.localhost"})


def word_at(version: ItemVersion, name: str = FORM) -> str:
    return form_at(version, "blank", name).replace(".pdf", ".docx")


def words_in_word(content: bytes) -> str:
    """The text of a Word file, a line after each paragraph, those of its tables in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        body = etree.fromstring(book.read("word/document.xml"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    marks = {f"{space}t": None, f"{space}br": "\n", f"{space}tab": "\t"}
    paragraphs = (
        "".join(marks[one.tag] or one.text or "" for one in line.iter(*marks)) for line in body.iter(f"{space}p")
    )
    return "\n".join(paragraphs)


def form_at(version: ItemVersion, paper: str, name: str = FORM) -> str:
    return f"/services/{version.item_id}/forms/{form_key(name)}/{paper}.pdf"


class TestForms:
    @pytest.mark.parametrize(
        ("name", "told", "is_one"),
        [
            ("公司登记（备案）申请书", {}, True),
            ("动物检疫申报单", {}, True),
            ("见义勇为确认申请（推荐）表", {}, True),
            ("营业执照", {}, False),
            ("产品合格证书", {}, False),
            # another side, or a report: ours would leave that out
            ("行政复议申请书", {}, False),
            ("劳动人事争议仲裁申请书", {}, False),
            ("婚姻状况声明书", {}, False),
            # nobody brings it along
            ("中国公民出入境证件申请表", {"checked": "自助机填写打印"}, False),
            ("排污许可证申请表", {"checked": "在平台填报"}, False),
            ("出生医学证明首次签发登记表", {"source": "3"}, False),
            (["不是文字"], {}, False),
        ],
    )
    def test_are_known_by_their_names(self, name: str, told: dict[str, str], *, is_one: bool) -> None:
        assert is_form({"name": name, "source": "1", **told}) is is_one

    def test_are_offered_with_the_hall_on_them_and_true_to_the_guide(self, north: Hall, south: Hall) -> None:
        for hall in (north, south):
            make_columns(hall)
        rows = [ROW, ROW | {"name": "营业执照", "source": "2", "kind": "2"}]
        version = make_published(make_item(materials=rows))
        make_shown(north, version)
        site, blank, sample = site_of(north), form_at(version, "blank"), form_at(version, "sample")
        page = site.get(f"/services/{version.item_id}/").text
        for address, label in ((blank, "空白表格"), (sample, "示例样表")):
            assert f'<a href="{address}">{FORM}（{label}）.pdf</a>' in page
        assert f'<a href="{word_at(version)}">{FORM}（空白表格）.docx</a>' in page
        assert page.count("/forms/") == 3
        given = site.get(blank)
        assert (given.status_code, given["Content-Type"]) == (200, "application/pdf")
        assert f"{FORM}（空白表格）.pdf" in unquote(given["Content-Disposition"])
        text = words_of(given.content)
        for words in (north.name, "食品经营许可", "统一社会", "□ 营业执照（复印件，1 份）", "第 1 版", "填写完整"):
            assert words in text
        assert "张三" not in text
        assert "样表" not in text
        assert embeds_its_fonts(given.content)
        # kept, and known again
        assert site.get(blank, headers={"if-none-match": given["ETag"]}).status_code == 304
        filled = site.get(sample).content
        text = words_of(filled)
        assert text.count("样表") >= 2
        assert "张三" in text or "有限公司" in text
        # made anew, it is the same to the byte
        _written.cache_clear()
        assert site_of(north).get(f"{sample}?again").content == filled
        # where the item is not shown, neither is its form; what is none is none
        for address in (blank, sample):
            assert site_of(south).get(address).status_code == 404
        unknown = form_at(version, "other"), form_at(version, "blank", "营业执照"), blank.replace("forms/", "forms/a")
        for address in unknown:
            assert site.get(address).status_code == 404
        self._is_every_halls_at_the_province(version, blank, north)

    @staticmethod
    def _is_every_halls_at_the_province(version: ItemVersion, blank: str, north: Hall) -> None:
        front = client_of()
        assert f'href="{blank}"' in front.get(f"/services/{version.item_id}/").text
        given = front.get(blank)
        assert (given.status_code, given["Cache-Control"]) == (200, "private, max-age=60")
        text = words_of(given.content)
        assert north.name not in text
        assert "受理机关：____" in text
        suspend(version.item)
        assert front.get(blank).status_code == site_of(north).get(blank).status_code == 404

    def test_are_word_files_too_and_made_of_what_the_hall_adds(self, north: Hall, south: Hall) -> None:
        for hall in (north, south):
            make_columns(hall)
        version = make_published(make_item(materials=[ROW], has_local_materials=True))
        own = {name: cell for name, cell in ROW.items() if name not in {"blank_form", "filled_sample"}}
        added = own | {"name": "本地经营场所登记表", "laws": [{"law": "本地条例", "article": "第三条"}]}
        make_shown(north, version, local_materials=[added])
        site = site_of(north)
        page = site.get(f"/services/{version.item_id}/").text
        for name in (FORM, added["name"]):
            given = site.get(word_at(version, name))
            assert (given.status_code, given["Content-Type"]) == (200, WORD_TYPE)
            assert f"{name}（空白表格）.docx" in unquote(given["Content-Disposition"])
            assert f'<a href="{word_at(version, name)}">' in page
            word = words_in_word(given.content)
            for words in (name, north.name, "□\u00a0" + (added["name"] if name == FORM else FORM), "申请人声明"):
                assert words in word
            _written.cache_clear()
            assert site.get(f"{word_at(version, name)}?again").content == given.content
        # what the hall has added is nobody else's, and a sample is looked at alone
        assert client_of().get(word_at(version)).status_code == 200
        for client in (site_of(south), client_of()):
            for address in (word_at(version, added["name"]), form_at(version, "blank", added["name"])):
                assert client.get(address).status_code == 404
        assert site.get(form_at(version, "sample", added["name"])).status_code == 200
        assert site.get(form_at(version, "sample").replace(".pdf", ".docx")).status_code == 404

    def test_say_in_word_what_they_say_on_paper(self) -> None:
        values = whole_item() | {"materials": [ROW, ROW | {"name": "营业执照", "source": "2"}]}
        day = date(2026, 11, 1)
        form = form_of(values, ROW, kind=FormKind.SAMPLE, place="北厅", edition="第 1 版", day=day)
        content = write_word_form(form)
        text, told = words_in_word(content), [form.title, form.subtitle, *form.heads]
        for part in form.parts:
            cells = [one for line in part.lines for field in line for one in (field.label, field.value)]
            told += [part.title, *cells, *part.text]
        at = 0
        for one in (*told, *form.notes):
            assert one in text[at:], one
            at = text.index(one, at) + len(one)
        assert write_word_form(form) == content
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            assert {one.date_time for one in book.infolist()} == {(2026, 11, 1, 0, 0, 0)}
            assert "样表" in book.read("word/header1.xml").decode()

    @pytest.mark.parametrize("cell", ["blank_form", "filled_sample"])
    def test_give_way_to_what_the_province_has_uploaded(self, north: Hall, cell: str) -> None:
        make_columns(north)
        file = make_form_file("省统一申请书.docx")
        version = make_published(make_item(materials=[ROW | {cell: str(file.pk)}]))
        make_shown(north, version)
        for client in (site_of(north), client_of()):
            page = client.get(f"/services/{version.item_id}/").text
            assert "省统一申请书.docx" in page
            assert "/forms/" not in page
            for paper in ("blank", "sample"):
                assert client.get(form_at(version, paper)).status_code == 404
            given = client.get(f"/services/{version.item_id}/files/{file.pk}/")
            assert (given.status_code, given["Cache-Control"]) == (302, "private, max-age=60")
            other = make_form_file()
            assert client.get(f"/services/{version.item_id}/files/{other.pk}/").status_code == 404

    def test_fill_in_nobody_whose_numbers_are_wrong(self) -> None:
        assert all(birthday_of(known["number"]) for known in (SAMPLE_PERSON, SAMPLE_AGENT))
        assert is_credit_code(SAMPLE_COMPANY["code"])
