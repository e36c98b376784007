"""What somebody outside the database has seen of the audit: a file with one line a sealing."""

import json

from django.conf import settings


def witnessed_seals() -> dict[int, str] | None:
    """Number of a sealing -> its hash, as they were when they were made; None where there is no such file.

    A line that cannot be read, the last one perhaps because the power failed, is passed over.
    """
    try:
        text = settings.AUDIT_WITNESS.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    found: dict[int, str] = {}
    for line in text.splitlines():
        try:
            facts = json.loads(line)
            # the first line of a number counts: the file is only ever added to
            found.setdefault(int(facts["number"]), str(facts["hash"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found
