"""What is searched for on the sites: counted in Valkey without any person, folded into rows a day, forgotten after 30
days; and what people say of the texts by which nothing was found."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from foundation.counters import count_one
from foundation.errors import Invalid
from foundation.events.operations import set_due_time
from foundation.masking import scrub
from foundation.tokenizing import plain_text
from province.audit.operations import record_act
from province.catalogue.events import MISSES_TRIED
from province.catalogue.models import HallSearchDecision, SearchDecision, SearchTally
from province.catalogue.models.searches import LONGEST_ASKED
from province.catalogue.operations.folding import fold_counted
from province.catalogue.queries.searches import missed_texts, services_found_by
from province.catalogue.states import SearchVerdict
from province.rights.actors import Actor
from province.rights.queries import require, system_actor

KEPT: Final = timedelta(days=30)
# of decisions: who asks the same a year later is somebody else
DECISIONS_KEPT: Final = timedelta(days=365)
# of one batch; what is asked most goes in, so that made-up texts fill no table
MOST_TEXTS: Final = 20_000
MOST_TRIED: Final = 200
# the one subject of MISSES_TRIED
RULES: Final = UUID(int=1)

_COUNTER: Final = "searches"
_LEAST_LETTERS: Final = 2
_FIELD: Final = re.compile(r"([0-9a-f-]{36}|)/(\d{4}-\d\d-\d\d)/(missed|found|opened)/(.+)", re.DOTALL)
# four digits and more, however they are set apart: of phones, identity cards, bank cards, house and case numbers
_DIGITS: Final = re.compile(r"\d(?:[\s_.-]*\d){3,}[\s_-]*x?")
_SPOKEN: Final = re.compile(r"[〇零一二三四五六七八九幺两]{6,}")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII)
_MASK: Final = "****"
_KINDS: Final = ("missed", "found", "opened")

_ADD: Final = """
INSERT INTO catalogue_searchtally AS t (id, hall_id, day, words, missed, found, opened)
SELECT gen_random_uuid(), c.hall_id, c.day, c.words, c.missed, c.found, c.opened
FROM unnest(%(halls)s::uuid[], %(days)s::date[], %(words)s::text[], %(missed)s::int[], %(found)s::int[],
    %(opened)s::int[]) AS c(hall_id, day, words, missed, found, opened)
ON CONFLICT (hall_id, day, words) DO UPDATE
SET missed = t.missed + excluded.missed, found = t.found + excluded.found, opened = t.opened + excluded.opened
"""


def kept_words(typed: str) -> str:
    """What of a typed text may be kept: in plain letters, numbers and addresses of people masked; "" where it is too
    short to mean anything, so long that it tells a story of somebody, or nothing is left of it."""
    text = " ".join(scrub(plain_text(typed)).split())
    for part in (_MAIL, _DIGITS, _SPOKEN):
        text = part.sub(_MASK, text)
    # scrub leaves the ends of numbers to people at work; nobody needs them here
    text = re.sub(r"\d*\*+\d*x?", _MASK, text)
    letters = text.replace(_MASK, "").strip()
    return text if len(letters) >= _LEAST_LETTERS and len(text) <= LONGEST_ASKED else ""


def count_search(hall_id: UUID | None, typed: str, *, is_found: bool) -> None:
    """Count that somebody searched for this text at a hall (None: on the province's pages). No row is touched."""
    _count(hall_id, typed, "found" if is_found else "missed")


def count_opened(hall_id: UUID | None, typed: str) -> None:
    """Count that somebody went on from the results of this text."""
    _count(hall_id, typed, "opened")


def _count(hall_id: UUID | None, typed: str, what: str) -> None:
    if words := kept_words(typed):
        count_one(_COUNTER, f"{hall_id or ''}/{timezone.localdate()}/{what}/{words}")


def fold_searches() -> int:
    """Add what was counted to the rows of its days, and forget what is older than 30 days. Returns the number of
    searches. One statement whatever the number of halls; killed anywhere and called again, it adds nothing twice."""
    numbers = fold_counted(_COUNTER, _add)
    _forget()
    return sum(one["missed"] + one["found"] for one in _tallies(numbers).values())


def _tallies(numbers: Mapping[str, int]) -> dict[tuple[str, str, str], dict[str, int]]:
    """By hall, day and text."""
    tallies: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(_KINDS, 0))
    for field, number in numbers.items():
        if match := _FIELD.fullmatch(field):
            hall, day, kind, words = match.groups()
            tallies[hall, day, words][kind] += number
    return tallies


