"""Send what goes outside, a row a message: claim it, send it, note what came of it, try later, give up.

A row is claimed in a transaction of its own before it is sent, and noted afterwards. A worker that is killed in between
leaves a claim that ends by itself; the next attempt bears the same id, by which the other side knows it. So
``attempts`` = 0 means for certain that nothing was ever sent.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus

import structlog
from django.db import connection, models, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from foundation.rows import PublicRow
from foundation.safe_http import LARGEST_ANSWER, Answer, Forbidden, Unreachable, request

ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=1)
# longer than a request may take (foundation.safe_http) with everything around it
CLAIM_LASTS = timedelta(seconds=45)
# seconds; well below YIZHAN_TASK_RETURN_SECONDS, after which the broker gives a task out again
LONGEST_RUN = 120
LONGEST_ERROR = 500

log = structlog.get_logger(__name__)


class Failed(Exception):
    """It did not happen this time. ``retry_after``: how long the other side asks to be left alone."""

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


class Refused(Exception):
    """It will never happen so. ``is_gone``: the recipient is there no more."""

    def __init__(self, message: str, *, is_gone: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.is_gone = is_gone


class Deferred(Exception):
    """Nothing is wrong: the other side wants time (its own review, its quota of the day). Costs no try."""

    def __init__(self, message: str, *, wait: timedelta) -> None:
        super().__init__(message)
        self.message = message
        self.wait = wait


class ClaimLost(Exception):
    """This worker was away for so long that another one has the row by now."""


class Outgoing(PublicRow):
    """One message to the outside; ``id`` is what the other side knows it by, at every attempt.

    An app that has further states declares ``state`` anew with them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        DONE = "done", "已送达"
        DEAD = "dead", "已放弃"

    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    # while a worker sends it; a killed worker's claim ends by itself
    claimed_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=LONGEST_ERROR, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def send_all(send_one: Callable[[], bool], *, threads: int, for_seconds: float = LONGEST_RUN) -> int:
    """Send what waits, several at a time, until nothing may go now or the time is over; returns how many were tried.

    ``send_one`` claims one row and sends it (``send_next``); False where none may go now.
    """
    until = time.monotonic() + for_seconds

    def send_some(_: int) -> int:
        try:
            tried = 0
            while time.monotonic() < until and send_one():
                tried += 1
            return tried
        finally:
            # a thread's connection is its own, and ends with it
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(send_some, range(threads)))


def send_next[M: Outgoing](rows: QuerySet[M], send: Callable[[M], Mapping[str, str]], *, first_wait: timedelta) -> bool:
    """Claim the first of the rows that may go now, send it, note what came of it; False where none may go.

    ``rows`` has the app's own conditions, order and related rows. ``send`` returns what is to be kept beside "done" (or
    an end of the app's own in its place), and raises Failed where another attempt may help, Refused where none will,
    Deferred where it is only too early.
    """
    row = _claim_next(rows)
    if row is None:
        return False
    try:
        facts = send(row)
    except Failed as failure:
        _note_failure(row, failure, first_wait)
    except Refused as refusal:
        _give_up(row, refusal.message)
    except Deferred as deferral:
        _note_deferral(row, deferral)
    except ClaimLost:
        log.warning("sending_claim_lost", kind=row._meta.label, id=str(row.pk))
    except Exception:
        log.exception("sending_broke", kind=row._meta.label, id=str(row.pk))
        _note_failure(row, Failed("发送时出现意外错误。"), first_wait)
    else:
        _note_sent(row, facts)
    return True


@transaction.atomic
def _claim_next[M: Outgoing](rows: QuerySet[M]) -> M | None:
    is_free = Q(claimed_until=None) | Q(claimed_until__lt=Now())
    ready = rows.filter(is_free, state=Outgoing.State.WAITING, next_attempt_at__lte=Now())
    row = ready.select_for_update(skip_locked=True, of=("self",)).first()
    if row is not None:
        row.attempts += 1
        row.claimed_until = timezone.now() + CLAIM_LASTS
        _own(row).update(attempts=row.attempts, claimed_until=row.claimed_until)
    return row


