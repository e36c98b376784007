"""Make halls' schemas out of their kind's template."""

from django.db import connection, transaction

from province.halls.models import Hall, HallKind
from provisioning.templates import PLACEHOLDER, render_script


@transaction.atomic
def create_hall_schema(hall: Hall) -> None:
    script = render_script(HallKind(hall.kind)).replace(PLACEHOLDER, hall.schema_name)
    with connection.cursor() as cursor:
        cursor.execute(script)
