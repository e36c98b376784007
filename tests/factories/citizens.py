"""Citizens, made up: every number and phone has the form of a real one and belongs to nobody."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from stdnum.cn import ric, uscc

from province.citizens.models import Citizen, CitizenSignIn


def number_of(serial: int = 1, born_on: date = date(1990, 1, 1)) -> str:
    """The ``serial``-th of that birthday, in a division of the tests; after a thousand of them the next day's."""
    head = f"420582{born_on + timedelta(days=serial // 1_000):%Y%m%d}{serial % 1_000:03d}"
    return head + ric.calc_check_digit(f"{head}0")


def phone_of(serial: int = 1) -> str:
    """The ``serial``-th, below 100,000,000."""
    return f"138{serial:08d}"


def make_citizen(serial: int = 1, *, name: str = "张小三", **fields: object) -> Citizen:
    """Signed in by phone once; ``level``, ``number`` and others as given."""
    return Citizen.objects.create(**{"phone": phone_of(serial), "name": name, "level": Citizen.Level.PHONE} | fields)


def make_proved(serial: int = 1, *, born_on: date = date(1990, 1, 1), **fields: object) -> Citizen:
    """Name and number were proved online."""
    return make_citizen(serial, **{"number": number_of(serial, born_on), "level": Citizen.Level.NUMBER} | fields)


def make_sign_in(citizen: Citizen, *, minutes: int = 0, **fields: Any) -> CitizenSignIn:
    """Open, by a code to the phone; ``minutes``: since the citizen has proved who they are."""
    now = timezone.now()
    made = {"way": "code", "round": citizen.session_round, "last_seen_at": now, "address": "127.0.0.1"}
    return CitizenSignIn.objects.create(citizen=citizen, proved_at=now - timedelta(minutes=minutes), **made | fields)


def company_code(serial: int = 1) -> str:
    """A unified social credit code with right check digits, of no company."""
    head = f"91420582{serial:09d}"
    return head + uscc.calc_check_digit(f"{head}0")
