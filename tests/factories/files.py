"""Files that people upload, good and bad."""

import struct
import zipfile
import zlib
from functools import cache
from io import BytesIO

from PIL import Image

ORIENTATION = 0x0112
TURNED_LEFT = 6


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (1200, 900), exif: Image.Exif | None = None) -> BytesIO:
    out = BytesIO()
    options = {"exif": exif} if exif else {}
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **options)
    out.seek(0)
    return out


def turned_picture() -> BytesIO:
    """As a telephone held upright takes it: 1200 x 900 and "turn me", with the place where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_LEFT
    exif[0x010F] = "Some Telephone"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif)


def animation() -> BytesIO:
    out = BytesIO()
    frames = [Image.new("RGB", (400, 300), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100, loop=0)
    out.seek(0)
    return out


def huge_png() -> BytesIO:
    """A few hundred bytes that say they are 30,000 x 30,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def office_file(member: str = "word/document.xml", **members: bytes) -> BytesIO:
    """An archive such as Word writes; ``members`` with their slashes as double underscores."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(member, "<document/>")
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    out.seek(0)
    return out


def zip_bomb() -> BytesIO:
    """A Word file of some 600 kB that unpacks to 600 MB."""
    return BytesIO(_bomb())


@cache
def _bomb() -> bytes:
    """To pack it takes some seconds of a processor."""
    return office_file(word__media__image1=b"\0" * 600_000_000).getvalue()


class EndlessFile(BytesIO):
    """An upload of 2 GB, of which nothing is kept; ``given`` counts what was asked for."""

    given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0, "somebody reads it whole"
        if self.given >= 2 * 1024**3:
            return b""
        self.given += size
        return b"\xff" * size
