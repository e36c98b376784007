"""Fifty files that are meant to do harm, sent to a hall's desk: each is refused, or what harms is gone from it."""

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from foundation import schemas
from foundation.files.checks import LONGEST_NAME
from foundation.files.store import link_to, read_file
from province.people.models import Account
from tenants.portal.models import HallAsset
from tests.factories.files import animation, huge_png, office_file, picture, zip_bomb

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

HARM = b"<script>alert(1)</script>"
PHP = b"<?php system($_GET['c']); ?>"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
ACTION = b"<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"
# how a picture's facts, and its colours' profile, begin
FACTS, PROFILE = b"Exif\0\0MM\0*", b"ICC_PROFILE\0\x01\x01"
CIRCLE = FACTS + b"\0\0\0\x08\xff\xff" + b"\0" * 40
HTML = b"<!DOCTYPE html><html><body>" + HARM + b"</body></html>"


def jpeg() -> bytes:
    return picture(size=(400, 300)).getvalue()


def png(**texts: str) -> bytes:
    out, facts = BytesIO(), PngImagePlugin.PngInfo()
    for name, text in texts.items():
        facts.add_text(name, text)
    Image.new("RGB", (60, 40), "red").save(out, "PNG", pnginfo=facts)
    return out.getvalue()


def gif(comment: bytes = b"") -> bytes:
    out = BytesIO()
    Image.new("P", (60, 40)).save(out, "GIF", comment=comment)
    return out.getvalue()


