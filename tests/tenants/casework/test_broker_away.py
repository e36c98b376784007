"""The broker is away while cases are open: what it carries waits in rows, pages answer, and once it is back everything
is done, and done once."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from config.celery import app as celery_app
from foundation.embedded_services import valkey
from foundation.events.models import DueTime, Event, EventDelivery
from province.cases.events import LIST_EXPORT_EXPIRES
from province.cases.models import CaseReport, ListExport
from province.cases.states import CaseState, ListExportState
from province.citizens.models import LocalMessage, PhoneNotice
from province.citizens.operations.notices import FIRST_HOUR, LAST_HOUR
from province.halls.models import Hall
from province.messaging.models import Notice
from province.people.models import Account
from province.rights.queries import PERMISSIONS
from province.sign_in.operations.tokens import issue_token
from province.workdays.events import CLOCK_RAN_OUT
from province.workdays.states import ClockKind
from tenants.casework.models import Case
from tenants.documents.models import IssuedDocument
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import accepted, apply_online, give_all, let_pass, make_setup
from tests.factories.citizens import make_proved, phone_of
from tests.factories.sites import inside, make_columns
from tests.programs import Programs, running
from tests.servers import free_port, listens, wait_until
from tests.soak import SOAK

NORTH = "north.yizhan.localhost"
API = "/api/hall/v1/casework"
PASSWORD = "broker"
# what the scheduler gives out again and again, and the broker carries
TURNS = ("workdays.sweep_clocks", "citizens.send_notices", "cases.number_changes", "casework.resume_exports")
# seconds, on a machine that is busy with other tests
PATIENCE = 180


@dataclass
class Broker:
    """A Valkey of the test's own, which keeps what it was given; ``stop`` really ends it."""

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = valkey.command(self.folder, port=self.port, password=PASSWORD)
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: listens(self.port), what="the broker's start")

    def stop(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path / "valkey", free_port())
    made.start()
    yield made
    made.stop()


@contextmanager
def programs_with(broker: Broker, beats_at: Path) -> Iterator[Programs]:
    """Web, relay, worker and scheduler as a machine runs them."""
    others = {
        "worker": [sys.executable, "-m", "config.worker"],
        "beat": [sys.executable, "-m", "config.scheduler", str(beats_at)],
    }
    with running(others=others, BROKER_URL=broker.url) as programs:
        yield programs


@dataclass
class Desk:
    """Somebody's program at the north, asking the running web server."""

    client: httpx.Client

    def post(self, path: str, said: dict[str, Any] | None = None) -> Any:
        answer = self.client.post(f"{API}{path}", json=said or {})
        assert answer.status_code in {200, 202}, (path, answer.status_code, answer.text)
        return answer.json()


@contextmanager
def desk_of(programs: Programs, username: str) -> Iterator[Desk]:
    account = Account.objects.get(username=username)
    key = issue_token(by=person(username), account=account, name="tests", scopes=list(PERMISSIONS))
    with programs.browser(NORTH) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        yield Desk(client)


def give_out(broker: Broker, *tasks: str) -> None:
    with celery_app.connection_for_write(url=broker.url) as opened:
        for task in tasks:
            celery_app.send_task(task, connection=opened)


def waiting() -> int:
    return EventDelivery.objects.exclude(state=EventDelivery.State.DONE).count()


def is_written(export_id: str) -> bool:
    return ListExport.objects.get(pk=export_id).state == ListExportState.DONE


def make_cases(north: Hall, number: int) -> tuple[list[Case], Case]:
    """Those that wait to be accepted, each of another citizen, and one whose last day was yesterday."""
    make_columns(north)
    adoption = make_shown(north)
    north.refresh_from_db()
    with inside(north):
        setup = make_setup(north, adoption)
        cases = [give_all(north, apply_online(north, setup, make_proved(one))) for one in range(1, number + 1)]
        late = accepted(north, setup)
        let_pass(late, ClockKind.STATUTORY)
    return cases, late


def is_day() -> bool:
    """Phones are told by day alone."""
    return FIRST_HOUR <= timezone.localtime().time() < LAST_HOUR


@pytest.mark.usefixtures("fresh_database", "object_store")
class TestBrokerAway:
    def test_for_some_acts_loses_and_doubles_nothing(self, broker: Broker, tmp_path: Path) -> None:
        go_without(broker, tmp_path, cases=4, pause=0)

    @pytest.mark.soak
    @pytest.mark.skipif(not SOAK, reason="long: YIZHAN_SOAK=1")
    def test_for_ten_minutes_loses_and_doubles_nothing(self, broker: Broker, tmp_path: Path) -> None:
        go_without(broker, tmp_path, cases=60, pause=10)


