"""What is active in a document: whatever would run, fetch or send something when somebody opens it."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO, Final

from foundation.confinement import MEGABYTE, Limits, confined
from foundation.errors import Invalid
from foundation.files.inspection import archives, ole, pdf, texts

# names that a refusal gives
_MOST_NAMED: Final = 6
_LIMITS: Final = Limits(seconds=10, memory=1024 * MEGABYTE, answer=MEGABYTE)
_TOO_HARD: Final = "这个文件太大或太复杂，无法检查是否安全。请另存为新的文件，或拆分后再上传。"
_INSPECTORS: Final[Mapping[str, Callable[[IO[bytes]], Iterator[str]]]] = {
    "pdf": pdf.active_parts,
    **dict.fromkeys(("docx", "xlsx", "pptx", "ofd"), archives.active_parts),
    **dict.fromkeys(("doc", "xls", "ppt"), ole.active_parts),
    **dict.fromkeys(("txt", "csv"), texts.active_parts),
}


def refuse_active(content: IO[bytes], ending: str) -> None:
    """Raises Invalid for a document that would run, fetch or send anything, naming what was found, and for one that is
    broken or cannot be looked into (a password). ``ending``: the first one of its FileKind."""
    with confined("foundation.files.inspection:inspect", content, limits=_LIMITS, too_much=_TOO_HARD, ending=ending):
        content.seek(0)


def inspect(file: IO[bytes], *, ending: str) -> Iterator[bytes]:
    """``refuse_active`` as a confined work: answers nothing where nothing was found."""
    from io import BytesIO  # noqa: PLC0415 - the process has just begun, and ends with this

    found: dict[str, None] = {}
    for one in _INSPECTORS[ending](BytesIO(file.read())):
        found[one] = None
        if len(found) == _MOST_NAMED:
            break
    if found:
        message = (
            f"文件含有会自动运行或连接外部的内容：{'、'.join(found)}。请删去后重新保存，或另存为普通的 PDF 再上传。"
        )
        raise Invalid.at("file", message)
    yield b""