def jpeg_segment(marker: int, content: bytes) -> bytes:
    """A picture with one more segment right behind its beginning."""
    whole = jpeg()
    return whole[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content + whole[2:]


def jpeg_with_exif(content: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = content
    return picture(size=(400, 300), exif=exif).getvalue()


def jpeg_of_size(width: int, height: int) -> bytes:
    """Says that it is so large; nothing of it follows."""
    whole = bytearray(jpeg())
    place = next(at for at in range(len(whole)) if whole[at] == 0xFF and whole[at + 1] in {0xC0, 0xC2})
    whole[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(whole)


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb() -> bytes:
    """Few bytes that unpack to more than the memory of the machine."""
    header = struct.pack(">IIBBBBB", 25_000, 25_000, 8, 6, 0, 0, 0)
    packed = zlib.compress(b"\0" * 10_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", packed) + png_chunk(b"IEND", b"")


def png_with_endless_text() -> bytes:
    whole = png()
    return whole[:33] + png_chunk(b"zTXt", b"k\0\0" + zlib.compress(b"A" * 60_000_000)) + whole[33:]


def gif_bomb() -> bytes:
    """Frames without end, each as large as a picture may be."""
    out, frame = BytesIO(), Image.new("P", (4_000, 4_000))
    frame.save(out, "GIF", save_all=True, append_images=[Image.new("P", (4_000, 4_000), n) for n in range(1, 8)])
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def many_members() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("word/document.xml", "<x/>")
        for number in range(10_001):
            file.writestr(str(number), "")
    return out.getvalue()


def archive_that_lies() -> bytes:
    """Its table of contents says little, and more is behind."""
    whole = office_file(**{"word__media__x.bin": b"\0" * 2_000_000}).getvalue()
    return whole[: len(whole) // 2]


def gzipped_svg() -> bytes:
    return gzip.compress(SVG)


# what it is, its name, its bytes
FILES: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
    ("svg that runs", "图.svg", lambda: SVG),
    ("svg called a picture", "图.png", lambda: SVG),
    ("svg called a photograph", "图.jpg", lambda: b"<?xml version='1.0'?>" + SVG),
    ("packed svg", "图.svgz", gzipped_svg),
    ("page called a photograph", "页.jpg", lambda: HTML),
    ("page called a picture", "页.gif", lambda: HTML),
    ("page called a document", "页.pdf", lambda: HTML),
    ("page", "页.html", lambda: HTML),
    ("page in another spelling", "页.XHTML", lambda: HTML),
    ("page for old browsers", "页.hta", lambda: HTML),
    ("page with attachments", "页.mhtml", lambda: b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + HTML),
    ("page that is a text", "页.txt", lambda: HTML),
    ("picture and page in one", "图.gif", lambda: b"GIF89a/*" + HTML + b"*/=1"),
    ("script that begins like a picture", "图.gif", lambda: b"GIF89a=1;alert(1)//" + b"\0" * 200),
    ("photograph with a page behind it", "图.jpg", lambda: jpeg() + HTML),
    ("photograph with a page in its comment", "图.jpg", lambda: jpeg_segment(0xFE, HTML)),
    ("photograph with a program in its facts", "图.jpg", lambda: jpeg_with_exif(PHP.decode())),
    ("photograph with too many facts", "图.jpg", lambda: jpeg_segment(0xE1, FACTS + b"\xff" * 4 + b"A" * 60_000)),
    ("photograph whose facts lead in a circle", "图.jpg", lambda: jpeg_segment(0xE1, CIRCLE)),
    ("photograph with a colour profile that runs", "图.jpg", lambda: jpeg_segment(0xE2, PROFILE + HARM * 20)),
    ("picture with a page in its text", "图.png", lambda: png(Comment=HARM.decode())),
    ("picture with an archive behind it", "图.png", lambda: png() + archive(**{"x.php": PHP})),
    ("picture with a packed text without end", "图.png", png_with_endless_text),
    ("moving picture with a page in its comment", "图.gif", lambda: gif(HARM)),
    ("archive called a picture", "图.gif", lambda: archive(**{"x.class": b"\xca\xfe\xba\xbe"})),
    ("picture and archive of Java in one", "图.gif", lambda: gif() + archive(**{"META-INF__MANIFEST.MF": b"x"})),
    ("picture of nine hundred million points", "图.png", lambda: huge_png().getvalue()),
    ("picture that unpacks to gigabytes", "图.png", png_bomb),
    ("photograph of four thousand million points", "图.jpg", lambda: jpeg_of_size(65_000, 65_000)),
    ("photograph without a height", "图.jpg", lambda: jpeg_of_size(400, 0)),
    ("moving picture of too many points", "图.gif", gif_bomb),
    ("half a photograph", "图.jpg", lambda: jpeg()[: len(jpeg()) // 2]),
    ("half a moving picture", "图.gif", lambda: animation().getvalue()[:60]),
    ("the first bytes of a picture", "图.png", lambda: b"\x89PNG\r\n\x1a\n"),
    ("nothing but zeros", "图.webp", lambda: b"\0" * 4_096),
    ("a picture's head on nonsense", "图.webp", lambda: b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 500),
    ("program", "程序.exe", lambda: b"MZ" + b"\0" * 600),
    ("program called a text", "程序.txt", lambda: b"\x7fELF" + b"\0" * 600),
    ("script of the shell", "程序.sh", lambda: b"#!/bin/sh\nrm -rf /\n"),
    ("program behind a harmless ending", "图.jpg.php", lambda: PHP),
    ("program before a harmless ending", "图.php.jpg", lambda: PHP),
    ("document with macros", "通知.docx", lambda: office_file(**{"word__vbaProject.bin": b"x"}).getvalue()),
    ("document with macros by its name", "通知.docm", lambda: office_file().getvalue()),
    ("document that unpacks to gigabytes", "通知.docx", lambda: zip_bomb().getvalue()),
    ("document of ten thousand parts", "通知.docx", many_members),
    ("document that climbs out", "通知.docx", lambda: office_file(**{"..__..__etc__passwd": b"x"}).getvalue()),
    ("document that ends in the middle", "通知.docx", archive_that_lies),
    ("old document called a new one", "通知.docx", lambda: OLE + b"\0" * 600),
    ("archive", "包.zip", lambda: archive(**{"x.txt": b"x"})),
    ("archive in an archive", "包.docx", lambda: archive(**{"inner.zip": archive(x=b"\0" * 1_000_000)})),
    ("name that is a path", "..\\..\\web\\图.jpg", jpeg),
    ("name with a drive", "C:图.jpg", jpeg),
    ("name turned round", "图\u202egpj.exe", jpeg),
    ("name of another ending", "图.jpg\u200b.html", jpeg),
    ("name with nothing in it", " .jpg", jpeg),
    ("name without end", "长" * (LONGEST_NAME + 1) + ".jpg", jpeg),
    ("name that runs", '图" onerror="alert(1).jpg', jpeg),
    ("text with control characters", "说明.txt", lambda: b"a\x00\x1b[2Jb"),
    ("table with a page in it", "名单.csv", lambda: HTML),
    ("document that runs", "通知.pdf", lambda: PDF[:9] + ACTION + PDF[9:]),
    ("document and page in one", "通知.pdf", lambda: PDF + HTML),
)  # fmt: skip

PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp"}
DOCUMENTS = {"application/pdf", "text/plain", "text/csv"}


def harm_left(name: str, content: bytes) -> str:
    """What a file still does after it was sent as the editor sends it; "" where it was refused or is harmless."""
    client = Client(headers={"host": "north.yizhan.localhost"}, raise_request_exception=False)
    client.force_login(Account.objects.get(username="sun"))
    # under this very name: Django's own form would cut paths off
    file = SimpleUploadedFile("x", content)
    file._name = name  # noqa: SLF001 - past its setter
    answer = client.post("/desk/files/", {"file": file, "alt": "图"})
    if answer.status_code in {400, 413, 422}:
        return ""
    if answer.status_code != 201:
        return f"answered {answer.status_code}"
    with schemas.enter("hall_000001"):
        kept = HallAsset.objects.get(pk=answer.json()["id"])
    stored = read_file(kept.key)
    if kept.media_type in PICTURES:
        return _picture_faults(kept, stored)
    if kept.media_type not in DOCUMENTS:
        return f"is kept as {kept.media_type}"
    # what browsers could show is handed out to be saved, under a fixed kind
    site = client.get(f"/media/{kept.pk}").headers["Location"]
    disposition = parse_qs(urlsplit(site).query).get("response-content-disposition", [""])[0]
    return "" if disposition.startswith("attachment") else f"is shown as {kept.media_type}"


def _picture_faults(kept: HallAsset, stored: bytes) -> str:
    if any(one in stored for one in (b"alert(", b"<?php", b"PK\x03\x04", b"<script")):
        return "still carries what was hidden in it"
    with Image.open(io.BytesIO(stored)) as image:
        image.load()
        has_facts = bool(image.getexif()) or "icc_profile" in image.info or "comment" in image.info
    if has_facts:
        return "still carries its facts"
    return "" if kept.key.endswith((".jpg", ".png", ".gif", ".webp")) else f"is kept under {kept.key}"


# it is said in the log, and the facts are dropped
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
class TestHostileFile:
    def test_is_one_of_fifty(self) -> None:
        assert len({what for what, _, _ in FILES}) >= 50

    @pytest.mark.parametrize(("name", "content"), [one[1:] for one in FILES], ids=[one[0] for one in FILES])
    def test_does_no_harm(self, name: str, content: Callable[[], bytes]) -> None:
        assert harm_left(name, content()) == ""

    def test_is_never_shown_by_the_store_as_a_page(self) -> None:
        assert "attachment" in link_to("tests/any", download_as="页.html")


class TestLargeBody:
    def test_is_refused_before_it_is_read(self) -> None:
        client = Client(headers={"host": "north.yizhan.localhost"})
        client.force_login(Account.objects.get(username="sun"))
        answer = client.post("/desk/files/", "x", content_type="application/octet-stream", CONTENT_LENGTH=str(2**33))
        assert answer.status_code == 413

    def test_of_a_form_is_refused_in_chinese(self) -> None:
        client = Client(headers={"host": "north.yizhan.localhost"}, raise_request_exception=False)
        client.force_login(Account.objects.get(username="sun"))
        many = "&".join(f"f{number}=1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
        for body, status, words in (("title=" + "x" * 6_000_000, 413, "内容太大"), (many, 400, "分几次提交")):
            answer = client.post("/desk/articles/new/", body, content_type="application/x-www-form-urlencoded")
            said = answer.content.decode()
            assert (answer.status_code, words in said, "Bad Request" in said) == (status, True, False)

    def test_of_a_program_is_refused_as_a_problem(self) -> None:
        client = Client(headers={"host": "yizhan.localhost"}, raise_request_exception=False)
        client.force_login(Account.objects.get(username="zhao"))
        body = json.dumps({"name": "x" * 6_000_000})
        answer = client.post("/api/province/v1/people/units", body, content_type="application/json")
        assert (answer.status_code, answer.json()["title"]) == (413, "内容太大")
