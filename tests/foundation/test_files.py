"""The object store, for real: SeaweedFS of the test run."""

import hashlib
import socket
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict
from io import BytesIO
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from pytest_django import Settings

from foundation.errors import Invalid, NotFound, Unavailable
from foundation.files.store import StoredFacts, copy_file, copy_stored, link_to, read_file, store_file
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
from tests.servers import free_port, listens

PDF = pdf()
OLE = old_document()


pytestmark = pytest.mark.usefixtures("object_store")


def put(content: BytesIO, name: str, folder: str = "tests/files") -> StoredFacts:
    return store_file(folder=folder, name=name, content=content)


def opened(key: str) -> Image.Image:
    return Image.open(BytesIO(read_file(key)))


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
            refused, held = wait(calls, timeout=5)
            assert len(held) == settings.STORE_CALLS_AT_ONCE
            assert all(isinstance(call.exception(), Unavailable) for call in refused)
            store.close()

    def test_still_signs_links(self) -> None:
        assert link_to("tests/any").startswith("http")
