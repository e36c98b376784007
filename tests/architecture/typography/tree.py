"""Every file of the project that holds Chinese text, read by its kind."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.architecture.typography import documents, javascript, markup, python_source, templates
from tests.architecture.typography.exceptions import FILES, TEXTS
from tests.architecture.typography.text import Tally

ROOT: Final = Path(__file__).resolve().parents[3]
_OTHERS_FOLDERS: Final = {"var", "node_modules", "__pycache__"}
_READERS: Final[dict[str, Callable[[str, Tally], str]]] = {
    ".html": templates.mend_source,
    ".md": documents.mend_markdown,
    ".yaml": documents.mend_yaml,
    ".js": javascript.mend_source,
    ".css": markup.mend_styles,
}
# below it, folders named templates hold English with braces, which is YAML only once Helm has read it
_CHARTS: Final = ROOT / "helm"
# what a bundler or a vendor wrote has such lines
_LONGEST_OWN_LINE: Final = 2000
_PROTECTED: Final = 0xF000


def files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(
            one for one in folders if not one.startswith(".") and one not in _OTHERS_FOLDERS | FILES.keys()
        )
        if _CHARTS in Path(folder).parents and Path(folder).name == "templates":
            continue
        for name in sorted(names):
            if Path(name).suffix in {".py", *_READERS} and name not in FILES:
                yield Path(folder, name)


def mend_file(path: Path, source: str, tally: Tally | None = None, *, texts: Iterable[str] = TEXTS) -> str:
    """The file's text with its words mended, those of ``texts`` left alone."""
    marks = {text: chr(_PROTECTED + number) for number, text in enumerate(texts) if text in source}
    for text, mark in marks.items():
        source = source.replace(text, mark)
    mended = _mend(path, source, Counter() if tally is None else tally)
    for text, mark in marks.items():
        mended = mended.replace(mark, text)
    return mended


def _mend(path: Path, source: str, tally: Tally) -> str:
    if path.suffix == ".py":
        return python_source.mend_source(source, tally, is_test="tests" in path.relative_to(ROOT).parts)
    if path.suffix in {".js", ".css"} and max(map(len, source.split("\n"))) > _LONGEST_OWN_LINE:
        return source
    return _READERS[path.suffix](source, tally)
