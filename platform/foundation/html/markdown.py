from collections.abc import Iterator
from typing import IO

from foundation.confinement import confined_text
from foundation.html.cleaning import LIMITS, TOO_HARD, cleaned_bytes, refuse_too_long


def clean_markdown(text: str) -> str:
    """The part of a Markdown text that an article may hold, as ``clean_html`` would leave it.

    HTML inside Markdown is shown as text: nobody writes an article so. Raises Invalid as ``clean_html`` does.
    """
    refuse_too_long(text)
    return confined_text(
        "foundation.html.markdown:clean_markdown_file", text, limits=LIMITS, too_much=TOO_HARD, where="body"
    )


def clean_markdown_file(file: IO[bytes]) -> Iterator[bytes]:
    """``clean_markdown`` as a confined work."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only those load it who take a file in

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    html = str(parser.render(file.read().decode()))
    refuse_too_long(html)
    yield cleaned_bytes(html)
