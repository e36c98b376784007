"""What a program of ours does to the database from many threads, for tests/isolation/test_at_once.py: reads and writes
in halls by turns, fails in every way; before, two processes die in the middle. Prints what went wrong, as JSON."""

import json
import os
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import django
from django.db import DatabaseError, connection, transaction

django.setup()

from foundation import schemas  # noqa: E402
from foundation.advisory_lock import hold_alone  # noqa: E402
from tenants.portal.models import Article, Column  # noqa: E402

THREADS = 8
LOCK = UUID(int=43)


def marks() -> set[str]:
    return set(Article.objects.values_list("title", flat=True))


def turn(serial: int) -> list[str]:
    """One piece of work in one hall; what was wrong about it."""
    number = 101 + serial % HALLS
    own = {f"只在{number}号厅"}
    with schemas.enter(f"hall_{number:06d}"):
        wrong = [] if marks() == own else [f"{number}: read {marks()}"]
        way = random.Random(serial).randrange(6)  # noqa: S311 - an order, no secret
        try:
            with transaction.atomic():
                wrong += [] if marks() == own else [f"{number}: read in a transaction {marks()}"]
                Column.objects.create(code=f"pooled-{serial}", name=str(number), kind="list")
                match way:
                    case 0:
                        transaction.set_rollback(True)
                    case 1:
                        with connection.cursor() as cursor:
                            cursor.execute("SELECT 1 / 0")
                    case 2:
                        _fail_inside(wrong, own, number)
                    case 3:
                        list(Column.objects.iterator(chunk_size=1))
        except DatabaseError:
            wrong += [] if marks() == own else [f"{number}: read after an error {marks()}"]
        if way == 4:
            _change_while_reading(wrong, number)
        if way == 5:
            # the next one begins anew
            connection.close()
    return wrong


def _fail_inside(wrong: list[str], own: set[str], number: int) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
    except DatabaseError:
        wrong += [] if marks() == own else [f"{number}: read after a savepoint {marks()}"]


def _change_while_reading(wrong: list[str], number: int) -> None:
    try:
        with schemas.reading_alone():
            Column.objects.create(code="never", name=str(number), kind="list")
    except DatabaseError:
        return
    wrong.append(f"{number}: changed while it was reading alone")


def die() -> None:
    """In the middle of a transaction in a hall, holding a lock."""
    with hold_alone(LOCK), schemas.enter("hall_000101"), transaction.atomic():
        Column.objects.create(code="dying", name="dying", kind="list")
        os._exit(9)


def deaths() -> list[str]:
    """One after the other, each in a process of its own, which opens its own connection; what was wrong about them."""
    found = []
    for _ in range(2):
        if not (child := os.fork()):
            try:
                die()
            finally:
                os._exit(7)
        if (code := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])) != 9:
            found.append(f"{code}: did not die where it was to")
    return found


def locks() -> list[str]:
    """Held by one at a time, whichever connection is handed out; free again afterwards."""
    with hold_alone(LOCK) as first, ThreadPoolExecutor(1) as other:
        second = other.submit(_is_held).result()
    return [] if (first, second, _is_held()) == (True, False, True) else ["a lock was held twice, or never left"]


def _is_held() -> bool:
    with hold_alone(LOCK) as is_alone:
        return is_alone


def rest() -> list[str]:
    """What is left on the pool's connections: nothing that anybody set."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_settings WHERE name = 'default_transaction_read_only'")
        return [] if cursor.fetchone() == ("off",) else ["a connection is left reading alone"]


if __name__ == "__main__":
    HALLS = int(sys.argv[1])
    dead = deaths()
    with ThreadPoolExecutor(THREADS) as pool:
        found = [one for some in pool.map(turn, range(int(sys.argv[2]))) for one in some]
    sys.stdout.write(json.dumps(dead + found + locks() + rest(), ensure_ascii=False))
