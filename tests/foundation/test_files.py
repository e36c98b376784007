"""The object store, for real: SeaweedFS of the test run."""

import hashlib
import json
import socket
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict
from io import BytesIO
from uuid import uuid4

import httpx
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image
from pytest_django import Settings

from foundation.errors import Invalid, NotFound, Unavailable
from foundation.files.drawing import PAGE_WIDTH
from foundation.files.images import make_pictures_file
from foundation.files.pages import MOST_PAGES, page_of_pdf
from foundation.files.store import (
    FileInStore,
    StoredFacts,
    copy_file,
    copy_stored,
    is_there,
    link_to,
    put_back,
    read_file,
    remove_file,
    store_file,
)
from tests.factories.documents import old_document, pdf
from tests.factories.files import (
    EndlessFile,
    animation,
    huge_png,
    office_file,
    picture,
    turned_picture,
    zip_bomb,
)
from tests.servers import free_port, listens, wait_until

PDF = pdf()
OLE = old_document()


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]


def put(content: BytesIO, name: str, folder: str = "tests/files") -> StoredFacts:
    return store_file(folder=folder, name=name, content=content)


def opened(key: str) -> Image.Image:
    return Image.open(BytesIO(read_file(key)))


def chinese_page(document: Pdf) -> None:
    """A page whose text brings no font along, as many offices' programs write it."""
    about = Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=4)
    font = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/STSong-Light"), CIDSystemInfo=about)
    whole = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/STSong-Light-UniGB-UCS2-H"),
        Encoding=Name("/UniGB-UCS2-H"),
        DescendantFonts=Array([document.make_indirect(font)]),
    )
    page = document.pages[0]
    page.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(whole)))
    text = "房屋租赁合同".encode("utf-16-be").hex()
    page.Contents = document.make_stream(f"BT /F1 60 Tf 60 400 Td <{text}> Tj ET".encode())
    document.add_blank_page()


class TestPagesOfPdfs:
    def test_are_drawn_once_as_pictures_and_go_with_their_file(self) -> None:
        made = put(BytesIO(pdf(chinese_page)), "合同.pdf")
        first = page_of_pdf(made.key, 1)
        drawn = opened(first.key).convert("L")
        assert (first.pages, drawn.width) == (2, PAGE_WIDTH)
        # letters, and not the blank that a program without a font leaves
        assert drawn.histogram()[0] > 2_000
        assert page_of_pdf(made.key, 1) == first
        second = page_of_pdf(made.key, 2)
        assert set(opened(second.key).convert("L").histogram()[:-1]) == {0}
        for number in (0, 3, MOST_PAGES + 1):
            with pytest.raises(NotFound, match="没有这一页"):
                page_of_pdf(made.key, number)
        beside = put(BytesIO("同一段字".encode()), "说明.txt")
        also = put(BytesIO("同一段字".encode()), "说明.csv")
        for key in (made.key, beside.key):
            remove_file(key)
            remove_file(key)
        there = [is_there(one) for one in (made.key, first.key, second.key, beside.key, also.key)]
        assert there == [False, False, False, False, True]

    def test_of_a_broken_file_are_refused_in_words(self) -> None:
        key = "tests/files/br/broken.pdf"
        put_back(FileInStore(key, "application/pdf", b"%PDF-1.7 nothing"))
        with pytest.raises(Invalid, match="打不开"):
            page_of_pdf(key, 1)


