"""What designers of forms fill in, and what a page of a form posts."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from foundation.design.forms import FaultyForm, posted_number
from standards.definitions import LARGEST
from standards.forms.designing import circular_faults, is_editable
from standards.forms.posted import nested
from standards.numbers.divisions import PREFIX_LENGTH

# of the page itself, not of the form: names of fields have no underline in front
REVISION: Final = "_revision"
ACT: Final = "_act"
LINE: Final = "_line"
SEEN: Final = "_seen"
NEWER: Final = "_newer"
FILE: Final = "_file."
type NewFile = UploadedFile[Any]

_NOT_JUDGED: Final = frozenset({"look", "line", "keep", "overwrite"})
_LEVELS: Final = tuple(PREFIX_LENGTH)
_ADD: Final = re.compile(r"add ([a-z0-9_]{1,40})\Z")
_DROP: Final = re.compile(r"drop ([a-z0-9_]{1,40}) (\d{1,3})\Z")


class FormBeginning(FaultyForm):
    title = forms.CharField(label="表单名称", max_length=100, help_text="填写的人会看到，例如“请假单”。")
    file = forms.FileField(
        label="从文件开始",
        required=False,
        help_text="选填。在别的表单里点“导出”得到的文件，可以改了再用。",
        widget=forms.FileInput(attrs={"accept": "application/json,.json"}),
    )

    def clean_file(self) -> dict[str, Any] | None:
        """The definition in the file."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        if file.size > LARGEST:
            message = f"这个文件有 {file.size / 1024:,.0f} KB，表单最多 {LARGEST // 1024:,} KB。"
            raise forms.ValidationError(message)
        try:
            definition = json.loads(file.read())
        except (ValueError, RecursionError):
            definition = None
        if not is_editable(definition):
            raise forms.ValidationError("这个文件里没有能读懂的表单，请选点“导出”得到的文件。")
        if faults := circular_faults(definition):
            raise forms.ValidationError(f"{faults[0].message}也可以不选文件，在设计器里“导入”它，断开以后再保存。")
        return dict(definition)

    def begun(self) -> dict[str, Any]:
        """The new form's title and definition."""
        title, definition = self.cleaned_data["title"], self.cleaned_data["file"]
        return {"title": title, "definition": definition and {**definition, "title": title}}


@dataclass(frozen=True, slots=True)
class PostedPage:
    """``texts``: what was typed, by the names of boxes (``lines.0.amount``); ``revision``: on which it was typed, or
    which it is to replace; ``act``: what the pressed button asks for; ``more``: group → how many blank lines it is to
    have; ``dropped``: the group and the line that is to go; ``files``: new files by the name of their field."""

    texts: Mapping[str, Sequence[str]]
    revision: int
    act: str
    seen: str
    more: Mapping[str, int] = field(default_factory=dict)
    dropped: tuple[str, int] | None = None
    files: Mapping[str, Sequence[NewFile]] = field(default_factory=dict)

    @property
    def is_judged(self) -> bool:
        """Whether what is wrong is told: not to who only looks, or goes on typing."""
        return self.act not in _NOT_JUDGED

    def values(self, uploads: Mapping[str, Sequence[str]]) -> dict[str, object]:
        """Name of a field → what was typed; ``uploads``: ids of files that were just taken in, behind those that were
        there."""
        names = [*self.texts, *(name for name in uploads if name not in self.texts)]
        found = nested((name, [*self.texts.get(name, ()), *uploads.get(name, ())]) for name in names)
        values: dict[str, object] = {name: _settled(value) for name, value in found.items()}
        if self.dropped:
            group, gone = self.dropped
            lines = values.get(group)
            if isinstance(lines, list):
                values[group] = [line for place, line in enumerate(lines) if place != gone] or ""
        return values


def read_page(posted: QueryDict, files: MultiValueDict[str, Any]) -> PostedPage:
    """Whatever was posted. Never fails: what does not belong there is looked at by nobody."""
    texts = {name: posted.getlist(name) for name in posted if not name.startswith(("_", "csrf"))}
    asked, act = posted.get(LINE, ""), posted.get(ACT, "")
    added, dropped = _ADD.match(asked), _DROP.match(asked)
    return PostedPage(
        texts,
        posted_number(posted.get(NEWER if act == "overwrite" else REVISION, ""), otherwise=-1),
        "line" if added or dropped else act,
        posted.get(SEEN, ""),
        {added[1]: _blank_lines(added[1], texts) + 1} if added else {},
        (dropped[1], int(dropped[2])) if dropped else None,
        {
            name.removeprefix(FILE): [one for one in files.getlist(name) if isinstance(one, UploadedFile)]
            for name in files
            if name.startswith(FILE)
        },
    )


def _blank_lines(group: str, texts: Mapping[str, Sequence[str]]) -> int:
    """How many lines of a group were posted in which nothing is filled in."""
    filled: dict[str, bool] = {}
    for name, several in texts.items():
        if name.startswith(f"{group}."):
            line = name.split(".")[1]
            filled[line] = filled.get(line, False) or any(several)
    return sum(not one for one in filled.values())


def _settled(value: Any) -> Any:
    """Divisions that were chosen level by level, without those that do not lie in the one above: it was changed, and
    the list below had no time to follow."""
    if isinstance(value, list):
        return [_settled(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    if not value.keys() <= set(_LEVELS):
        return {name: _settled(one) for name, one in value.items()}
    kept: dict[str, Any] = {}
    prefix = ""
    for level in _LEVELS:
        code = value.get(level)
        if not isinstance(code, str) or not code or not code.startswith(prefix):
            break
        kept[level], prefix = code, code[: PREFIX_LENGTH[level]]
    return kept or ""
