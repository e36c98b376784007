"""A task that writes and reads in a hall's schema, for a worker configured as ours is:
``celery -A config.celery worker -I tests.isolation.work -Q isolation``."""

from django.db import connection, transaction

from config.celery import app
from foundation import schemas
from province.halls.models import Hall
from tenants.portal.models import Column

QUEUE = "isolation"


@app.task(name="tests.write_in_hall")  # type: ignore[misc]  # celery's decorator is untyped
def write_in_hall(number: int, turn: int) -> None:
    """Leave a column named for the hall and the turn, and note in public what schema the row went to."""
    hall = Hall.objects.get(number=number)
    with transaction.atomic(), schemas.enter(hall.schema_name):
        Column.objects.create(code=f"turn-{number}-{turn}", name=f"{number}", kind="list")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema(), count(*) FROM portal_column WHERE name <> %s", [f"{number}"])
            schema, foreign = cursor.fetchone()
            cursor.execute("INSERT INTO public.isolation_done VALUES (%s, %s, %s, %s)", [number, turn, schema, foreign])