class TestStoreFile:
    @pytest.mark.parametrize(
        ("content", "name", "media_type"),
        [
            (PDF, "通知.pdf", "application/pdf"),
            (office_file().getvalue(), "通知.docx", "wordprocessingml.document"),
            (office_file("xl/workbook.xml").getvalue(), "名单.XLSX", "spreadsheetml.sheet"),
            (office_file("ppt/presentation.xml").getvalue(), "讲稿.pptx", "presentationml.presentation"),
            (office_file("OFD.xml").getvalue(), "公文.ofd", "application/ofd"),
            (OLE, "旧表.doc", "application/msword"),
            (OLE, "旧表.xls", "application/vnd.ms-excel"),
            ("姓名,电话\n".encode(), "名单.csv", "text/csv"),
            ("中文说明\r\n".encode("gb18030"), "说明.txt", "text/plain"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_keeps_a_document_as_it_is(self, content: bytes, name: str, media_type: str) -> None:
        facts = put(BytesIO(content), name)
        assert facts.media_type.endswith(media_type)
        assert (facts.name, facts.size, facts.sha256) == (name, len(content), hashlib.sha256(content).hexdigest())
        assert facts.key.startswith(f"tests/files/{facts.sha256[:2]}/{facts.sha256}.")
        assert read_file(facts.key) == content
        assert facts.width is None

    @pytest.mark.parametrize(
        ("kind", "name"), [("JPEG", "a.jpeg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("GIF", "a.gif")]
    )
    def test_keeps_a_picture_in_several_widths(self, kind: str, name: str) -> None:
        facts = put(picture(kind), name)
        assert (facts.width, facts.height) == (1200, 900)
        assert opened(facts.key).format == kind
        assert {width: opened(key).size for width, key in facts.renditions.items()} == {
            "320": (320, 240),
            "800": (800, 600),
        }

    def test_turns_a_picture_upright_and_forgets_where_it_was_taken(self) -> None:
        facts = put(turned_picture(), "手机.jpg")
        assert (facts.width, facts.height) == (900, 1200)
        for key in (facts.key, *facts.renditions.values()):
            assert not opened(key).getexif()
            assert b"Some Telephone" not in read_file(key)

    def test_bounds_what_a_camera_makes(self) -> None:
        facts = put(picture(size=(5000, 4000)), "相机.jpg")
        assert (facts.width, facts.height) == (2560, 2048)
        assert set(facts.renditions) == {"320", "800", "1600"}

    def test_takes_what_telephones_put_behind_a_photograph_and_refuses_one_of_endless_steps(self) -> None:
        out = BytesIO()
        photograph = Image.linear_gradient("L").resize((400, 300)).convert("RGB")
        photograph.save(out, "MPO", save_all=True, append_images=[photograph.rotate(5)])
        facts, *_ = make_pictures_file(BytesIO(out.getvalue()), name="JPEG", label="JPEG 图片")
        assert json.loads(facts)[0][1:] == [400, 300]
        out = BytesIO()
        photograph.save(out, "JPEG", progressive=True)
        whole = out.getvalue()
        endless = whole[:-2] + whole[whole.rindex(b"\xff\xda") : -2] * 300 + b"\xff\xd9"
        with pytest.raises(Invalid, match="太复杂"):
            list(make_pictures_file(BytesIO(endless), name="JPEG", label="JPEG 图片"))

    def test_keeps_transparency_and_motion(self) -> None:
        out = BytesIO()
        Image.new("RGBA", (400, 400), (255, 0, 0, 0)).save(out, "PNG")
        out.seek(0)
        assert opened(put(out, "徽标.png").key).mode == "RGBA"
        assert getattr(opened(put(animation(), "动图.gif").key), "n_frames", 1) == 3

    def test_gives_the_same_file_the_same_key(self) -> None:
        assert put(picture(), "一.jpg").key == put(picture(), "二.jpg").key
        assert put(picture(), "一.jpg").key != put(picture(), "一.jpg", folder="tests/other").key

    @pytest.mark.parametrize(
        ("content", "name", "word"),
        [
            (picture("PNG").getvalue(), "其实是.jpg", "内容是 PNG 图片"),
            (PDF, "其实是.png", "内容是 PDF 文档"),
            (b"\xff\xd8\xff\xe0" + b"not a picture at all" * 20, "假的.jpg", "不是完整的 JPEG"),
            (picture().getvalue()[:2000], "半张.jpg", "不是完整的 JPEG"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "图.svg", "不接受"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "图.png", "不接受"),
            (b"<html><script>alert(1)</script></html>", "页.html", "不接受"),
            (b"<html><script>alert(1)</script></html>", "页.jpg", "不接受"),
            (b"MZ" + b"\0" * 600, "程序.exe", "不接受"),
            (b"MZ" + b"\0" * 600, "程序.txt", "不接受"),
            (office_file("other.xml").getvalue(), "压缩包.zip", "不接受"),
            (b"PK\x03\x04broken", "坏.docx", "已损坏"),
            (OLE, "旧表.docx", "内容是"),
            (office_file(word__vbaProject_bin=b"x").getvalue(), "文.xlsx", "内容是 Word"),
            (b"", "空.pdf", "空的"),
            (b"plain text", "没有扩展名", "不接受"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_refuses_what_is_not_what_it_says(self, content: bytes, name: str, word: str) -> None:
        with pytest.raises(Invalid, match=word) as refused:
            put(BytesIO(content), name)
        assert refused.value.faults[0].where == "file"

    def test_refuses_a_document_with_macros(self) -> None:
        with pytest.raises(Invalid, match="宏"):
            put(office_file(**{"word__vbaProject.bin": b"x"}), "通知.docx")

    def test_refuses_bombs_before_anything_is_unpacked(self) -> None:
        with pytest.raises(Invalid, match="尺寸过大"):
            put(huge_png(), "巨图.png")
        with pytest.raises(Invalid, match="压缩炸弹"):
            put(zip_bomb(), "通知.docx")
        with pytest.raises(Invalid, match="可疑的路径"):
            put(office_file(**{"..__..__etc__passwd": b"x"}), "通知.docx")

    def test_stops_reading_two_gigabytes_at_the_limit(self, settings: Settings) -> None:
        settings.UPLOAD_LIMIT = 3 * 1024 * 1024
        endless = EndlessFile()
        with pytest.raises(Invalid, match="最多 3 MB"):
            put(endless, "大.pdf")
        assert endless.given <= 4 * 1024 * 1024

    @pytest.mark.parametrize(
        "name",
        [
            "../../etc/passwd.pdf",
            "..\\..\\x.pdf",
            "/etc/x.pdf",
            "C:x.pdf",
            "..",
            "",
            "a\x00.pdf",
            "\u202efdp.exe",
            "长" * 121,
        ],
    )
    def test_refuses_names_that_play_tricks(self, name: str) -> None:
        with pytest.raises(Invalid, match="文件名"):
            put(BytesIO(PDF), name)


class TestLinkTo:
    def test_opens_the_file_for_whoever_holds_it(self) -> None:
        facts = put(BytesIO(PDF), "通知.pdf")
        answer = httpx.get(link_to(facts.key, download_as="关于 通知.pdf"))
        assert answer.content == PDF
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"] == (
            "attachment; filename*=UTF-8''%E5%85%B3%E4%BA%8E%20%E9%80%9A%E7%9F%A5.pdf"
        )

    def test_is_needed_and_fits_one_file_only(self) -> None:
        link = link_to(put(BytesIO(PDF), "通知.pdf").key)
        other = put(picture(), "一.jpg").key
        assert httpx.get(link.partition("?")[0]).status_code == 403
        address, _, signature = link.partition("?")
        assert httpx.get(f"{address.rpartition('/tests/')[0]}/{other}?{signature}").status_code == 403

    @pytest.mark.parametrize("ending", ["docx", "xlsx", "ofd", "doc", "txt", "csv", "html", "svg", ""])
    def test_lets_no_browser_show_what_is_neither_picture_nor_pdf(self, ending: str) -> None:
        assert "response-content-disposition=attachment" in link_to(f"tests/aa/x.{ending}")

    def test_ends_soon(self) -> None:
        assert "X-Amz-Expires=300" in link_to("tests/any")


class TestCopyFile:
    def test_leaves_a_second_one_in_the_other_folder(self) -> None:
        facts = put(BytesIO(PDF), "通知.pdf")
        key = copy_file(facts.key, "tests/elsewhere")
        assert key.startswith("tests/elsewhere/")
        assert read_file(key) == read_file(facts.key) == PDF
        assert copy_file(key, "tests/elsewhere") == key

    def test_takes_all_widths_along(self) -> None:
        copied = copy_stored(asdict(put(picture(), "一.jpg")) | {"alt": "厅"}, "tests/elsewhere")
        assert opened(copied.renditions["320"]).size == (320, 240)
        assert (copied.name, copied.width) == ("一.jpg", 1200)

    def test_says_so_where_there_is_nothing_to_copy(self) -> None:
        with pytest.raises(NotFound):
            copy_file(f"tests/files/aa/{uuid4()}.pdf", "tests/elsewhere")


class TestReadFile:
    def test_says_so_where_there_is_none(self) -> None:
        with pytest.raises(NotFound):
            read_file(f"tests/files/aa/{uuid4()}.pdf")


class TestStoreThatIsDown:
    @pytest.fixture(autouse=True)
    def _no_store(self, settings: Settings) -> None:
        port = free_port()
        assert not listens(port)
        settings.S3_ENDPOINT = f"http://127.0.0.1:{port}"

    def test_is_said_to_be_so(self) -> None:
        for act in (
            lambda: put(BytesIO(PDF), "通知.pdf"),
            lambda: read_file("tests/any"),
            lambda: copy_file("tests/any", "tests/elsewhere"),
        ):
            with pytest.raises(Unavailable, match="文件存储暂时连接不上"):
                act()

    def test_holds_few_threads_where_it_hangs(self, settings: Settings) -> None:
        """It takes every call and answers none."""
        with socket.create_server(("127.0.0.1", 0), backlog=20) as store, ThreadPoolExecutor(12) as threads:
            settings.S3_ENDPOINT = f"http://127.0.0.1:{store.getsockname()[1]}"
            calls = [threads.submit(read_file, "tests/any") for _ in range(12)]
            most_refused = len(calls) - settings.STORE_CALLS_AT_ONCE
            wait_until(lambda: sum(call.done() for call in calls) >= most_refused, what="refusals")
            refused, held = wait(calls, timeout=0.5)
            assert len(held) == settings.STORE_CALLS_AT_ONCE
            assert all(isinstance(call.exception(), Unavailable) for call in refused)
            store.close()

    def test_still_signs_links(self) -> None:
        assert link_to("tests/any").startswith("http")
