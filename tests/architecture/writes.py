"""Writes in the program's source: which row is written where, read from the source text without running it."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.architecture.sources import Source

_MANAGERS = {"objects", "_default_manager", "_base_manager"}
_ROWS = {"insert_row", "insert_rows", "update_row"}
_PLAIN = {"create", "save", "save_base", "delete", "update", "bulk_create", "bulk_update", "get_or_create"}
_NAMES = {*_PLAIN, "update_or_create"} | {f"a{name}" for name in (*_PLAIN, "update_or_create")}
# a dict, a digest, an image, a router and a progress bar have these too, but take what they need by position
_SHARED = {f"{prefix}{name}" for prefix in ("", "a") for name in ("create", "save", "delete", "update")}
# the last word of what is written to, where that is no row: Django's session and cleaned forms, the settings of Celery
_NO_ROWS = {"session", "form", "conf"}
_SQL = re.compile(
    r"\bINSERT\s+INTO\s+(?P<insert>\S+)"
    r"|(?<!FOR )(?<!KEY )(?<!DO )(?<!BEFORE )(?<!AFTER )(?<!OR )\bUPDATE\s+(?:ONLY\s+)?(?P<update>(?!SET\b)\S+)"
    r"|\bDELETE\s+FROM\s+(?:ONLY\s+)?(?P<delete>\S+)"
    r"|\bTRUNCATE\s+(?:TABLE\s+)?(?P<truncate>\S+)"
    r"|\bCOPY\s+(?P<copy>\S+)[^;]*?\sFROM\b"
)
_WRITING_PARTS = {"operations", "models"}
# of provisioning, whose modules stand side by side: those that face outward, and what is only asked
_READING_PARTS = {"api", "apps", "contribution", "events", "forms", "queries", "schemas", "tasks", "urls", "views"}


@dataclass(frozen=True, slots=True)
class Write:
    """``owner``: the app whose row it is, "" where the text does not tell; ``call``: the method, or "SQL"."""

    line: int
    owner: str
    call: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the program has: ``tables``: table → app; ``relations``: related name → apps whose rows are reached by it;
    ``functions``: full name of a function that returns rows → the app whose rows they are."""

    tables: Mapping[str, str]
    relations: Mapping[str, frozenset[str]]
    functions: Mapping[str, str]


def owner_of(module: str) -> str:
    """The app that a module belongs to: ``province.halls``, ``foundation.events``, ``provisioning``; "" for others'."""
    parts = module.split(".")
    if parts[0] in {"province", "tenants", "foundation"}:
        return ".".join(parts[:2])
    return parts[0] if parts[0] == "provisioning" else ""


def is_at_home(source: Source, write: Write) -> bool:
    """May this module write that row? One that the source does not name is an operation's own until it is named."""
    if source.room == "foundation":
        is_package = source.path.parent.name != "foundation"
        # one of its packages writes its own rows, and those that an operation hands to it
        is_its_own = write.owner == owner_of(source.module) or (write.owner == "" and write.call != "SQL")
        return is_package and is_its_own and not {"queries", "views"} & set(source.module.split("."))
    if source.room == "provisioning":
        return write.owner == "provisioning" and source.part not in _READING_PARTS
    return source.part in _WRITING_PARTS and write.owner in {"", source.room}


def strays_of(source: Source, known: Known) -> list[Write]:
    """Every write of this module that is not at home in it."""
    return sorted(
        {write for write in writes_of(source, known) if not is_at_home(source, write)},
        key=lambda write: write.line,
    )


def writes_of(source: Source, known: Known) -> Iterator[Write]:
    """Every write of this module, by method, by ``copy_rows`` and by SQL."""
    reader = _Reader(source, known)
    reader.know_functions()
    reader.visit(source.tree)
    yield from reader.found


def relations_of(sources: tuple[Source, ...]) -> dict[str, frozenset[str]]:
    """Every ``related_name`` of the program's models → the apps whose rows it leads to."""
    found: dict[str, set[str]] = {}
    for source in sources:
        if "models" in source.module.split("."):
            keywords = (node for node in source.nodes if isinstance(node, ast.keyword))
            for node in keywords:
                if node.arg == "related_name" and isinstance(node.value, ast.Constant):
                    found.setdefault(str(node.value.value), set()).add(owner_of(source.module))
    return {name: frozenset(apps) for name, apps in found.items() if name != "+"}


def functions_of(sources: tuple[Source, ...]) -> dict[str, str]:
    """Every function of a module that says it returns a row or a query, under each name it is handed on by."""
    found: dict[str, str] = {}
    for source in sources:
        reader = _Reader(source, Known({}, {}, {}))
        for node in source.tree.body:
            if isinstance(node, ast.ImportFrom):
                reader.visit_ImportFrom(node)
            elif isinstance(node, ast.FunctionDef) and (owner := reader.annotated(node.returns)):
                found[f"{source.module}.{node.name}"] = owner
    for source in sources:
        for node in source.tree.body:
            for name in node.names if isinstance(node, ast.ImportFrom) else ():
                if owner := found.get(f"{node.module}.{name.name}"):
                    found[f"{source.module}.{name.asname or name.name}"] = owner
    return found


