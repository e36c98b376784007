"""A hundred people (a thousand in the long form) go through operations and pages, and what leaves the process is
searched for their numbers."""

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import ClassVar
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from province.citizens.models import Citizen, LocalMessage, PhoneCode
from province.citizens.operations.citizen_sign_in import sign_in_citizen
from province.citizens.operations.citizens import (
    check_at_desk,
    export_citizen,
    prove_identity,
    reveal_citizen,
)
from province.citizens.operations.phone_codes import send_code
from province.citizens.queries.citizens import actor_of_citizen, citizen_with_number, data_of
from province.halls.models import Hall
from province.people.models import Account
from tests.conftest import person
from tests.factories.citizens import number_of, phone_of
from tests.factories.sign_in import PROVINCE
from tests.personal import all_logs, declared, found_among, kept_values, name_of, one_of_each, what_is_left
from tests.servers import ROOT, answering
from tests.soak import SOAK

PEOPLE = 1_000 if SOAK else 100
# those of them who come by the pages
BY_PAGES = 40 if SOAK else 12
SEEDS = {maker(serial) for serial in range(1, PEOPLE + 1) for maker in (number_of, phone_of)}
SIGN_IN = PhoneCode.Purpose.SIGN_IN
NAMES = {name_of(serial) for serial in range(1, PEOPLE + 1)}
_RUN = re.compile(r"\d{11,}[Xx]?")
_NAME = re.compile(r"龘..靐")


def found_in(text: str) -> set[str]:
    """Which of the seeds stand in it, also within longer rows of digits."""
    found = set(_NAME.findall(text)) & NAMES
    for run in _RUN.findall(text):
        for width in (11, 18):
            found |= {run[at : at + width].upper() for at in range(len(run) - width + 1)} & SEEDS
    return found


class TestFoundIn:
    def test_finds_every_seed_wherever_it_stands(self) -> None:
        assert (len(SEEDS), len(NAMES)) == (2 * PEOPLE, PEOPLE)
        assert found_in(f"姓{name_of(7)}名") == {name_of(7)}
        assert found_among({name_of(7)}, json.dumps(name_of(7)) + quote("龘")) == {name_of(7)}
        assert found_among({name_of(7)}, f"/?q={quote(name_of(7))}") == {name_of(7)}
        for seed in SEEDS:
            assert found_in(f'"x{seed.lower()}y",0{seed}') == {seed}


@pytest.fixture
def log_lines() -> Iterator[list[str]]:
    with all_logs() as lines:
        yield lines


def code_sent_to(phone: str) -> str:
    sent = next(one for one in LocalMessage.objects.order_by("-created_at", "-pk")[:3] if one.phone.plain == phone)
    found = re.search(r"\d{6}", sent.text.plain)
    assert found
    return found[0]


def come_by_operations(hall: Hall, serial: int) -> None:
    phone, number = phone_of(serial), number_of(serial)
    send_code(phone=phone, purpose=SIGN_IN)
    citizen = sign_in_citizen(phone=phone, code=code_sent_to(phone), address="10.0.0.1")
    by = actor_of_citizen(citizen)
    citizen = prove_identity(by=by, citizen=citizen, name=name_of(serial), number=number)
    if serial % 10:
        return
    check_at_desk(by=person("hua"), hall_id=hall.pk, citizen=citizen, name=name_of(serial), number=number)
    assert (
        reveal_citizen(by=person("hua"), hall_id=hall.pk, citizen=citizen, field="number", reason="核对材料") == number
    )
    assert data_of(export_citizen(by=by, citizen=citizen))["账号"]["手机号"] == phone


def come_by_pages(client: Client, clerk: Client, serial: int, urls: list[str]) -> None:
    """Also what goes wrong on the way: a wrong code, a taken number, a search for nobody."""
    phone, number = phone_of(serial), number_of(serial)

    def post(sender: Client, path: str, **fields: str) -> str:
        answer = sender.post(path, fields)
        urls.append(f"{answer.wsgi_request.get_full_path()} {answer.headers.get('Location', '')}")
        assert answer.status_code < 500, answer.content[-500:]
        assert "no-store" in answer.headers["Cache-Control"]
        return answer.content.decode()

    gate = Client(HTTP_HOST=PROVINCE)
    asked = client.get(client.get("/me/")["Location"])["Location"]
    urls.append(asked)
    form = gate.get(asked)["Location"]
    post(gate, form, step="phone", phone=phone)
    post(gate, form, step="code", phone=phone, code="000000x")
    post(gate, form, step="code", phone=phone, code=code_sent_to(phone))
    back = gate.get(asked)["Location"]
    urls.append(back)
    assert client.get(back).status_code == 302
    post(client, "/me/proof/", name="不符", number=number)
    post(
        client,
        "/me/proof/",
        name=name_of(serial),
        number=number_of(serial - 1) if serial > PEOPLE - BY_PAGES + 1 else number,
    )
    post(client, "/me/proof/", name=name_of(serial), number=number)
    shown = client.get("/me/")
    urls.append(shown.wsgi_request.get_full_path())
    assert shown.status_code == 200
    assert found_in(shown.content.decode()) == set()
    assert found_in(post(client, "/me/export/", format="json")) == {phone, number, name_of(serial)}
    post(clerk, "/desk/citizens/", who=phone)
    post(clerk, "/desk/citizens/", who=number)
    found = citizen_with_number(number)
    assert found
    seen = clerk.get(f"/desk/citizens/{found.pk}/")
    assert seen.status_code == 200
    assert found_in(seen.content.decode()) == set()
    revealed = post(clerk, f"/desk/citizens/{found.pk}/reveal/", field="number", reason="核对材料")
    assert found_in(revealed) == {number}


