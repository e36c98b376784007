"""A dump turned into the quickest script that makes the same schema.

Tables, with their constraints, and indexes are elements of one CREATE SCHEMA: at the end of every statement PostgreSQL
goes through all locks of its transaction, and ALTER TABLE writes the catalogue anew for each constraint.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

_SCHEMA = re.compile(r"CREATE SCHEMA \S+\Z")
_TABLE = re.compile(r"CREATE TABLE (?P<table>\S+) \((?P<body>.*)\)\Z", re.DOTALL)
_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX ")
_ADD = re.compile(r"ALTER TABLE ONLY (?P<table>\S+)\s+ADD (?P<constraint>CONSTRAINT .*)\Z", re.DOTALL)
_KEY = re.compile(r"CONSTRAINT \S+ (PRIMARY KEY|UNIQUE)\b")
_NOT_NULL = re.compile(r'^    (?P<quote>"?)(?P<column>\w+)(?P=quote) .*(?P<constraint> NOT NULL)(?=,?$)', re.MULTILINE)
_FOREIGN_KEY = re.compile(r"CONSTRAINT \S+ FOREIGN KEY .*? REFERENCES (?P<table>[^\s(]+)", re.DOTALL)
# what pg_dump says about its own session
_SESSION = ("SET ", "SELECT pg_catalog.set_config(")


def fold_dump(dump: str) -> str:
    """The dump of one schema, as pg_dump writes it, with each table after those that its foreign keys name.

    Apart, and last, stand foreign keys of tables that name each other, and whatever else the dump has (triggers).
    """
    bodies: dict[str, str] = {}
    keys: dict[str, list[str]] = defaultdict(list)
    # the table that each refers to, and the constraint
    foreign: dict[str, list[tuple[str, str]]] = defaultdict(list)
    opening, indexes, others = "", [], []
    for statement in _statements(dump):
        if found := _TABLE.match(statement):
            bodies[found["table"]] = _with_names(found["table"], found["body"].rstrip())
        elif _SCHEMA.match(statement):
            opening = statement
        elif _INDEX.match(statement):
            indexes.append(statement)
        elif (found := _ADD.match(statement)) and _KEY.match(found["constraint"]):
            keys[found["table"]].append(found["constraint"])
        elif found and (key := _FOREIGN_KEY.match(found["constraint"])):
            foreign[found["table"]].append((key["table"], found["constraint"]))
        else:
            others.append(statement)
    tables, last = [], []
    made: set[str] = set()
    for table in _in_order(bodies, {table: [other for other, _ in named] for table, named in foreign.items()}):
        made.add(table)
        inside = [one for other, one in foreign[table] if other in made]
        tables.append(_table(table, [bodies[table], *keys[table], *inside]))
        last += [f"ALTER TABLE ONLY {table} ADD {one}" for other, one in foreign[table] if other not in made]
    elements = "\n".join([opening, *tables, *indexes])
    return "".join(f"{statement};\n" for statement in (elements, *last, *others))


def _in_order(tables: dict[str, str], named: dict[str, list[str]]) -> Iterator[str]:
    """Each table after those that it names; where they name each other, after one of them at least."""
    begun: set[str] = set()

    def visit(table: str) -> Iterator[str]:
        if table in begun or table not in tables:
            return
        begun.add(table)
        for other in named.get(table, ()):
            yield from visit(other)
        yield table

    for table in tables:
        yield from visit(table)


def _table(table: str, parts: list[str]) -> str:
    body = ",\n    ".join(parts)
    return f"CREATE TABLE {table} ({body}\n)"


def _with_names(table: str, body: str) -> str:
    """Each NOT NULL by the name that PostgreSQL would draw for it, and would look for in all schemas first; pg_dump
    leaves out those names alone that are made of table and column."""
    bare = table.rpartition(".")[2].strip('"')

    def named(found: re.Match[str]) -> str:
        line = found[0].removesuffix(found["constraint"])
        # the names that others wrote stand before it
        return found[0] if " CONSTRAINT " in line else f'{line} CONSTRAINT "{bare}_{found["column"]}_not_null" NOT NULL'

    return _NOT_NULL.sub(named, body)


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
