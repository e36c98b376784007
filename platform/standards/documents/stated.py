"""Kinds of documents as the law knows them, with templates to begin with: an app that issues one names it here and
states it in its contribution."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from standards.documents.kinds import DocumentColumn, DocumentField, DocumentKind, FieldType

_FOLDER: Final = Path(__file__).with_name("notices")


def stated_kinds() -> list[str]:
    """The codes of all that are known here."""
    return sorted(file.stem for file in _FOLDER.glob("*.yaml"))


@cache
def stated_kind(code: str) -> DocumentKind:
    """受理通知书 (acceptance), 容缺受理 (lacking_acceptance), 补正 (supplement), 不予受理 (non_acceptance), 准予
    (permit), 不予许可 (refusal), 特别程序 (special_procedure), 延期 (extension), 送达回证 (service_receipt), 办理结果
    (result), 证照 (licence).

    Raises FileNotFoundError."""
    said: dict[str, Any] = yaml.load((_FOLDER / f"{code}.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    fields = tuple(map(_field, said["fields"]))
    body = {"body": said["body"]}
    return DocumentKind(said["code"], said["name"], fields, said["rule"], body, said.get("ended_elsewhere", ""))


def _field(said: dict[str, Any]) -> DocumentField:
    columns = tuple(DocumentColumn(**column) for column in said.get("columns", ()))
    return DocumentField(**{**said, "type": FieldType(said.get("type", "text")), "columns": columns})
