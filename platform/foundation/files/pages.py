"""Pages of PDFs as pictures, so that every browser shows them, also one on a phone.

A page is drawn when somebody first looks at it, in a process of its own, and kept in the store beside its file.
"""

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from django.conf import settings

from foundation.confinement import MEGABYTE, Limits, confined
from foundation.errors import NotFound
from foundation.files.clients import client_for, speaking
from foundation.files.store import put_file, read_file

MOST_PAGES: Final = 2_000
_LIMITS: Final = Limits(seconds=10, memory=1024 * MEGABYTE, answer=16 * MEGABYTE)
_TOO_HARD: Final = "这一页太复杂，不能在网页上显示，请下载后用阅读软件打开。"
_MEDIA_TYPE: Final = "image/webp"


@dataclass(frozen=True, slots=True)
class PagePicture:
    """Where the picture of a page lies in the store. ``pages``: how many the file has."""

    key: str
    pages: int


def page_of_pdf(key: str, number: int) -> PagePicture:
    """The picture of a page (from 1), drawn where it is not there yet; of two at once both write the same.

    Raises NotFound for a page that the file does not have, Invalid for one that takes too much to be drawn,
    Unavailable.
    """
    if not 0 < number <= MOST_PAGES:
        raise _no_page()
    picture = f"{PurePosixPath(key).with_suffix('')}-page-{number}.webp"
    with suppress(NotFound), speaking():
        facts = client_for(picture, writes=False).stat_object(settings.S3_BUCKET, picture)
        return PagePicture(picture, int((facts.metadata or {})["x-amz-meta-pages"]))
    task = "foundation.files.drawing:draw_page"
    content = read_file(key)
    with confined(task, content, limits=_LIMITS, too_much=_TOO_HARD, number=number, fonts=_fonts()) as answer:
        pages, drawn = int(answer.readline()), answer.read()
    if not drawn:
        raise _no_page()
    put_file(key=picture, media_type=_MEDIA_TYPE, file=BytesIO(drawn), size=len(drawn), metadata={"pages": str(pages)})
    return PagePicture(picture, pages)


def _fonts() -> str:
    from pylopdf_fonts_zh_cn import sans_path  # noqa: PLC0415 - as above

    return str(sans_path().parent)


def _no_page() -> NotFound:
    return NotFound("这个文件没有这一页。")
