"""Pushing and withdrawing for 10, 3,190 and 28,637 halls, what a reader sees of it, and lists among 5,000 live pushes.

For the first, registry rows suffice: a push never opens a hall's schema. They stand below a province code that no
division has, and are taken away at the end. A reader sees real halls, over HTTP.
"""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from benchmarks.measuring import line, milliseconds, timed
from benchmarks.world import Profile, build
from province.content.looking.sites import THREADS, Way, fetch_page, reader
from province.content.models import Manuscript, ManuscriptVersion, Push, PushScope
from province.content.operations.proofs import verify_push_now
from province.content.operations.pushes import push_version, withdraw_push
from province.content.queries.audiences import Audience, Scope, audience_preview, halls_of
from province.content.queries.pushes import expectation_of, listed_by_column, listed_pushes, proof_summary, roster_for
from province.content.queries.pushes.evidence import RosterLine
from province.content.states import LookedAt, PushState, ReviewState, WithdrawalKind
from province.halls.models import Division, Hall, HallKind
from province.halls.states import HallState
from province.rights.queries import system_actor
from tests.servers import ROOT, listens, wait_until

PROVINCE = "97"
COUNTY = f"{PROVINCE}0101"
TOWNSHIP = f"{COUNTY}001"
# a township's own hall and 9 villages; a city's; the province's
AUDIENCES = {10: TOWNSHIP, 3_190: f"{PROVINCE}01", 28_637: PROVINCE}
LIVE_PUSHES = 5_000
COLUMNS = ("news", "notices", "policies", "disclosure")


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    rounds = 40 * profile.repeats
    with registry(max(AUDIENCES)):
        lines = [*_pushes_and_withdrawals(rounds), _preview(rounds // 10), *_lists(rounds)]
    return lines + _as_a_reader_sees_it(profile)


def _pushes_and_withdrawals(rounds: int) -> list[dict[str, Any]]:
    """All sizes by turns, so that what grows meanwhile weighs on each alike."""
    acts = [(act, halls) for act in ("push", "withdraw") for halls in AUDIENCES]
    times: dict[tuple[str, int], list[float]] = {act: [] for act in acts}
    rows = {halls: _rows_written_for(Scope(prefix)) for halls, prefix in AUDIENCES.items()}
    for _ in range(rounds):
        for halls, prefix in random.sample(list(AUDIENCES.items()), len(AUDIENCES)):
            pushed, withdrawn = push_and_withdraw(Scope(prefix), approved_version(), time.perf_counter)
            times["push", halls].append(pushed * 1000)
            times["withdraw", halls].append(withdrawn * 1000)
    lines = []
    for act, halls in acts:
        p99 = _quantile(times[act, halls], 99)
        lines.append(
            line(
                f"{act} for {halls:,} halls, to the end of its commit",
                measured=round(p99, 2),
                bound="p99 <= 50 ms, <= 10 rows written",
                holds=p99 <= 50 and rows[halls][act] <= 10,
                median=round(statistics.median(times[act, halls]), 2),
                rows_written=rows[halls][act],
            )
        )
    for act in ("push", "withdraw"):
        growth = statistics.median(times[act, 28_637]) / statistics.median(times[act, 10])
        lines.append(
            line(f"{act} for 28,637 halls / for 10", measured=round(growth, 2), bound="<= 1.3", holds=growth <= 1.3)
        )
    return lines


def _rows_written_for(scope: Scope) -> dict[str, int]:
    """In all tables, by one push and one withdrawal that are taken back afterwards."""
    version = approved_version()
    with transaction.atomic():
        pushed, withdrawn = push_and_withdraw(scope, version, _rows_written)
        transaction.set_rollback(True)
    return {"push": int(pushed), "withdraw": int(withdrawn)}


def push_and_withdraw(scope: Scope, version: ManuscriptVersion, meter: Callable[[], float]) -> tuple[float, float]:
    """How far the meter went during each of the two acts."""
    by = system_actor("评测")
    start = meter()
    push = push_version(by=by, version=version, audience=Audience((scope,)), column="news")
    pushed = meter()
    withdraw_push(by=by, push=push, kind=WithdrawalKind.GONE, reason="评测")
    return pushed - start, meter() - pushed


def _preview(rounds: int) -> dict[str, Any]:
    audience = Audience((Scope(PROVINCE),), (Scope(TOWNSHIP),))
    measured = []
    for _ in range(rounds):
        with timed() as taken_once:
            audience_preview(audience)
        measured.append(milliseconds(taken_once.seconds))
    taken = statistics.median(measured)
    return line("preview of a push to 28,637 halls", measured=round(taken, 1), bound="<= 1,000 ms", holds=taken <= 1000)


def _lists(rounds: int) -> list[dict[str, Any]]:
    """What a village's page asks of the database, by the server's own clock."""
    _make_live_pushes()
    village = Hall.objects.filter(kind="village", prefixes__contains=[TOWNSHIP]).order_by("number")[0]
    latest = [_execution_time(lambda: listed_pushes(village, "news", limit=20)) for _ in range(rounds)]
    home = [_execution_time(lambda: listed_by_column(village, COLUMNS, limit=8)) for _ in range(rounds)]
    return [
        line(
            f"{what}, {LIVE_PUSHES:,} live pushes, exclusions and kinds in use",
            measured=round(statistics.median(times), 2),
            bound="<= 5 ms in the database",
            holds=statistics.median(times) <= 5,
            p99=round(_quantile(times, 99), 2),
        )
        for what, times in (("latest 20 of a column", latest), ("first 8 of four columns", home))
    ]


def _as_a_reader_sees_it(profile: Profile) -> list[dict[str, Any]]:
    """Every site that was provisioned: its page of a push, and the first request after the withdrawal."""
    by = system_actor("评测")
    audience = Audience((Scope(profile.under[:2]),))
    with _web_server():
        push = push_version(by=by, version=approved_version(), audience=audience, column="news")
        lines = [_pages(push, "push"), *_proof(push, "push")]
        withdrawn = withdraw_push(by=by, push=push, kind=WithdrawalKind.GONE, reason="评测")
        return [*lines, _pages(withdrawn, "withdrawal"), *_proof(withdrawn, "withdrawal")]


def _pages(push: Push, act: str) -> dict[str, Any]:
    """The push's own page on every site, as a reader fetches it."""
    expects, way = expectation_of(push), Way("http", settings.WEB_PORT, settings.SITE_FETCH_ADDRESS)

    def fault(hall: RosterLine) -> str:
        answer, _ = fetch_page(client, way, hall.domain, expects.path)
        return expects.fault_in(LookedAt.ARTICLE, answer, hall.column)

    halls = roster_for(push)
    with timed() as taken, reader() as client, ThreadPoolExecutor(THREADS) as threads:
        faults = [one for one in threads.map(fault, halls) if one]
    return line(
        f"{act}: every site's page of it fetched over HTTP right after the commit",
        measured=round(taken.seconds, 1),
        bound="<= 60 s, none stale",
        holds=taken.seconds <= 60 and not faults and bool(halls),
        sites=len(halls),
        stale=len(faults),
        seen=sorted(set(faults)),
    )


def _proof(push: Push, act: str) -> list[dict[str, Any]]:
    """The whole proof: five places on every site; and what it takes to keep and to read again."""
    with timed() as taken:
        proof = verify_push_now(push)
    with timed() as read:
        summary = proof_summary(proof)
    size = len(proof.roster) + sum(len(one.rows) for one in proof.batches.all())
    return [
        line(
            f"{act}: the whole proof, five places on every site",
            measured=round(taken.seconds, 1),
            bound="<= 300 s, none wrong",
            holds=taken.seconds <= 300 and summary.right == summary.expected > 0 and not summary.fault,
            sites=summary.expected,
            right=summary.right,
            wrong=summary.wrong,
            unreachable=summary.unreachable,
            seen=sorted({one.seen for one in summary.exceptions})[:5],
        ),
        line(
            f"{act}: a hall's row in the proof, packed with its roster, in bytes",
            measured=round(size / max(1, summary.expected)),
            bound="<= 100",
            holds=size <= 100 * summary.expected,
        ),
        line(
            f"{act}: the proof read and every digest computed anew",
            measured=round(read.seconds, 2),
            bound="<= 2 s",
            holds=read.seconds <= 2,
        ),
    ]


@contextmanager
def _web_server() -> Iterator[None]:
    port = settings.WEB_PORT
    command = [
        *(str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws", "--log-level", "error"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "2"),
        "config.wsgi:application",
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: listens(port), what="the web server's start")
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _make_live_pushes() -> None:
    """Most to the province, others to city, county and township; some for kinds, some with exclusions."""
    chance = random.Random(42)  # noqa: S311 - the same mix every time
    prefixes = (PROVINCE, *(TOWNSHIP[:length] for length in (4, 6, 9)))
    now = timezone.now()
    pushes, scopes = [], []
    for number, version in enumerate(_approved_versions(LIVE_PUSHES)):
        push = Push(
            pk=uuid4(),
            version=version,
            shown=version,
            desk_prefix=PROVINCE,
            column=chance.choice(COLUMNS),
            is_pinned=number % 200 == 0,
            state=PushState.LIVE,
            turn=1,
            starts_at=now,
            published_at=now - timedelta(minutes=number),
        )
        pushes.append(push)
        scopes.append(
            PushScope(
                push=push,
                prefix=chance.choices(prefixes, weights=(70, 15, 10, 5))[0],
                kinds=chance.choices(([], ["village"], ["county", "city"]), weights=(60, 20, 20))[0],
                excluded_keys=chance.choices(
                    ([], [f"{PROVINCE}02"], [COUNTY], [f"{TOWNSHIP}/village"]), weights=(60, 20, 10, 10)
                )[0],
                is_listed=True,
                column=push.column,
                mode=push.mode,
                is_pinned=push.is_pinned,
                published_at=push.published_at,
            )
        )
    Push.objects.bulk_create(pushes, batch_size=1000)
    PushScope.objects.bulk_create(scopes, batch_size=1000)
    _analyze()


def approved_version() -> ManuscriptVersion:
    return _approved_versions(1)[0]


def _approved_versions(count: int) -> list[ManuscriptVersion]:
    manuscripts = Manuscript.objects.bulk_create(
        (Manuscript(title="评测", body="<p>正文</p>", desk_prefix=PROVINCE) for _ in range(count)), batch_size=1000
    )
    return ManuscriptVersion.objects.bulk_create(
        (
            ManuscriptVersion(
                manuscript=manuscript, number=1, title="评测", body="<p>正文</p>", state=ReviewState.APPROVED
            )
            for manuscript in manuscripts
        ),
        batch_size=1000,
    )


@contextmanager
def registry(halls: int) -> Iterator[None]:
    _register(halls)
    _analyze()
    wanted = {size: prefix for size, prefix in AUDIENCES.items() if size <= halls}
    found = {size: halls_of(Audience((Scope(prefix),))).count() for size, prefix in wanted.items()}
    assert found == {size: size for size in wanted}, found
    try:
        yield
    finally:
        Push.objects.filter(desk_prefix=PROVINCE).delete()
        ManuscriptVersion.objects.filter(manuscript__desk_prefix=PROVINCE).delete()
        Manuscript.objects.filter(desk_prefix=PROVINCE).delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM halls_hall WHERE prefixes[1] = %s", [PROVINCE])
            cursor.execute("DELETE FROM halls_division WHERE code LIKE %s", [f"{PROVINCE}%"])


def _register(halls: int) -> None:
    """Rows of halls alone: cities of 3,190, counties of 290, townships of 10; the first of each is that level's own."""
    prefixes = []
    for number in range(halls):
        city, county, township = number // 3190 + 1, number % 3190 // 290 + 1, number % 290 // 10 + 1
        village = f"{199 + number % 10}" if number % 10 else ""
        prefixes.append(f"{PROVINCE}{city:02}{county:02}{township:03}{village}")
    kinds = [HallKind.VILLAGE if len(prefix) == 12 else HallKind.TOWNSHIP for prefix in prefixes]
    divisions = Division.objects.bulk_create(
        (
            Division(code=prefix.ljust(12, "0"), name=f"测试{number}", level=str(kind), valid_from=date(2023, 6, 30))
            for number, (prefix, kind) in enumerate(zip(prefixes, kinds, strict=True))
        ),
        batch_size=1000,
    )
    first = (Hall.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    Hall.objects.bulk_create(
        (
            Hall(
                schema_name=f"bench_{number}",
                number=first + number,
                name=f"测试{number}",
                short_name="测试",
                kind=kind,
                division=division,
                prefixes=[prefix[:length] for length in (2, 4, 6, 9, 12) if length <= len(prefix)],
                slug=f"bench-{number}",
                state=HallState.LIVE,
            )
            for number, (prefix, kind, division) in enumerate(zip(prefixes, kinds, divisions, strict=True))
        ),
        batch_size=1000,
    )


def _analyze() -> None:
    """Statistics as autovacuum would have them by now."""
    tables = "halls_hall, content_push, content_pushscope, content_manuscriptversion"
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def _rows_written() -> int:
    """By the transaction until now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::int FROM pg_stat_xact_user_tables")
        found: int = cursor.fetchone()[0]
    return found


def _execution_time(query: Callable[[], object]) -> float:
    """Planning and execution of what the query asks, in ms, as PostgreSQL measures it."""
    spent = 0.0

    def explain(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
        nonlocal spent
        with connection.connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", parameters)
            plan = cursor.fetchone()[0][0]
        spent += plan["Planning Time"] + plan["Execution Time"]
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(explain):
        query()
    return spent


def _quantile(measured: list[float], percent: int) -> float:
    return statistics.quantiles(measured, n=100, method="inclusive")[percent - 1]
