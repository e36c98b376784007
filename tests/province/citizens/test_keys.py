"""Key versions of personal data: listed, rotated under way and after a kill, dropped."""

import json
from functools import partial
from multiprocessing import Pipe
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

from config.cli import app
from config.cli.keys import add
from foundation.crypto import rotation
from foundation.crypto.models import PersonalKey
from foundation.crypto.rotation import encrypted_columns, key_versions
from foundation.crypto.versions import key_faults
from foundation.embedded_services.secrets import load_secrets, make_secrets
from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.sealing.models import DataKey
from province.audit.models import AuditEntry
from province.citizens.models import Citizen
from province.people.operations.personal_keys import drop_key, rotate_keys
from province.rights.queries import system_actor
from tests.conftest import person
from tests.factories.citizens import make_citizen, make_proved, number_of, phone_of
from tests.forked import running
from tests.races import at_once

ONE = "1:dGVzdHMtb25seS1rZXktMQ=="
TWO = "2:dGVzdHMtb25seS1rZXktMg=="
BOTH = f"{ONE},{TWO}"


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "_BATCH", 7)


def versions() -> dict[int, int]:
    found: dict[int, int] = {}
    for column in encrypted_columns():
        if column.model is Citizen:
            for version, count in column.values_by_version().items():
                found[version] = found.get(version, 0) + count
    return found


def keys_of_halls() -> int:
    """The keys under which halls' values are sealed, each of which is encrypted, too."""
    return DataKey.objects.count()


def all_can_be_read(count: int) -> bool:
    citizens = Citizen.objects.order_by("created_at", "pk")
    read = {(one.phone.plain, one.name.plain, one.number.plain) for one in citizens}
    return {(phone_of(serial), "张小三", number_of(serial)) for serial in range(1, count + 1)} <= read


class TestEncryptedColumns:
    def test_are_found_by_the_class_of_the_field(self) -> None:
        found = {f"{one.model._meta.label}.{one.field.name}" for one in encrypted_columns()}
        assert {"citizens.Citizen.phone", "citizens.Citizen.name", "citizens.Citizen.number"} <= found


@pytest.mark.django_db
@pytest.mark.usefixtures("few_at_once")
class TestRotateKeys:
    def test_moves_every_value_to_the_newest_version(self, settings: pytest.FixtureRequest) -> None:
        for serial in range(1, 21):
            make_proved(serial)
        settings.PERSONAL_KEYS = BOTH  # type: ignore[attr-defined]
        told: list[int] = []
        done = rotate_keys(by=system_actor(), report=lambda now: told.append(now.done))
        whole = 60 + keys_of_halls()
        assert (done.version, done.done, done.total, done.faults) == (2, whole, whole, [])
        assert told == sorted(told)
        assert len(told) == 10
        assert versions() == {2: 60}
        assert all_can_be_read(20)
        assert AuditEntry.objects.get(act="people.rotate_keys").changes == {"values": [0, whole]}

    def test_finds_people_afterwards_as_before(self, settings: pytest.FixtureRequest) -> None:
        citizen = make_proved()
        settings.PERSONAL_KEYS = BOTH  # type: ignore[attr-defined]
        rotate_keys(by=system_actor())
        assert Citizen.objects.get(number_index__of=number_of()) == citizen

    def test_has_nothing_to_do_the_second_time(self, settings: pytest.FixtureRequest) -> None:
        make_proved()
        settings.PERSONAL_KEYS = BOTH  # type: ignore[attr-defined]
        rotate_keys(by=system_actor())
        assert rotate_keys(by=system_actor()).total == 0
        assert AuditEntry.objects.filter(act="people.rotate_keys").count() == 1

    def test_leaves_and_names_what_cannot_be_read(self, settings: pytest.FixtureRequest) -> None:
        one, other = make_citizen(1), make_citizen(2)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE citizens_citizen SET name = (SELECT name FROM citizens_citizen WHERE id = %s) WHERE id = %s",
                [one.pk, other.pk],
            )
        settings.PERSONAL_KEYS = BOTH  # type: ignore[attr-defined]
        done = rotate_keys(by=system_actor())
        assert done.faults == [f"群众账号·姓名 {other.pk}"]
        assert versions() == {1: 1, 2: 3}

    def test_is_for_who_manages_keys(self) -> None:
        for who in ("sun", "wu"):
            with pytest.raises(NotAllowed):
                rotate_keys(by=person(who))
            with pytest.raises(NotAllowed):
                drop_key(by=person(who), version=1)


@pytest.mark.django_db
class TestDropKey:
    def test_is_refused_while_anything_needs_the_version(self, settings: pytest.FixtureRequest) -> None:
        make_citizen()
        settings.PERSONAL_KEYS = BOTH  # type: ignore[attr-defined]
        with pytest.raises(Conflict, match=f"还有 {2 + keys_of_halls()} 项"):
            drop_key(by=system_actor(), version=1)
        rotate_keys(by=system_actor())
        drop_key(by=system_actor(), version=1)
        drop_key(by=system_actor(), version=1)
        assert AuditEntry.objects.filter(act="people.drop_key").count() == 1
        settings.PERSONAL_KEYS = TWO  # type: ignore[attr-defined]
        assert key_faults() == []
        assert [one["is_dropped"] for one in key_versions()] == [True, False]

    def test_is_refused_for_the_one_in_use_and_for_one_that_nobody_knows(self) -> None:
        with pytest.raises(Conflict, match="最新"):
            drop_key(by=system_actor(), version=1)
        for version in (0, 9):
            with pytest.raises(Invalid):
                drop_key(by=system_actor(), version=version)


