"""Tell of every sealing outside the database, where nobody comes who has the database's passwords alone."""

import fcntl
import json
import os

from django.conf import settings

from foundation.files.locked import put_locked
from province.audit.models import AuditDay, facts_of
from province.audit.models.seals import DAY_FIELDS
from province.audit.queries.witness import name_in_store, stored_seals, witnessed_seals


def witness_seals() -> None:
    """Add a line for each sealing that the file (``AUDIT_WITNESS``) has no line of. Two at once: one after the other.

    Lines are never changed: where the database was put back and counts anew, the former lines show it.
    """
    path = settings.AUDIT_WITNESS
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = max(witnessed_seals() or {0: ""})
        for day in AuditDay.objects.filter(number__gt=last).order_by("number"):
            # begins a line of its own even where the power failed within the one before
            beginning = "\n" if file.tell() else ""
            file.write(f"{beginning}{json.dumps(facts_of(day, DAY_FIELDS))}")
        file.flush()
        os.fsync(file.fileno())


def store_seals() -> None:
    """Put an object for each sealing into the store (``AUDIT_BUCKET``) of which there is none. Two at once: an object
    lies there twice, alike. Raises Unavailable; without a bucket, which the doctor asks for, nothing is told.

    Objects cannot be changed: where the database was put back and counts anew, the former ones show it.
    """
    told = stored_seals()
    if told is None:
        return
    for day in AuditDay.objects.exclude(number__in=told.keys()).order_by("number"):
        put_locked(settings.AUDIT_BUCKET, name_in_store(day), json.dumps(facts_of(day, DAY_FIELDS)).encode())
