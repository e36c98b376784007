"""What documents name is there: commands and options, targets of make, modules, files, addresses, words of code."""

import importlib
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, resolve
from typer.main import get_group

from config.cli import GROUPS, SINGLES
from province.catalogue.base_list.reading import read_base_list
from tests.isolation.routes import routes_of
from tests.strays import Strays

ROOT = Path(__file__).resolve().parents[2]
# decisions and the changelog tell of what was
PAGES = [
    *(page for page in sorted(ROOT.glob("*.md")) if page.name != "CHANGELOG.md"),
    *sorted((ROOT / "docs").glob("*.md")),
    *(page for folder in ("guides", "runbooks") for page in sorted((ROOT / "docs" / folder).glob("*.md"))),
    *sorted((ROOT / "terraform").rglob("*.md")),
]
_FENCED = re.compile(r"^ *```\w*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
# a name that nobody would write in plain English: two_words, TwoWords, CAPITALS
_WORD = re.compile(r"(?<![\w./%-])([A-Za-z]\w*_\w+|[A-Z]?[a-z0-9]+[A-Z]\w*|[A-Z]{4,})(?![\w/])")
# what stands for somebody's own
_EXAMPLE = re.compile(r"SMS_\d+|NAME|PUSH|FILE|CODE|MODE")
_SOURCES = {".py", ".yaml", ".toml", ".html", ".tf", ".hcl", ".tpl", ".json", ".css", ".js", ".csv", ""}
_PATH = re.compile(r"[\w.-]+(?:/[\w.*-]+)+/?|[\w-]+\.(?:py|yaml|toml|lock|html|css)")
# what stands below another folder than the page's and the project's
_BELOW = ("", "platform", "helm/yizhan", "platform/province/catalogue", "platform/standards/items/exchange")
# others' words, and examples: why nothing here has them
_OTHERS = {
    "bad_template": "a carrier's reason: a bridge may give any",
    "externalTrafficPolicy": "of an Ingress controller's Service",
    "StreamMaxLength": "a setting of clamd",
    "parentbased_traceidratio": "a sampler of OpenTelemetry",
    "SSL_CERT_FILE": "of OpenSSL",
    "pg_hba": "a file of PostgreSQL",
    "log_statement": "a setting of PostgreSQL",
    "pg_shdepend": "a table of PostgreSQL",
    "fee_project": "of the national exchange; columns are made of it letter by letter",
}
# what a page makes of two words, or somebody else's page says
_MADE_UP = {
    "打开推稿": "打开 and the object's kind",
    "微信登录": "the platform's name and 登录",
    "首页：仍列出这篇稿件": "a place and what was seen there",
    "您 代 群众": "who acts for whom",
    "签名有效、签名者未知": "of a reader of PDF",
    "第二段的补贴标准与文件不符，文件是每月 300 元，请核对后重报": "an example of a reason",
}
_MADE_BY_HAND = {"province.yaml": "the operator's", "kubernetes.io/basic-auth": "a type of Secret"}


def spans(page: Path) -> tuple[list[str], list[str]]:
    """Code within sentences, and lines of code that stand alone."""
    text = page.read_text(encoding="utf-8")
    fenced = [line for block in _FENCED.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    rest = _FENCED.sub("", text)
    indented = [line for line in rest.replace("\\\n", " ").splitlines() if line.startswith("    ")]
    return re.findall(r"`([^`]+)`", rest), [*fenced, *indented]


def _named_by(pattern: str) -> Iterator[tuple[str, str]]:
    """(page, what the pattern's group found in its code)."""
    for page in PAGES:
        for code in (one for kind in spans(page) for one in kind):
            for found in re.findall(pattern, code, re.DOTALL):
                yield str(page.relative_to(ROOT)), found


@cache
def _group(modules: tuple[str, ...]) -> Any:
    first, *_ = [importlib.import_module(name) for name in modules]
    return get_group(first.app)


def misnamed(words: list[str]) -> str:
    """What of a command line of ``yizhan`` the program does not know; "" where it knows all."""
    groups = {one.name: one for one in GROUPS}
    name, rest = words[0], words[1:]
    if name in groups:
        command = _group(groups[name].modules)
        while hasattr(command, "commands"):
            if not rest or rest[0].startswith("-"):
                return "" if not rest or rest[0] == "--help" else f"{name} {rest[0]}"
            if rest[0] not in command.commands:
                return f"{name} {rest[0]}"
            command, rest = command.commands[rest[0]], rest[1:]
    else:
        singles = {one.name: one for one in SINGLES}
        if name not in singles:
            return name
        command = _group((singles[name].module,)).commands[name]
    known = {"--json", "--help"} | {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    return " ".join(f"{name} {one}" for one in rest if one.startswith("--") and one.partition("=")[0] not in known)


def _command_lines() -> Iterator[tuple[str, list[str]]]:
    # at a line's beginning, or behind a variable, another command or `kubectl … --`; else it is another's argument
    for page, line in _named_by(r"(?:^|\n|[;&|(]|--) *(?:[A-Z_]+=\S+ +)*yizhan ([a-z][a-z-]*(?: .*)?)"):
        # a comment, a table's further commands, the end of a pipe
        one = re.split(r"\s#|\s\||&&|\s>|\n\n|→|；|;", line.split("\nyizhan ")[0])[0]
        try:
            words = shlex.split(one)
        except ValueError:
            words = one.split()
        if words and "…" not in words[0]:
            yield page, [word for word in words if word != "\\"]


def _files() -> list[str]:
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        pytest.skip("GIT IS NOT HERE, words of documents are not looked for")
    return told.stdout.splitlines()


@cache
def words_of_code() -> frozenset[str]:
    found: set[str] = set()
    for name in _files():
        path = ROOT / name
        if path.suffix in _SOURCES and not name.startswith(("docs/", "web/", "tests/architecture/test_named")):
            found.add(path.stem)
            try:
                found.update(re.findall(r"[A-Za-z_]\w*", path.read_text(encoding="utf-8")))
            except (UnicodeDecodeError, OSError):
                continue
    return frozenset(found)


class TestCommand:
    def test_of_a_document_is_one_of_the_program(self) -> None:
        lines = list(_command_lines())
        assert len(lines) > 80
        assert sorted({f"{page}: yizhan {found}" for page, words in lines if (found := misnamed(words))}) == []

    @pytest.mark.parametrize(
        ("line", "stray"),
        [
            ("halls provison --under 42", "halls provison"),
            ("halls provision --undr 42", "provision --undr"),
            ("docter", "docter"),
            ("halls keys rotte 42", "keys rotte"),
            ("halls keys rotate 42", ""),
            ("content push ID --to 42 --json", ""),
        ],
    )
    def test_that_is_misspelt_is_seen(self, line: str, stray: str) -> None:
        assert misnamed(line.split()).endswith(stray.rpartition(" ")[2])
        assert bool(misnamed(line.split())) == bool(stray)

    def test_of_make_is_a_target(self) -> None:
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
        named = set(_named_by(r"\bmake ([a-z]+(?:-[a-z]+)*)"))
        assert len(named) > 20
        assert sorted(one for one in named if one[1] not in targets) == []

    def test_of_python_is_a_module(self) -> None:
        named = set(_named_by(r"python -m ([\w.]+)"))
        assert len(named) > 3
        assert [
            one
            for one in sorted(named)
            if not any((ROOT / f"{one[1].replace('.', '/')}{end}").exists() for end in (".py", "/__main__.py"))
        ] == []

    def test_answers_in_json_unless_it_writes_a_file_or_goes_on(self) -> None:
        assert {name for name, one in _commands() if not any("--json" in option.opts for option in one.params)} == {
            *("catalogue export", "catalogue schema", "static"),
            *("backup follow", "relay", "run", "await"),
        }


def _commands() -> Iterator[tuple[str, Any]]:
    def below(name: str, one: Any) -> Iterator[tuple[str, Any]]:
        if not hasattr(one, "commands"):
            yield name, one
            return
        for further, command in one.commands.items():
            yield from below(f"{name} {further}", command)

    for group in GROUPS:
        yield from below(group.name, _group(group.modules))
    for single in SINGLES:
        yield single.name, _group((single.module,)).commands[single.name]


class TestNumber:
    def test_of_items_is_that_of_the_base_list(self) -> None:
        told = set(_numbers(r"(\d+) items of a county|载入一个县的 (\d+) 个事项", "README.md", "README.zh-CN.md"))
        assert told == {len(read_base_list())}

    def test_of_a_halls_tables_is_that_of_its_apps(self) -> None:
        tables = {
            kind: sum(
                len(list(config.get_models(include_auto_created=True)))
                for config in apps.get_app_configs()
                if config.name in names
            )
            for kind, names in settings.HALL_APPS.items()
        }
        assert set(_numbers(r"(?:village|hall) has (\d+) today", "docs/figures.md")) == set(tables.values())

    def test_that_is_measured_has_its_benchmark_and_every_benchmark_is_named(self) -> None:
        text = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
        named = text.partition("**Which benchmark turns red.**")[2].partition("\n\n")[0]
        measured = {path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py")}
        # what benchmarks stand on
        measured -= {"machine", "measuring", "world"}
        assert set(re.findall(r"`([a-z_]+)`", named)) == measured

    def test_of_queries_is_the_bound_of_the_test_beside_it(self) -> None:
        text = " ".join((ROOT / "docs" / "figures.md").read_text(encoding="utf-8").split())
        for said, number, test in (
            ("is made anew asks at most six", 6, "tenants/shell/test_site_cache.py"),
            ("own home page asks four", 4, "province/front/test_pages.py"),
            ("asks every app, asks at most ten", 10, "tenants/services/test_site_search.py"),
        ):
            assert said in text
            assert f"`tests/{test}`" in text
            assert f"\nMOST_QUERIES = {number}\n" in (ROOT / "tests" / test).read_text(encoding="utf-8")


def _numbers(pattern: str, *pages: str) -> list[int]:
    text = "".join((ROOT / page).read_text(encoding="utf-8") for page in pages)
    found = [int("".join(one)) for one in re.findall(pattern, text)]
    assert len(found) >= len(pages)
    return found


class TestGuide:
    def test_quotes_only_words_of_the_pages(self) -> None:
        """Parts of a list and of what is left out by …… stand for themselves."""
        folders = ("platform", "tenants", "provisioning", "config")
        files = [one for name in folders for kind in ("*.html", "*.py", "*.yaml") for one in (ROOT / name).rglob(kind)]
        # what islands say
        files += (ROOT / "web").glob("*/*.js*")
        pages = "\n".join(one.read_text(encoding="utf-8") for one in files)
        quoted = {
            (guide.name, words)
            for guide in (ROOT / "docs" / "guides").glob("*.md")
            for words in re.findall("“([^”]+)”", guide.read_text(encoding="utf-8"))
        }
        assert len(quoted) > 400
        assert [
            (guide, words)
            for guide, words in sorted(quoted)
            if words not in pages
            and words not in _MADE_UP
            and not all(one in pages for one in re.split("、|……", words))
        ] == []


class TestFile:
    def test_that_is_named_is_there(self) -> None:
        files = {Path(name).name for name in _files()}
        strays = [
            f"{page.relative_to(ROOT)}: {one}"
            for page in PAGES
            for one in spans(page)[0]
            if _PATH.fullmatch(one) and not self._is_there(page, one.rstrip("/"), files)
        ]
        assert sorted(set(strays)) == []

    def _is_there(self, page: Path, name: str, files: set[str]) -> bool:
        # of a running machine, placeholders, networks, addresses without their slashes
        if name in _MADE_BY_HAND or name.startswith("var/") or "NAME" in name or re.match(r"\d+\.\d+", name):
            return True
        if "/" not in name:
            return name in files
        if any(list(base.glob(name)) for base in (page.parent, *(ROOT / one for one in _BELOW))):
            return True
        return _is_answered(f"/{name}/") or _is_answered(f"/api/province/v1/{name}")


def _is_answered(address: str) -> bool:
    """Of an API its beginning is enough."""
    for urlconf in (settings.ROOT_URLCONF, *settings.HALL_URLCONFS.values()):
        with suppress(Resolver404):
            resolve(address, urlconf=urlconf)
            return True
    return any(route.is_api and route.template.startswith(address) for route in routes_of("province"))


class TestAddress:
    def test_that_is_named_is_answered(self) -> None:
        named = set(_named_by(r"^(?:GET |POST |PUT |PATCH |DELETE )?(/[a-z.\w/{}-]*)$"))
        ours = {one for one in named if not one[1].startswith(("/dev/", "/root", "/var/", "/run/", "/mnt/"))}
        assert len(ours) > 15
        assert sorted(one for one in ours if not _is_answered(one[1])) == []


class TestWord:
    def test_of_code_is_in_the_code(self) -> None:
        with Strays(least=300) as strays:
            for page in PAGES:
                for code in spans(page)[0]:
                    for word in _WORD.findall(code):
                        bare = word.removesuffix("_FILE")
                        if {word, bare} & _OTHERS.keys() or "…" in code or _EXAMPLE.fullmatch(bare):
                            continue
                        with strays.of(f"{page.relative_to(ROOT)}: {word}"):
                            assert bare in words_of_code()

    def test_that_nobody_wrote_is_missed(self) -> None:
        assert _WORD.findall("`Scope_Generaton` and ScopeGeneratoin, PLAIN_WORD, plain") == [
            "Scope_Generaton", "ScopeGeneratoin", "PLAIN_WORD",
        ]  # fmt: skip
        assert "ScopeGeneration" in words_of_code()
        assert "ScopeGeneratoin" not in words_of_code()
