"""A task that leaves a row, for a worker configured as ours is: `celery -A tests.machine.tasks worker -Q kills`."""

import os
import time

import psycopg2

from config.celery import app

QUEUE = "kills"


@app.task(name="tests.leave_row")  # type: ignore[misc]  # celery's decorator is untyped
def leave_row(number: int) -> None:
    """However long the database is away: a task that fails is finished, one that is killed comes back."""
    while True:
        try:
            connection = psycopg2.connect(os.environ["KILLS_DATABASE"], connect_timeout=2)
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO kills_done VALUES (%s)", [number])
            connection.close()
        except psycopg2.Error:
            time.sleep(0.2)
        else:
            return