@pytest.mark.django_db
class TestKeyFaults:
    def test_names_a_version_that_was_taken_away(self, settings: pytest.FixtureRequest) -> None:
        make_citizen()
        assert key_faults() == []
        settings.PERSONAL_KEYS = TWO  # type: ignore[attr-defined]
        assert key_faults() == ["缺少 PERSONAL_KEYS 的第 1 版，数据库里还有用它加密的资料"]

    def test_names_a_key_that_is_another(self, settings: pytest.FixtureRequest) -> None:
        make_citizen()
        settings.PERSONAL_INDEX_KEY = "YW5vdGhlci1pbmRleC1rZXktb2YtMzItYnl0ZXMtLi4="  # type: ignore[attr-defined]
        assert key_faults() == ["PERSONAL_INDEX_KEY 不是当初加密用的那一个"]

    def test_names_the_variable_that_is_not_set(self, settings: pytest.FixtureRequest) -> None:
        settings.PERSONAL_KEYS = ""  # type: ignore[attr-defined]
        assert "PERSONAL_KEYS：没有设置" in key_faults()[0]


_ROTATE = """
import time
from foundation.crypto import rotation
[telling] = given
rotation._BATCH = 5
rotation.rotate_keys(report=lambda now: (telling.send(now.done), time.sleep(0.05)))
"""


@pytest.mark.usefixtures("fresh_database", "few_at_once")
class TestRotationUnderWay:
    def test_loses_nothing_that_is_written_meanwhile(self, settings: pytest.FixtureRequest) -> None:
        citizens = [make_proved(serial) for serial in range(1, 41)]
        settings.PERSONAL_KEYS = BOTH  # type: ignore[attr-defined]

        def write_names() -> None:
            for citizen in citizens:
                held = Citizen.objects.get(pk=citizen.pk)
                held.name = f"新名{held.phone.plain[-2:]}"
                held.save()

        _, done, again = at_once(
            write_names, partial(rotate_keys, by=system_actor()), partial(rotate_keys, by=system_actor())
        )
        assert done.faults == again.faults == []
        for serial, citizen in enumerate(citizens, start=1):
            found = Citizen.objects.get(pk=citizen.pk)
            assert (found.name.plain, found.phone.plain) == (f"新名{serial:02d}", phone_of(serial))
        assert set(versions()) == {2}

    def test_goes_on_where_it_was_killed(self, settings: pytest.FixtureRequest) -> None:
        for serial in range(1, 121):
            make_proved(serial)
        for kill_after in (5, 60, 200):
            told, telling = Pipe(duplex=False)
            with told, running(_ROTATE, telling, PERSONAL_KEYS=BOTH):
                telling.close()
                while told.recv() < kill_after:
                    pass
            left = versions()
            assert sum(left.values()) == 360
            settings.PERSONAL_KEYS = BOTH  # type: ignore[attr-defined]
            assert all_can_be_read(120)
        assert left[1] < 360
        done = rotate_keys(by=system_actor())
        assert done.done == left.get(1, 0)
        assert versions() == {2: 360}
        assert all_can_be_read(120)


@pytest.mark.usefixtures("fresh_database")
class TestCommands:
    def run(self, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["keys", *arguments])
        return result.exit_code, result.output

    def test_list_shows_versions_and_no_key(self) -> None:
        make_proved()
        code, out = self.run("list", "--json")
        assert code == 0
        assert json.loads(out)[0] == {
            "version": 1,
            "is_current": True,
            "is_here": True,
            "is_dropped": False,
            "values": 3 + keys_of_halls(),
        }
        assert ONE.partition(":")[2] not in out

    def test_add_says_what_to_add_where_the_variable_is_set(self) -> None:
        code, out = self.run("add", "--json")
        assert code == 0
        assert json.loads(out)["piece"].startswith("2:")

    def test_keep_the_keys_of_the_embedded_mode_in_var(
        self, tmp_path: Path, settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Added, found by a process that began before, rotated, dropped."""
        monkeypatch.delenv("PERSONAL_KEYS")
        kept = make_secrets(tmp_path)
        settings.VAR, settings.PERSONAL_KEYS = tmp_path, kept.personal_keys  # type: ignore[attr-defined]
        # nothing was encrypted yet, by the tests' own key
        DataKey.objects.all().delete()
        PersonalKey.objects.all().delete()
        make_proved()
        assert self.run("add")[0] == 0
        assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
        added = load_secrets(tmp_path)
        assert added
        assert added.personal_keys.startswith(f"{kept.personal_keys},2:")
        assert added.secret_key == kept.secret_key
        settings.PERSONAL_KEYS = added.personal_keys  # type: ignore[attr-defined]
        assert self.run("drop", "1")[0] == 1
        assert self.run("rotate")[0] == 0
        settings.PERSONAL_KEYS = kept.personal_keys  # type: ignore[attr-defined]
        assert Citizen.objects.get().phone.plain == phone_of()
        settings.PERSONAL_KEYS = added.personal_keys  # type: ignore[attr-defined]
        assert self.run("drop", "1")[0] == 0
        left = load_secrets(tmp_path)
        assert left
        assert left.personal_keys == added.personal_keys.partition(",")[2]
        assert PersonalKey.objects.get(version=1).dropped_at

    def test_add_by_two_at_once_adds_two(
        self, tmp_path: Path, settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("PERSONAL_KEYS")
        settings.VAR, settings.PERSONAL_KEYS = tmp_path, make_secrets(tmp_path).personal_keys  # type: ignore[attr-defined]
        at_once(partial(add, json=True), partial(add, json=True))
        kept = load_secrets(tmp_path)
        assert kept
        assert [piece.partition(":")[0] for piece in kept.personal_keys.split(",")] == ["1", "2", "3"]
