"""A server that says something else than it should: a wire to the real one on which some bytes are changed."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any


@contextmanager
def distorting(facts: dict[str, Any], change: Callable[[bytes], bytes]) -> Iterator[None]:
    """``facts`` point to the wire; ``change`` must keep the length of what it is given."""
    real = (facts["HOST"], int(facts["PORT"]))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, real, change))
        thread.start()
        facts["HOST"], facts["PORT"] = listener.getsockname()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, real: tuple[str, int], change: Callable[[bytes], bytes]) -> None:
    with suppress(OSError):
        while True:
            near, _ = listener.accept()
            with near, socket.create_connection(real) as far:
                back = threading.Thread(target=_pipe, args=(near, far, bytes))
                back.start()
                _pipe(far, near, change)
                back.join()


def _pipe(source: socket.socket, target: socket.socket, change: Callable[[bytes], bytes]) -> None:
    with suppress(OSError):
        while said := source.recv(65536):
            target.sendall(change(said))
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