@pytest.mark.usefixtures("fresh_database")
class TestAThousandPeople:
    @pytest.mark.soak
    def test_leave_no_number_outside_the_process(self, north: Hall, log_lines: list[str]) -> None:
        for serial in range(1, PEOPLE - BY_PAGES + 1):
            come_by_operations(north, serial)
        urls: list[str] = []
        clerk = Client(headers={"host": "north.yizhan.localhost"})
        clerk.force_login(Account.objects.get(username="hua"))
        for serial in range(PEOPLE - BY_PAGES + 1, PEOPLE + 1):
            client = Client(headers={"host": "north.yizhan.localhost"})
            client.get("/")
            come_by_pages(client, clerk, serial, urls)
            PhoneCode.objects.update(created_at=timezone.now() - timedelta(hours=2))
        assert Citizen.objects.filter(level__gte=Citizen.Level.NUMBER).count() == PEOPLE
        assert {one.number.plain for one in Citizen.objects.all()} == {s for s in SEEDS if len(s) == 18}
        # what is in the columns that are declared personal, whichever they are and whatever their form
        others = {value for value in kept_values() if not found_in(value)}
        left = [*what_is_left(), ("log", "\n".join(log_lines)), ("addresses", "\n".join(urls))]
        leaks = {where: found for where, text in left if (found := found_in(text) | found_among(others, text))}
        assert leaks == {}
        assert others, "the messages with codes"
        assert {"public.audit_auditentry", "broker", "kept pages", "sessions"} <= {where for where, _ in left}
        assert log_lines
        assert urls


class _Envelopes(BaseHTTPRequestHandler):
    """Takes what a program sends to Sentry."""

    bodies: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_packed = self.headers.get("Content-Encoding") == "gzip"
        self.bodies.append(gzip.decompress(body).decode() if is_packed else body.decode())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.fixture
def sentry() -> Iterator[str]:
    _Envelopes.bodies.clear()
    with answering(_Envelopes) as address:
        yield f"http://key@{address}/1"


# fails in as many ways as there are to carry a number out
_FAILING = """
import django, logging, sys
django.setup()
from config.logs import configure_logs
from config.sentry import watch_errors
configure_logs()
watch_errors()
import sentry_sdk, structlog
from tests.factories.citizens import number_of, phone_of
from tests.personal import one_of_each
log = structlog.get_logger("leaks")
structlog.contextvars.bind_contextvars(request_id="abc123", hall="hall_000001", account_id="someone")
for serial in range(1, int(sys.argv[1]) + 1):
    phone, number = phone_of(serial), number_of(serial)
    log.warning(f"no answer for {phone}", number=number, deep={"list": [phone, {number: phone}]}, whole=int(phone))
    logging.getLogger("plain").warning("%s has %s", number, phone)
    try:
        secret = {phone: number}
        raise ValueError(f"cannot read {number}", phone, secret)
    except ValueError:
        log.exception("failed", about=phone)
        if serial % 20 == 0:
            sentry_sdk.add_breadcrumb(message=f"looked up {phone}", data={"number": number})
            sentry_sdk.capture_exception()
            # its queue holds a hundred, and drops what comes after
            sentry_sdk.flush(60)
# every column that is declared personal, as programs hold it
for row, name in one_of_each():
    value = getattr(row, name)
    log.warning(f"of {row} {value}", row=row, value=value, deep=[value, {"row": row}])
    try:
        raise ValueError(f"cannot keep {row!r} {value!r}", row, value)
    except ValueError:
        log.exception("failed", about=value)
        sentry_sdk.add_breadcrumb(message=f"kept {value}", data={"row": row, "value": value})
        sentry_sdk.capture_exception()
        sentry_sdk.flush(60)
"""


@pytest.mark.usefixtures("fresh_database")
class TestErrorReports:
    def test_and_logs_carry_no_number_whatever_a_program_says(self, sentry: str) -> None:
        done = subprocess.run(
            [sys.executable, "-c", _FAILING, str(PEOPLE)],
            env=os.environ
            | {
                "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "SENTRY_DSN": sentry,
                "LOG_LEVEL": "DEBUG",
            },
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr.count("no answer for 138****") == PEOPLE
        assert found_in(done.stderr + done.stdout) == set()
        line = json.loads(next(line for line in done.stderr.splitlines() if "no answer" in line))
        assert (line["hall"], line["request_id"], line["account_id"]) == ("hall_000001", "abc123", "someone")
        assert "cannot read 420***********" in done.stderr
        reports = "\n".join(_Envelopes.bodies)
        assert reports.count("cannot read 420***********") >= 50
        assert '"request_id":"abc123"' in reports.replace(" ", "")
        assert found_in(reports) == set()
        kept = [getattr(row, name).plain for row, name in one_of_each()]
        assert reports.count("cannot keep") >= len(kept) == len(declared())
        assert found_among(kept, done.stderr + done.stdout + reports) == set()
