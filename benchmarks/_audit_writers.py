"""Writers of one process, each a thread with a connection of its own; prints JSON. Run as a program, so that no writer
waits for another's interpreter."""

import json
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from province.rights.actors import Actor


@dataclass(slots=True)
class Written:
    """Seconds of each act, from its transaction's begin to its commit; ``entry``: of ``record_act`` alone."""

    without: list[float] = field(default_factory=list)
    audited: list[float] = field(default_factory=list)
    entry: list[float] = field(default_factory=list)


def write(by: "Actor", hall_id: UUID, written: Written, *, until: float, every: float, offset: float) -> None:
    """``every``: seconds between the begins of two acts (0: at once, and all of them audited)."""
    # imported here because Django must be set up first
    from django.db import connection, transaction  # noqa: PLC0415

    from foundation.events.operations import emit_event  # noqa: PLC0415
    from foundation.rows import draw_id  # noqa: PLC0415
    from province.audit.operations import record_act  # noqa: PLC0415
    from province.catalogue.events import VERSION_SUBMITTED  # noqa: PLC0415

    connection.ensure_connection()
    due = time.perf_counter() + offset
    is_audited = True
    while due < until:
        if every:
            time.sleep(max(0.0, due - time.perf_counter()))
        began_at = time.perf_counter()
        with transaction.atomic():
            push_id = draw_id()
            emit_event(kind=VERSION_SUBMITTED, subject_id=push_id, hall_id=hall_id)
            if is_audited:
                entry_at = time.perf_counter()
                record_act(
                    by=by,
                    act="content.push",
                    object_type="push",
                    object_id=push_id,
                    hall_id=hall_id,
                    reason="基准测试",
                    changes={"state": ["scheduled", "live"], "column": [None, "news"]},
                )
                written.entry.append(time.perf_counter() - entry_at)
        (written.audited if is_audited else written.without).append(time.perf_counter() - began_at)
        is_audited = not is_audited if every else True
        due = due + every if every else time.perf_counter()
    connection.close()


def main(hall_ids: list[str], seconds: float, every: float, begins_at: float) -> dict[str, list[float]]:
    """One writer a hall id; all processes begin at the same ``begins_at`` (of ``time.time``)."""
    from province.rights.queries import system_actor  # noqa: PLC0415

    by = system_actor("基准测试")
    time.sleep(max(0.0, begins_at - time.time()))
    until = time.perf_counter() + seconds
    everybody = [Written() for _ in hall_ids]
    threads = [
        threading.Thread(
            target=write,
            args=(by, UUID(hall_id), written),
            kwargs={"until": until, "every": every, "offset": every * number / len(hall_ids)},
        )
        for number, (hall_id, written) in enumerate(zip(hall_ids, everybody, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        name: [one for written in everybody for one in getattr(written, name)]
        for name in ("without", "audited", "entry")
    }


if __name__ == "__main__":
    import django

    django.setup()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(main(**json.loads(line))), flush=True)