def keep_claim(row: Outgoing, **facts: object) -> None:
    """Keep what the other side has said so far, and hold the row for another CLAIM_LASTS. Raises ClaimLost where
    another worker has taken it meanwhile: nothing more may be sent."""
    until = timezone.now() + CLAIM_LASTS
    if not _own(row).filter(claimed_until=row.claimed_until).update(**facts, claimed_until=until):
        raise ClaimLost
    row.claimed_until = until


def _own[M: Outgoing](row: M) -> QuerySet[M]:
    return QuerySet(type(row)).filter(pk=row.pk)


def _note_sent(row: Outgoing, facts: Mapping[str, str]) -> None:
    """Note that it arrived, also where something later has overtaken it meanwhile."""
    end = {"state": Outgoing.State.DONE, "last_error": "", "finished_at": timezone.now()}
    _own(row).exclude(state=Outgoing.State.DEAD).update(**{**end, **facts, "claimed_until": None})


def _note_failure(row: Outgoing, failure: Failed, first_wait: timedelta) -> None:
    if row.attempts >= ATTEMPTS:
        _give_up(row, f"试了 {row.attempts} 次都没有成功：{failure.message}")
        return
    wait = max(first_wait * 2 ** (row.attempts - 1), failure.retry_after or first_wait)
    _own(row).exclude(state=Outgoing.State.DONE).update(
        claimed_until=None,
        next_attempt_at=timezone.now() + min(wait, LONGEST_WAIT),
        last_error=failure.message[:LONGEST_ERROR],
    )


def _note_deferral(row: Outgoing, deferral: Deferred) -> None:
    """What was wanted at once while it was asked goes at once: it may be that for which it waits."""
    is_unmoved = When(next_attempt_at=row.next_attempt_at, then=Value(timezone.now() + deferral.wait))
    _own(row).exclude(state=Outgoing.State.DONE).update(
        # stays above 0: something may have been sent
        attempts=max(1, row.attempts - 1),
        claimed_until=None,
        next_attempt_at=Case(is_unmoved, default=F("next_attempt_at")),
        last_error=deferral.message[:LONGEST_ERROR],
    )


@transaction.atomic
def _give_up(row: Outgoing, reason: str) -> None:
    """At one moment: a row that waits and that nobody holds any more would be sent again."""
    log.warning("sending_given_up", kind=row._meta.label, id=str(row.pk))
    _own(row).exclude(state=Outgoing.State.DONE).update(claimed_until=None, last_error=reason[:LONGEST_ERROR])
    _own(row).filter(state=Outgoing.State.WAITING).update(state=Outgoing.State.DEAD, finished_at=timezone.now())


def revive_dead(row: Outgoing) -> None:
    """A dead letter waits again, as if for the first time; the caller has locked the row and seen that it is dead."""
    # attempts stay above 0: it may have arrived
    row.state, row.attempts, row.next_attempt_at, row.finished_at = Outgoing.State.WAITING, 1, timezone.now(), None
    row.save(update_fields=["state", "attempts", "next_attempt_at", "finished_at"])


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    largest: int = LARGEST_ANSWER,
    is_of_settings: bool = False,
) -> Answer:
    """Send one HTTP request and return whatever is answered, errors of the other side included (``safe_http.request``).
    Raises Failed where there is no answer, Refused where the address is none; each in Chinese."""
    try:
        return request(method, url, headers=headers, body=body, largest=largest, is_of_settings=is_of_settings)
    except Forbidden as error:
        message = f"不允许发送：{error}。"
        raise Refused(message) from error
    except Unreachable as error:
        message = f"{error}。"
        raise Failed(message) from error


def post_message(url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send one HTTP message and return the answer, where it is 2xx. Raises Failed or Refused, each in Chinese."""
    answer = ask("POST", url, headers=headers, body=body)
    if answer.is_good:
        return answer
    message = f"对方答复 {answer.status}。"
    if answer.is_passing:
        raise Failed(message, retry_after=answer.retry_after and min(answer.retry_after, LONGEST_WAIT))
    raise Refused(message, is_gone=answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