@dataclass
class _Reader(ast.NodeVisitor):
    source: Source
    known: Known
    found: list[Write] = field(default_factory=list)
    # model or variable → the app that owns it; a function's names stand on top of those around it
    scopes: list[dict[str, str]] = field(default_factory=lambda: [{}])

    def know_functions(self) -> None:
        """Those of this module that return rows, wherever in it they stand."""
        for node in self.source.tree.body:
            if isinstance(node, ast.FunctionDef):
                self._bind(node.name, self.known.functions.get(f"{self.source.module}.{node.name}", ""))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for name in node.names:
            if "models" in f"{node.module}.{name.name}".split("."):
                self._bind(name.asname or name.name, owner_of(str(node.module)))
            elif owner := self.known.functions.get(f"{node.module}.{name.name}"):
                self._bind(name.asname or name.name, owner)

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            if name.asname and "models" in name.name.split("."):
                self._bind(name.asname, owner_of(name.name))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if "models" in self.source.module.split("."):
            self._bind(node.name, owner_of(self.source.module))
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = node.args
        self.scopes.append({})
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            self._bind(argument.arg, self.annotated(argument.annotation))
        self.generic_visit(node)
        self.scopes.pop()

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            # get_or_create and its like return the row first
            one = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
            if isinstance(one, ast.Name):
                self._bind(one.id, self._owner(node.value))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self._bind(node.target.id, self.annotated(node.annotation))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.generic_visit(node)
        self._bind(node.target.id, self._owner(node.value))

    def visit_For(self, node: ast.For) -> None:
        if isinstance(node.target, ast.Name):
            self._bind(node.target.id, self._owner(node.iter))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        if isinstance(function, ast.Name) and function.id == "copy_rows" and node.args:
            self._note_table(node, _text(node.args[0]), "copy_rows")
        elif isinstance(function, ast.Name) and function.id in _ROWS and node.args:
            self.found.append(Write(node.lineno, self._owner(node.args[0]), function.id))
        elif isinstance(function, ast.Attribute) and function.attr in _NAMES and self._changes_rows(node, function):
            self.found.append(Write(node.lineno, self._owner(function.value), function.attr))
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        # a document, or a note between lines
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._read_sql(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._read_sql(node)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def _read_sql(self, node: ast.expr) -> None:
        for match in _SQL.finditer(_text(node)):
            table = next(name for name in match.groups() if name)
            self._note_table(node, table.split("(")[0] or table, "SQL")

    def _note_table(self, node: ast.expr, table: str, call: str) -> None:
        """A table that only the running program names is nobody's; one of PostgreSQL's or Django's is no matter."""
        name = table.strip('",;').rpartition(".")[2].strip('"')
        if "{" in table:
            model = re.search(r"\{(\w+)\._meta\.db_table\}", table)
            self.found.append(Write(node.lineno, self._named(model[1]) if model else "", call))
        elif name in self.known.tables:
            self.found.append(Write(node.lineno, self.known.tables[name], call))

    def _changes_rows(self, node: ast.Call, function: ast.Attribute) -> bool:
        receiver = function.value
        if isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Name) and receiver.func.id == "super":
            return False
        if function.attr not in _SHARED:
            return True
        if self._owner(receiver):
            return not node.args
        last = receiver.attr if isinstance(receiver, ast.Attribute) else getattr(receiver, "id", "")
        return not node.args and last.rpartition("_")[2] not in _NO_ROWS

    def _owner(self, node: ast.expr) -> str:
        """The app whose rows an expression stands for: a model, its manager, a query on it, a row of it."""
        while True:
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Name) and node.func.id == "QuerySet" and node.args:
                    return self._owner(node.args[0])
                node = node.func
            elif isinstance(node, ast.Attribute):
                apps = self.known.relations.get(node.attr, frozenset())
                if len(apps) == 1 and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                    return next(iter(apps))
                node = node.value
            elif isinstance(node, ast.Subscript | ast.Await | ast.Starred):
                node = node.value
            elif isinstance(node, ast.BoolOp):
                node = node.values[0]
            elif isinstance(node, ast.BinOp):
                node = node.left
            else:
                return self._named(node.id) if isinstance(node, ast.Name) else ""

    def annotated(self, node: ast.expr | None) -> str:
        """``Manuscript``, ``Manuscript | None``, ``Sequence[Manuscript]``"""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node = ast.parse(node.value, mode="eval").body
        names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)] if node else []
        return next((owner for name in names if (owner := self._named(name))), "")

    def _bind(self, name: str, owner: str) -> None:
        self.scopes[-1][name] = owner

    def _named(self, name: str) -> str:
        return next((scope[name] for scope in reversed(self.scopes) if name in scope), "")


def _text(node: ast.expr) -> str:
    """A string as it is written, with ``{…}`` where the running program puts something."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value)
            if isinstance(part, ast.Constant)
            else "{" + (ast.unparse(part.value) if isinstance(part, ast.FormattedValue) else "") + "}"
            for part in node.values
        )
    return "{" + ast.unparse(node) + "}"
