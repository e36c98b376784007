"""Readers of a hall's home page while eight editors send what is built to take long: beside readers left alone, and
beside eight editors who send as much of an honest text. All in one run."""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from django.conf import settings

from benchmarks.measuring import line
from benchmarks.site import Site, load, read_pages, web_server
from benchmarks.world import Profile, build
from foundation.html.cleaning import LONGEST_BODY
from province.halls.models import Hall, HallKind
from province.people.models import Account, Position
from province.people.queries.roles import default_reach
from province.rights.permissions import PERMISSIONS
from province.rights.queries import system_actor
from province.rights.roles import Role
from province.sign_in.operations.tokens import issue_token

_EDITORS = 8
# each of them every two seconds, whatever became of the one before
_A_MINUTE = 30
_PER_SECOND = 100
_MOST_TIMES = 2
# one for each way of costing much
_ATTACKS: dict[str, Callable[[], str]] = {
    "begun tags (27 KB)": lambda: "<a " * 9_000,
    "bold in bold (400 KB)": lambda: "<b>" * (LONGEST_BODY // 3),
    "settings hidden from the count (400 KB)": lambda: (
        "".join(f"<b a{n}><marquee></b></marquee>" for n in range(LONGEST_BODY // 2 // 32))
        + "<p>x" * (LONGEST_BODY // 8)
    ),
}


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    hall = Hall.objects.filter(kind=HallKind.COUNTY).order_by("number")[0]
    keys = [_key(number) for number in range(_EDITORS)]
    seconds = 30 if profile.is_full else 8
    found = []
    with web_server() as port:
        site = Site(hall, hall.get_primary_domain().domain, port)
        read_pages(site)
        load(site, site.head(), 1)
        alone = load(site, site.head(), seconds, rate=_PER_SECOND)
        honest = "<p>让群众少跑腿，把事情一次办好。</p>" * 1_000
        with _sending(port, keys, honest) as taken:
            beside_honest = load(site, site.head(), seconds, rate=_PER_SECOND)
        for what, make in _ATTACKS.items():
            with _sending(port, keys, make()) as answers:
                attacked = load(site, site.head(), seconds, rate=_PER_SECOND)
            # nothing is left of tags that were only begun: that is taken, as an empty body
            is_answered = set(answers) <= {201, 422, 503} and taken[201] > 0
            is_right = is_answered and set(attacked["statuses"]) == {"200"}
            found.append(
                line(
                    f"readers' p95 while eight editors send {what}, for 1 of readers beside eight honest editors",
                    measured=round(attacked["p95_ms"] / beside_honest["p95_ms"], 2),
                    bound=f"< {_MOST_TIMES}",
                    holds=is_right and attacked["p95_ms"] < _MOST_TIMES * beside_honest["p95_ms"],
                    readers_alone_ms=alone["p95_ms"],
                    beside_honest_editors_ms=beside_honest["p95_ms"],
                    attacked_ms=attacked["p95_ms"],
                    honest_answers=dict(taken),
                    answers=dict(answers),
                )
            )
    return found


def _key(number: int) -> str:
    """An editor of the province's, and the key of a program of theirs."""
    account = Account(username=f"attacker{number}", name="评测")
    account.set_password(secrets.token_urlsafe())
    account.save()
    role = Role.PROVINCE_OPERATOR
    Position.objects.create(account=account, role=role, reach_prefix="", reach=default_reach(role, None))
    return issue_token(by=system_actor("评测"), account=account, name="评测", scopes=list(PERMISSIONS))


@contextmanager
def _sending(port: int, keys: list[str], body: str) -> Iterator[Counter[int]]:
    """Every key's owner sends the body over and over. Yields what was answered."""
    answers: Counter[int] = Counter()
    is_over = threading.Event()

    def send(key: str) -> None:
        headers = {"Host": settings.BASE_DOMAIN, "Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=120) as client:
            draft = {"desk_prefix": settings.PROVINCE_CODE, "title": "评测", "body": body}
            # not all at one moment
            due = time.monotonic() + keys.index(key) * 60 / _A_MINUTE / _EDITORS
            time.sleep(max(0, due - time.monotonic()))
            while not is_over.is_set():
                answer = client.post("/api/province/v1/content/manuscripts", json=draft)
                answers[answer.status_code] += 1
                due = max(due + 60 / _A_MINUTE, time.monotonic())
                time.sleep(max(0, due - time.monotonic()))

    threads = [threading.Thread(target=send, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    # all of them have begun
    time.sleep(1)
    try:
        yield answers
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