def _add(numbers: Mapping[str, int]) -> None:
    tallies = _tallies(numbers)
    most = sorted(tallies.items(), key=lambda one: -sum(one[1].values()))[:MOST_TEXTS]
    parameters: dict[str, Any] = {
        "halls": [hall or None for (hall, _, _), _ in most],
        "days": [date.fromisoformat(day) for (_, day, _), _ in most],
        "words": [words for (_, _, words), _ in most],
        **{kind: [numbers[kind] for _, numbers in most] for kind in _KINDS},
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD, parameters)


@transaction.atomic
def _forget() -> None:
    today = timezone.localdate()
    SearchTally.objects.filter(day__lt=today - KEPT).delete()
    for decisions in (SearchDecision, HallSearchDecision):
        decisions.objects.filter(decided_on__lt=today - DECISIONS_KEPT).delete()


@transaction.atomic
def settle_search(*, by: Actor, words: str, verdict: str) -> SearchDecision:
    """Say for the whole province what a text is (``not_ours``), or that it was seen to (``done``); again: the last
    word counts. Raises Invalid for another verdict, or a text that may not be kept."""
    require(by, "catalogue.publish")
    words = _checked(words, verdict, {SearchVerdict.NOT_OURS, SearchVerdict.DONE})
    return _settle(by, words, verdict)


@transaction.atomic
def settle_hall_search(*, by: Actor, hall_id: UUID, words: str, verdict: str) -> HallSearchDecision:
    """Say for one hall what a text is, or that it was seen to, as ``settle_search`` does for all; or (``reported``) ask
    the province to see to it."""
    require(by, "services.adopt", hall_id=hall_id)
    allowed = {SearchVerdict.NOT_OURS, SearchVerdict.DONE, SearchVerdict.REPORTED}
    words = _checked(words, verdict, allowed)
    known = HallSearchDecision.objects.filter(hall_id=hall_id, words=words).first()
    facts = {"verdict": verdict, "decided_on": timezone.localdate()}
    made, _ = HallSearchDecision.objects.update_or_create(hall_id=hall_id, words=words, defaults=facts)
    _record(by, "catalogue.settle_hall_search", made, known, hall_id)
    return made


@transaction.atomic
def try_missed_again() -> int:
    """Search once more for what is on the province's list, by the rules as they are now: what is found by now is
    settled. Returns how many were. Called twice, it settles nothing twice."""
    by, settled = system_actor(), 0
    waiting = [one.words for one in missed_texts(most=MOST_TRIED) if one.missed]
    for words, name in services_found_by(waiting).items():
        _settle(by, words, SearchVerdict.FOUND, note=name)
        settled += 1
    return settled


def want_misses_tried() -> None:
    """The rules of the search were changed: in this transaction, or one after it, what was missed is tried again."""
    set_due_time(kind=MISSES_TRIED, subject_id=RULES, due_at=timezone.now())


def _checked(words: str, verdict: str, allowed: set[SearchVerdict]) -> str:
    if verdict not in allowed:
        raise Invalid.at("verdict", "请选择怎样处理。")
    if not (kept := kept_words(words)):
        raise Invalid.at("words", "没有这个问题，请刷新页面。")
    return kept


def _settle(by: Actor, words: str, verdict: str, *, note: str = "") -> SearchDecision:
    known = SearchDecision.objects.filter(words=words).first()
    facts = {
        "verdict": verdict,
        "decided_on": timezone.localdate(),
        "note": note[:200],
    }
    made, _ = SearchDecision.objects.update_or_create(words=words, defaults=facts)
    _record(by, "catalogue.settle_search", made, known)
    return made


def _record[Decision: (SearchDecision, HallSearchDecision)](
    by: Actor, act: str, made: Decision, known: Decision | None, hall_id: UUID | None = None
) -> None:
    """Without the text: entries are kept for good, and it is not."""
    changes = {"verdict": [known.verdict if known else None, made.verdict]}
    record_act(by=by, act=act, object_type="searched_text", object_id=made.pk, hall_id=hall_id, changes=changes)
