"""Draws a page of a PDF, as a confined work: nothing of Django is loaded here."""

import ctypes
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Final

from foundation.errors import Invalid

# pixels: A4 at some 170 dots an inch, enough to be looked at in twice its size
PAGE_WIDTH: Final = 1_400
# of a page that is far higher than wide
_MOST_HEIGHT: Final = 8_000
_QUALITY: Final = 65


def draw_page(file: IO[bytes], *, number: int, fonts: str) -> Iterator[bytes]:
    """How many pages there are in a line, then the picture of one, nothing where there is no such page.

    ``fonts``: the folder of those for text that brings none, as many documents here do. Raises Invalid for what cannot
    be opened.
    """
    import pypdfium2  # noqa: PLC0415 - only those load it who draw
    from pypdfium2 import raw  # noqa: PLC0415

    # the library was begun without them
    raw.FPDF_DestroyLibrary()
    text = ctypes.POINTER(ctypes.c_char)
    # a list that ends with nothing
    places = (text * 2)(ctypes.cast(ctypes.c_char_p(fonts.encode()), text), text())
    raw.FPDF_InitLibraryWithConfig(raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=places))
    try:
        document = pypdfium2.PdfDocument(file.read())
        pages = len(document)
        yield f"{pages}\n".encode()
        if number > pages:
            return
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(PAGE_WIDTH / max(width, 1), _MOST_HEIGHT / max(height, 1))
        picture = page.render(scale=scale).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise Invalid("这个 PDF 打不开，可能已经损坏，请下载后用阅读软件试试。") from error
    out = BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=2)
    yield out.getvalue()
