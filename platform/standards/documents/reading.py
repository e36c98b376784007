"""Read a Word file (.docx) as a template, in a process of its own."""

import json
from typing import Final

from foundation.confinement import MEGABYTE, Limits, confined
from foundation.errors import Invalid
from standards.documents.layout import DocumentLayout, layout_from

LARGEST: Final = 5 * MEGABYTE
_LIMITS: Final = Limits(seconds=4, memory=512 * MEGABYTE, answer=4 * MEGABYTE)
_TOO_MUCH: Final = "这个 Word 文件太复杂，读不出来。请另存为新的文件，只留下文书的内容。"


def read_word(content: bytes) -> DocumentLayout:
    """Raises Invalid with every part of it that cannot be shown alike in Word and PDF, by its name and place; for what
    is no .docx, and for macros, embedded objects and links outside."""
    if len(content) > LARGEST:
        raise Invalid.at("file", f"模板文件太大，最多 {LARGEST // MEGABYTE} MB。请删去图片后再上传。")
    task = "standards.documents.word_reading:read"
    with confined(task, content, limits=_LIMITS, too_much=_TOO_MUCH) as answer:
        return layout_from(json.loads(answer.read()))
