"""What docs/security.md says does not apply, since the program has none of it; where browsers keep anything; and the
rules of ruff that the document trusts."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache

import pytest

from tests.architecture.sources import FOLDERS, sources
from tests.servers import ROOT

# whatever would be used by code in Python, templates and scripts; in small letters, as the texts are then
ABSENT = {
    "LDAP, LaTeX, JNDI": r"\bldap|\bjndi\b|\b(?:pdf|xe)latex\b",
    "mail": r"smtplib|core\.mail|send_mail|email_host",
    "CORS": r"access-control-allow|corsheaders",
    "GraphQL": r"graphene|strawberry|graphql",
    "WebSocket": r"new websocket|import websockets|channels\.",
    "SAML": r"\bsaml",
    "WebRTC": r"rtcpeerconnection",
    "messages between windows": r"window\.(?:on|addeventlistener\(['\"])message|(?:parent|opener)\.postmessage",
    "secret questions": r"security_question|secret_question",
}
_ENDINGS = {".py", ".html", ".js", ".ts"}
# put together of constants under other names
WRITTEN = {
    "foundation.files.inspection.ole": "words of a constant",
    "foundation.html.tokens": "names of elements, which are constants",
}
_CALLS = {"compile", "match", "search", "fullmatch", "findall", "finditer", "sub", "split"}


@cache
def _files() -> dict[str, str]:
    """Path -> text, in small letters, of all that is written in Python, templates and scripts."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").lower()
        for folder in (*FOLDERS, "web/src")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in _ENDINGS and "node_modules" not in path.parts
    }


class TestWhatDoesNotApply:
    @pytest.mark.parametrize("what", ABSENT)
    def test_is_not_in_the_program(self, what: str) -> None:
        pattern = re.compile(ABSENT[what])
        assert ABSENT[what].islower()
        assert len(_files()) > 500
        assert [path for path, text in _files().items() if pattern.search(text)] == []

    def test_gives_no_token_to_be_renewed(self) -> None:
        """Of OpenID Connect: neither refresh tokens nor consent."""
        texts = "\n".join(one.path.read_text(encoding="utf-8") for one in sources() if one.room == "province.sign_in")
        assert "refresh_token=False" in texts
        assert re.findall(r"RefreshTokenGrant|refresh_token=True|consent", texts) == []


# what browsers are given to keep -> which files have them keep it
KEPT_BY_BROWSERS = {
    "platform/foundation/design/static/design/editor/editor.js": "drafts, until they are saved",
    "web/editor/drafts.js": "the source of that",
    "platform/province/designers/static/designers/form_designer/form_designer.js": "forms, until they are saved",
    "platform/province/designers/static/designers/flow_designer/flow_designer.js": "drawings, until they are saved",
    "web/designer/kept.js": "the source of these",
    "tenants/services/static/services/guide.js": "which materials of a guide are ticked",
    "tenants/shell/static/shell/site.js": "lists the articles that a phone has kept",
    "tenants/shell/static/shell/keys.js": "whether keys work; of one tab, where the rows of its last list lead",
    "tenants/shell/templates/shell/sw.js": "articles that were read, which are everybody's, and the frame around them",
}


class TestBrowsersStore:
    def test_is_used_where_the_document_says_so(self) -> None:
        store = re.compile(r"\b(?:localStorage|sessionStorage|indexedDB|caches\.open)\b")
        found = {
            str(path.relative_to(ROOT))
            for folder in (*FOLDERS, "web")
            for path in (ROOT / folder).rglob("*")
            if path.suffix in _ENDINGS and "node_modules" not in path.parts
            if store.search(path.read_text(encoding="utf-8"))
        }
        assert found == KEPT_BY_BROWSERS.keys()


class TestXPath:
    def test_is_written_in_the_program(self) -> None:
        """Values come in as parameters."""
        found = [
            node.args[0]
            for source in sources()
            for node in source.nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "xpath"
        ]
        assert found
        assert all(isinstance(one, ast.Constant) for one in found)


class TestRegularExpression:
    def test_is_written_in_the_program(self) -> None:
        """It is a constant, or put together of constants (names in capitals), or of texts that are escaped."""
        strays = [
            f"{source.module}:{node.lineno}"
            for source in sources()
            for node in source.nodes
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _CALLS
            and source.module not in WRITTEN
            and not _is_written(node.args[0])
        ]
        assert strays == []


def _is_written(node: ast.AST) -> bool:  # noqa: PLR0911 - one a kind of expression
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.isupper()
        case ast.JoinedStr(values=parts):
            return all(_is_written(part) for part in parts)
        case ast.FormattedValue(value=value):
            return _is_written(value)
        case ast.IfExp(body=left, orelse=right) | ast.BinOp(left=left, right=right):
            return _is_written(left) and _is_written(right)
        case ast.Call(func=ast.Attribute(attr="escape")) | ast.Call(args=[ast.Attribute(attr="escape"), _]):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[pieces]):
            return _is_written(pieces)
        case _:
            return False


# rule of ruff -> what breaks it
BROKEN = {
    "S301": "import pickle\n\npickle.loads(b'')\n",
    "S307": "eval(input())\n",
    "S311": "import random\n\nrandom.random()\n",
    "S602": "import subprocess\n\nsubprocess.run(input(), shell=True)\n",
    "S605": "import os\n\nos.system(input())\n",
    "S608": "def ask(cursor, name):\n    cursor.execute(f\"SELECT * FROM t WHERE name = '{name}'\")\n",
}


class TestRuffRule:
    @pytest.mark.parametrize("folder", ["platform/province/content", "tenants/portal", "config", "provisioning"])
    def test_that_the_document_trusts_is_on(self, folder: str) -> None:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "ruff", "check", "--output-format=concise"),
                *("--stdin-filename", f"{folder}/operations/made_up.py", "-"),
            ],
            input="\n\n".join(BROKEN.values()),
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert [rule for rule in BROKEN if f" {rule} " not in done.stdout] == [], (done.stdout, done.stderr)


class TestTools:
    def test_are_strict_and_every_library_has_one_version(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        assert project["tool"]["mypy"]["strict"] is True
        locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
        versions = {one["name"]: one.get("version") for one in locked}
        wanted = [re.split(r"[\[<>=~! ;]", one)[0].lower() for one in project["project"]["dependencies"]]
        assert len(wanted) > 20
        assert [one for one in wanted if not versions.get(one)] == []
        assert len(versions) == len(locked)

    def test_that_are_only_measured_beside_are_none_of_ours(self) -> None:
        text = (ROOT / "benchmarks" / "rivals" / "viewflow.txt").read_text(encoding="utf-8")
        wanted = text.replace("\\\n", "").splitlines()
        assert [one for one in wanted if not re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", one)] == []
        assert "django-viewflow==2.4.0" in text
        ours = [(ROOT / name).read_text(encoding="utf-8") for name in ("pyproject.toml", "uv.lock", "Containerfile")]
        assert [one for one in ours if "viewflow" in one or "wagtail" in one] == []
