"""A dump turned into the quickest script that makes the same schema.

Constraints stand inside CREATE TABLE: as ALTER TABLE each of them takes its lock and rewrites the catalogue anew.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

_CREATE = re.compile(r"CREATE TABLE (?P<table>\S+) \((?P<body>.*)\)\Z", re.DOTALL)
_ADD = re.compile(r"ALTER TABLE ONLY (?P<table>\S+)\s+ADD (?P<constraint>CONSTRAINT .*)\Z", re.DOTALL)
_INLINE = re.compile(r"CONSTRAINT \S+ (PRIMARY KEY|UNIQUE)\b")
# what pg_dump says about its own session
_SESSION = ("SET ", "SELECT pg_catalog.set_config(")


def fold_constraints(dump: str) -> str:
    """Primary keys and unique constraints go into CREATE TABLE, foreign keys into one ALTER TABLE a table, last."""
    inline: dict[str, list[str]] = defaultdict(list)
    foreign: dict[str, list[str]] = defaultdict(list)
    kept = []
    for statement in _statements(dump):
        if found := _ADD.match(statement):
            constraint = found["constraint"]
            if _INLINE.match(constraint):
                inline[found["table"]].append(constraint)
                continue
            if " FOREIGN KEY " in constraint:
                foreign[found["table"]].append(constraint)
                continue
        kept.append(statement)
    folded = [_with_constraints(statement, inline) for statement in kept]
    folded += [
        f"ALTER TABLE ONLY {table} {', '.join(f'ADD {one}' for one in constraints)}"
        for table, constraints in foreign.items()
    ]
    return "".join(f"{statement};\n" for statement in folded)


def _with_constraints(statement: str, inline: dict[str, list[str]]) -> str:
    found = _CREATE.match(statement)
    if found is None or not (constraints := inline.get(found["table"])):
        return statement
    body = ",\n    ".join([found["body"].rstrip(), *constraints])
    return f"CREATE TABLE {found['table']} ({body}\n)"


def _statements(dump: str) -> Iterator[str]:
    """pg_dump ends every statement with a semicolon at the end of a line."""
    pending: list[str] = []
    for line in dump.splitlines():
        if not pending and (not line or line.startswith(("--", "\\"))):
            continue
        pending.append(line)
        if line.endswith(";"):
            statement = "\n".join(pending).removesuffix(";")
            pending = []
            if not statement.startswith(_SESSION):
                yield statement
