"""What is exported can be checked elsewhere, and whatever was done to the file is found."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from typer.testing import CliRunner, Result

from config.cli import app
from foundation.errors import Invalid
from province.audit.models import AuditEntry
from province.audit.operations import seal_chains
from province.audit.queries.files import FileReport, verify_file
from province.audit.queries.keys import audit_keys
from province.console.operations.audit import export_chain
from province.halls.models import Hall
from province.rights.queries import system_actor
from tests.factories.audit import leave_entries, link_all

pytestmark = pytest.mark.django_db
NORTH = "420582000000"


def yizhan(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["audit", *(str(one) for one in arguments)])


@pytest.fixture
def sealed(north: Hall, south: Hall) -> None:
    """Two halls and the province, sealed; then some that are not, and one that waits."""
    for hall in (north, south, None):
        leave_entries(4, hall=hall)
    link_all()
    seal_chains(every=timedelta())
    leave_entries(3, hall=north)
    link_all()
    leave_entries(1, hall=south)


@pytest.fixture
def exported(sealed: None, tmp_path: Path) -> Path:
    path = tmp_path / "audit.jsonl"
    export_chain(by=system_actor(), path=path)
    return path


def _faults(path: Path) -> list[str]:
    return [fault.fault for fault in verify_file(path).report.faults]


def _bend(path: Path, change: Callable[[list[str]], object]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    change(lines)
    path.write_text("".join(lines), encoding="utf-8")


def _sign_again(path: Path) -> None:
    """As somebody would who has a signing key, if not ours."""
    from foundation.crypto.sm2 import SigningKey
    from foundation.crypto.sm3 import sm3

    key = SigningKey.from_seed(b"another key that is not ours ...")
    lines = path.read_bytes().splitlines(keepends=True)
    header = json.loads(lines[0]) | {"public_key": key.public.hex()}
    lines[0] = json.dumps(header).encode() + b"\n"
    end = {"kind": "signature", "records": len(lines) - 2, "signature": key.sign(sm3(b"".join(lines[:-1]))).hex()}
    path.write_bytes(b"".join(lines[:-1]) + json.dumps(end).encode() + b"\n")


class TestExportChain:
    def test_writes_what_can_be_checked_without_a_database(self, exported: Path, django_db_blocker: object) -> None:
        with django_db_blocker.block():  # type: ignore[attr-defined]
            found = verify_file(exported)
        assert found.report.faults == []
        assert found.report.is_keyed
        assert (found.report.entries, found.report.chains, found.report.days, found.report.waiting) == (15, 3, 1, 1)

    def test_writes_one_hall_alone(self, sealed: None, north: Hall, south: Hall, tmp_path: Path) -> None:
        path = tmp_path / "north.jsonl"
        export_chain(by=system_actor(), path=path, hall_id=north.pk)
        found = verify_file(path)
        assert (found.report.faults, found.report.entries, found.name) == ([], 7, north.name)
        assert str(south.id) not in path.read_text(encoding="utf-8")

    def test_leaves_an_entry(self, exported: Path) -> None:
        assert AuditEntry.objects.filter(act="audit.export").count() == 1


class TestVerifyFile:
    @pytest.mark.parametrize("place", range(0, 26, 3))
    def test_finds_an_altered_byte_anywhere(self, exported: Path, place: int) -> None:
        rng = Random(place)  # noqa: S311 - repeatable
        content = bytearray(exported.read_bytes())
        at = rng.randrange(len(content))
        content[at] = ord("7") if content[at] != ord("7") else ord("8")
        exported.write_bytes(content)
        with suppress(Invalid):
            # in the header itself it may be no such file any more
            assert _faults(exported)

    def test_names_the_entry_as_well_as_the_file(self, exported: Path) -> None:
        entry = AuditEntry.objects.order_by("pk")[5]
        _bend(exported, lambda lines: lines.__setitem__(slice(None), [one.replace("第1人", "别人") for one in lines]))
        faults = verify_file(exported).report.faults
        assert "文件的签名不对" in faults[-1].fault
        assert str(entry.pk) in {fault.entry_id for fault in faults}

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (lambda lines: lines.pop(5), "签名不对"),
            (lambda lines: lines.pop(), "没有签名"),
            (lambda lines: lines.insert(5, lines[4]), "位置与别的记录重复"),
            (lambda lines: lines.insert(7, lines[6]), "末端记录出现两次"),
            (lambda lines: lines.insert(3, lines.pop(5)), "次序被调换"),
            (lambda lines: lines.insert(3, "no json\n"), "读不出来"),
            (lambda lines: lines.insert(3, "[1]\n"), "文件已损坏"),
            (lambda lines: lines.insert(3, '{"kind":"link"}\n'), "格式不对"),
            (lambda lines: lines.insert(3, '{"kind":"what"}\n'), "不认识"),
            (lambda lines: lines.append(lines[3]), "在签名之后"),
        ],
    )
    def test_finds_what_was_done_to_lines(
        self, exported: Path, change: Callable[[list[str]], object], says: str
    ) -> None:
        _bend(exported, change)
        assert says in " ".join(_faults(exported))

    def test_is_not_taken_in_by_another_signature(self, exported: Path) -> None:
        _bend(exported, lambda lines: lines.pop(5))
        _sign_again(exported)
        assert "文件的签名不对" in " ".join(_faults(exported))

    def test_checks_the_chain_where_the_key_is_not_known(self, exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        public_key = audit_keys().signing.public.hex()
        monkeypatch.setattr(settings, "AUDIT_KEY", "the key of quite another machine")
        found = verify_file(exported)
        assert (found.report.faults, found.report.is_keyed, found.is_key_known) == ([], False, False)
        named: FileReport = verify_file(exported, public_key=public_key)
        assert (named.report.faults, named.is_key_known) == ([], True)
        assert verify_file(exported, public_key="00" * 64).report.faults

    def test_refuses_what_is_no_such_file(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        for content in (b"", b"hello", b"{}\n", b'{"kind":"header","format":99}\n'):
            path.write_bytes(content)
            with pytest.raises(Invalid):
                verify_file(path)


class TestCommand:
    def test_says_that_all_is_well(self, sealed: None) -> None:
        result = yizhan("verify")
        assert (result.exit_code, "没有发现问题" in result.stdout) == (0, True)
        assert yizhan("verify", "--hall", NORTH).exit_code == 0

    def test_exports_and_checks_the_file(self, sealed: None, tmp_path: Path) -> None:
        path = tmp_path / "x.jsonl"
        exported = yizhan("export", path, "--json")
        assert exported.exit_code == 0
        assert json.loads(exported.stdout)["public_key"] == audit_keys().signing.public.hex()
        result = yizhan("verify", path)
        assert (result.exit_code, "没有发现问题" in result.stdout) == (0, True)

    def test_names_what_is_wrong_and_exits_with_1(self, exported: Path) -> None:
        _bend(exported, lambda lines: lines.__setitem__(4, lines[4].replace("群众反映", "无人反映")))
        result = yizhan("verify", exported)
        assert result.exit_code == 1
        assert "内容被改动" in result.stdout.replace("\n", "")
        report = json.loads(yizhan("verify", exported, "--json").stdout)
        assert report["faults"][0]["entry_id"] in exported.read_text(encoding="utf-8")
        assert {"position", "at", "what", "fault", "chain"} <= report["faults"][0].keys()

    def test_exits_with_2_for_wrong_usage(self, exported: Path, tmp_path: Path) -> None:
        assert yizhan("verify", tmp_path / "missing").exit_code == 2
        assert yizhan("verify", exported, "--hall", NORTH).exit_code == 2

    def test_refuses_an_unknown_hall(self, sealed: None) -> None:
        assert yizhan("verify", "--hall", "110000000000").exit_code == 1


class TestAuditKey:
    def test_follows_from_the_secret_key_where_none_is_set(self) -> None:
        assert settings.AUDIT_KEY == settings.SECRET_KEY

    def test_makes_other_keys_of_another_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before = audit_keys()
        monkeypatch.setattr(settings, "AUDIT_KEY", "another")
        assert audit_keys().id != before.id
        assert audit_keys().signing.public != before.signing.public
        assert len({before.entries, before.links, before.heads, before.seals, before.signing.private}) == 5
