"""What programs have logged, held against docs/runbooks/log-line.schema.json."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator, meta

from tests.servers import ROOT


@cache
def _schema() -> Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "runbooks" / "log-line.schema.json").read_text(encoding="utf-8"))
    meta.validate(schema)
    return Draft202012Validator(schema)


def strays_in(log: str) -> Iterator[str]:
    """Lines that are not as the schema says, each with what is wrong."""
    for line in log.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            yield f"not JSON: {line}"
            continue
        yield from (f"{fault.message}: {line}" for fault in _schema().iter_errors(found))


def lines_of(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines()]