def go_without(broker: Broker, folder: Path, *, cases: int, pause: float) -> None:
    """``pause``: seconds between two acts while the broker is away."""
    north = Hall.objects.get(slug="north")
    waits, late = make_cases(north, cases)
    with (
        programs_with(broker, folder / "beat") as programs,
        desk_of(programs, "cao") as cao,
        desk_of(programs, "tao") as tao,
    ):
        # with the broker: a list that will expire meanwhile
        first = cao.post("/list-exports", {"file_format": "csv"})["id"]
        wait_until(lambda: is_written(first), what="a list with the broker", seconds=PATIENCE)
        wait_until(lambda: waiting() == 0, what="what making them brought", seconds=PATIENCE)

        broker.stop()
        began = time.monotonic()
        ids = [cao.post("/list-exports")["id"], tao.post("/list-exports")["id"]]
        now = timezone.now()
        ListExport.objects.filter(pk=first).update(expires_at=now)
        DueTime.objects.filter(kind=LIST_EXPORT_EXPIRES.name, subject_id=first).update(due_at=now)
        for case in waits:
            assert cao.post(f"/cases/{case.pk}/accept")["state"] == CaseState.ACCEPTED
            for path in ("/", f"/services/{case.item_id}/", "/progress/"):
                assert cao.client.get(path).status_code == 200, path
            time.sleep(pause)
        # what needs no broker is done meanwhile: documents are made, what is due happens
        wait_until(lambda: waiting() == 0, what="events without the broker", seconds=PATIENCE)
        wait_until(lambda: ListExport.objects.get(pk=first).state == ListExportState.EXPIRED, what="the list's end")
        assert [ListExport.objects.get(pk=one).state for one in ids] == [ListExportState.WAITING] * 2
        away = time.monotonic() - began
        assert away >= cases * pause

        broker.start()
        # of turns that come at once when it is back, two of each; what is abandoned is so by now
        ListExport.objects.filter(pk__in=ids).update(progress_at=timezone.now() - timedelta(minutes=1))
        give_out(broker, *TURNS, *TURNS)
        wait_until(lambda: all(is_written(one) for one in ids), what="the lists", seconds=PATIENCE)
        wait_until(lambda: was_told(north, late), what="the clock's turn", seconds=PATIENCE)
        wait_until(lambda: not CaseReport.objects.filter(is_waiting=True).exists(), what="numbers", seconds=PATIENCE)
        if is_day():
            wait_until(
                lambda: not PhoneNotice.objects.filter(state=PhoneNotice.State.WAITING).exists(),
                what="messages to phones",
                seconds=PATIENCE,
            )
        wait_until(lambda: waiting() == 0, what="events after it came back", seconds=PATIENCE)
        assert {name: one.poll() for name, one in programs.processes.items()} == dict.fromkeys(programs.processes)
    is_whole(north, waits, late)
    connection.close()


def was_told(north: Hall, case: Case) -> bool:
    with inside(north):
        return Case.objects.get(pk=case.pk).was_late


def is_whole(north: Hall, cases: list[Case], late: Case) -> None:
    """Nothing is lost, and nothing doubled."""
    ids: list[UUID] = [one.pk for one in cases]
    with inside(north):
        assert set(Case.objects.filter(pk__in=ids).values_list("state", flat=True)) == {CaseState.ACCEPTED}
        for case in cases:
            assert case.acts.filter(act="accept").count() == 1
        issued = list(IssuedDocument.objects.filter(owner_id__in=ids))
        assert {one.owner_id for one in issued} == set(ids)
        assert len({(one.owner_id, one.kind) for one in issued}) == len(issued)
        assert all(one.is_made for one in issued)
    assert not EventDelivery.objects.filter(state=EventDelivery.State.DEAD).exists()
    ran_out = Event.objects.filter(kind=CLOCK_RAN_OUT.name, payload__owner_id=str(late.pk))
    assert ran_out.filter(payload__kind=ClockKind.STATUTORY).count() == 1
    told = Counter(Notice.objects.values_list("account_id", "kind", "path"))
    assert [one for one, number in told.items() if number > 1] == []
    # as many messages to a phone as it is to be told of, and no second of one
    notices = Counter(PhoneNotice.objects.values_list("subject_id", flat=True))
    assert notices.keys() >= set(ids)
    if is_day():
        sent = Counter(one.phone.plain for one in LocalMessage.objects.all())
        wanted = {phone_of(number): notices[pk] for number, pk in enumerate(ids, start=1)}
        assert {phone: sent[phone] for phone in wanted} == wanted
    positions = list(CaseReport.objects.filter(hall=north).values_list("position", flat=True))
    assert len(set(positions)) == len(positions)
