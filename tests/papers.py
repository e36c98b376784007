"""What stands on a PDF that the platform wrote, read as text by the font's own table of characters."""

import io
import re
from collections.abc import Iterator

import pikepdf


def words_of(content: bytes) -> str:
    """The text of all pages, a line after each piece of text."""
    with pikepdf.open(io.BytesIO(content)) as paper:
        return "\n".join(piece for page in paper.pages for piece in _pieces(page))


def embeds_its_fonts(content: bytes) -> bool:
    with pikepdf.open(io.BytesIO(content)) as paper:
        fonts = [font for page in paper.pages for font in page.resources.Font.values()]
        return bool(fonts) and all("/FontFile3" in font.DescendantFonts[0].FontDescriptor for font in fonts)


def _pieces(page: pikepdf.Page) -> Iterator[str]:
    [font] = page.resources.Font.values()
    table = _characters(bytes(font.ToUnicode.read_bytes()).decode())
    for operands, operator in pikepdf.parse_content_stream(page, "Tj TJ"):
        texts = operands[0] if str(operator) == "TJ" else operands
        codes = b"".join(bytes(one) for one in texts if isinstance(one, pikepdf.String))
        yield "".join(table.get(codes[at : at + 2].hex().upper(), "?") for at in range(0, len(codes), 2))


def _characters(cmap: str) -> dict[str, str]:
    return {
        code.upper(): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", cmap)
    }
