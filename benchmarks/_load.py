"""A reader who never tires: some connections that ask one address again and again, as fast as they are answered or at
a given rate. Run as a program of its own, so that it takes no time from what is measured; prints JSON."""

import json
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from statistics import quantiles


@dataclass(slots=True)
class Asked:
    """What one connection saw: seconds from when a request was due until its answer was there, and the statuses."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)


def ask(port: int, head: str, asked: Asked, *, until: float, every: float, number: int) -> None:
    """``every``: seconds between two requests (0: at once). ``{n}`` in the head is a number that never comes again."""
    stream = socket.create_connection(("127.0.0.1", port))
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    reader = stream.makefile("rb")
    due = time.perf_counter() + every * (number % 8) / 8
    count = 0
    while due < until:
        wait = due - time.perf_counter()
        if every and wait > 0:
            time.sleep(wait)
        began_at = due if every else time.perf_counter()
        stream.sendall(head.replace("{n}", f"{number}{count:07}").encode())
        status = _read_answer(reader)
        ended_at = time.perf_counter()
        asked.seconds.append(ended_at - began_at)
        asked.statuses[status] = asked.statuses.get(status, 0) + 1
        count += 1
        due = due + every if every else ended_at
    stream.close()


def _read_answer(reader: socket.SocketIO) -> str:  # type: ignore[name-defined]
    status = reader.readline().split(b" ", 2)[1].decode()
    length = 0
    while (line := reader.readline()) not in {b"\r\n", b""}:
        if line[:15].lower() == b"content-length:":
            length = int(line[15:])
    reader.read(length)
    return status


def main(port: int, head: str, seconds: float, connections: int, rate: float) -> dict[str, object]:
    began_at = time.perf_counter()
    every = connections / rate if rate else 0
    seen = [Asked() for _ in range(connections)]
    threads = [
        threading.Thread(
            target=ask,
            args=(port, head, asked),
            kwargs={"until": began_at + seconds, "every": every, "number": int(time.time()) * 100 + number},
        )
        for number, asked in enumerate(seen)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [one for asked in seen for one in asked.seconds]
    statuses: dict[str, int] = {}
    for asked in seen:
        for status, count in asked.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    return {
        "per_second": round(len(taken) / (time.perf_counter() - began_at), 1),
        "p95_ms": round(quantiles(taken, n=20)[-1] * 1000, 2),
        "statuses": statuses,
    }


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
