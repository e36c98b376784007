"""The fonts that documents are printed in, and which letters they have."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from foundation.errors import Invalid
from standards.documents.layout import PAGE, PAGES, QR, SEAL, DocumentLayout, FontName, placed_paragraphs

RARE: Final = "rare"
_THOUSAND: Final = 1_000
_SIGNS: Final = frozenset((PAGE, PAGES, QR, SEAL, "\n"))


class Fonts:
    """``own``: files of the province's, by family, ``rare`` for letters that the others lack. The others are Noto's
    (OFL): 黑体 as Noto Sans SC, all else as Noto Serif SC. 仿宋_GB2312 and 方正小标宋 are not free."""

    def __init__(self, own: Mapping[str, str]) -> None:
        from pylopdf_fonts_zh_cn import sans_path, serif_path  # noqa: PLC0415 - by those alone who write paper

        sans, serif = str(sans_path()), str(serif_path())
        self.paths: Mapping[FontName, str] = {
            name: own.get(name.value) or (sans if name == FontName.HEI else serif) for name in FontName
        }
        self._others = (serif, sans, *([own[RARE]] if RARE in own else []))

    def pieces(self, text: str, font: FontName) -> Iterator[tuple[str, str]]:
        """The text in pieces, each with the file of a font that has all its letters: rare characters are in one of the
        others, if anywhere."""
        piece, path = "", ""
        for sign in text:
            found = self._path_of(sign, font)
            if found != path and piece:
                yield piece, path
                piece = ""
            piece, path = piece + sign, found
        if piece:
            yield piece, path

    def missing(self, text: str, font: FontName) -> list[str]:
        """Letters that no font has."""
        return [sign for sign in text if sign not in _SIGNS and not self._has(sign, font)]

    def _has(self, sign: str, font: FontName) -> bool:
        return any(font_at(path).has(sign) for path in (self.paths[font], *self._others))

    def _path_of(self, sign: str, font: FontName) -> str:
        for path in (self.paths[font], *self._others):
            if font_at(path).has(sign):
                return path
        return self.paths[font]


class FontFile:
    """A font as it lies on the disk, some ten megabytes: of it is read what is asked for, and nothing else."""

    def __init__(self, path: str) -> None:
        from uharfbuzz import Blob, Face, Font  # noqa: PLC0415 - see above

        self._face: Any = Face(Blob.from_file_path(path))
        self._font: Any = Font(self._face)

    def has(self, sign: str) -> bool:
        return self._font.get_nominal_glyph(ord(sign)) is not None

    def width(self, sign: str) -> int:
        """In thousandths of the letters' size."""
        glyph = self._font.get_nominal_glyph(ord(sign)) or 0
        width: float = self._font.get_glyph_h_advance(glyph) * _THOUSAND / self._face.upem
        return round(width)

    def part(self, signs: Iterable[str]) -> bytes:
        """A font of these letters alone."""
        from uharfbuzz import SubsetFlags, SubsetInput, subset  # noqa: PLC0415 - see above

        wanted = SubsetInput()
        wanted.unicode_set.update(map(ord, signs))
        # letters stand alone: none is drawn in another shape beside others, none is put together from parts that the
        # writer would first look for among the whole font's
        wanted.flags = SubsetFlags.NO_LAYOUT_CLOSURE | SubsetFlags.NOTDEF_OUTLINE | SubsetFlags.DESUBROUTINIZE
        found: bytes = subset(self._face, wanted).blob.data
        return found


@lru_cache(maxsize=8)
def font_at(path: str) -> FontFile:
    return FontFile(path)


def check_printable(layout: DocumentLayout, fonts: Fonts) -> None:
    """Raises Invalid for letters that no font has."""
    missing = {
        sign
        for _, paragraph in placed_paragraphs(layout)
        for run in paragraph.runs
        for sign in fonts.missing(run.text, run.font)
    }
    if missing:
        signs = "、".join(sorted(missing)[:5])
        raise Invalid(f"这些字没有字体，印不出来：{signs}。请换一个字，或请管理员为平台加上字体。")
