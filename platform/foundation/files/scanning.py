"""ClamAV, where there is one: every file is shown to it before it is kept."""

import socket
import struct
import time
from tempfile import SpooledTemporaryFile
from typing import Final

import structlog
from django.conf import settings

from foundation.errors import Invalid, Unavailable
from foundation.files.checks import Content, refuse

# of one piece that is sent, and of its answer
_CHUNK: Final = 256 * 1024
_MOST_SAID: Final = 1024
# for the whole of it; clamd itself gives up on a file after two minutes
_PATIENCE: Final = 30.0
_CLEAN: Final = "stream: OK"
_FOUND: Final = " FOUND"

log = structlog.get_logger(__name__)


def refuse_infected(content: Content) -> None:
    """Does nothing where no scanner is set (``CLAMAV_ADDRESS``). Raises Invalid for what it finds, Unavailable where it
    does not answer, answers too late or says anything else: what nobody has looked at is not kept.

    The protocol is clamd's INSTREAM (man clamd).
    """
    if not settings.CLAMAV_ADDRESS:
        return
    try:
        said = _ask(content)
    except OSError as error:
        raise _away(str(error)) from error
    finally:
        content.seek(0)
    if said == _CLEAN:
        return
    if said.startswith("stream: ") and said.endswith(_FOUND):
        log.warning("upload_infected", found=said)
        raise _infected(said.removeprefix("stream: ").removesuffix(_FOUND))
    raise _away(said)


def scanner_fault() -> str:
    """Why nobody can upload now, in Chinese; "" where a harmless file is let through, or no scanner is set."""
    try:
        with SpooledTemporaryFile() as harmless:
            harmless.write("一站".encode())
            refuse_infected(harmless)
    except Unavailable as away:
        return away.message
    return ""


def _ask(content: Content) -> str:
    deadline = time.monotonic() + _PATIENCE
    with _connect() as stream:
        stream.sendall(b"zINSTREAM\0")
        content.seek(0)
        while chunk := content.read(_CHUNK):
            stream.settimeout(_left(deadline))
            stream.sendall(struct.pack("!I", len(chunk)) + chunk)
        stream.sendall(struct.pack("!I", 0))
        said = b""
        while len(said) <= _MOST_SAID and b"\0" not in said:
            stream.settimeout(_left(deadline))
            piece = stream.recv(_MOST_SAID)
            if not piece:
                break
            said += piece
    # without its end the answer is only a part of one
    return said.partition(b"\0")[0].decode(errors="replace") if b"\0" in said else ""


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        message = "no answer in time"
        raise TimeoutError(message)
    return left


def _connect() -> socket.socket:
    """``host:port``, or the path of a socket."""
    address: str = settings.CLAMAV_ADDRESS
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=5)
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        stream.settimeout(5)
        stream.connect(address)
    except OSError:
        stream.close()
        raise
    return stream


def _infected(name: str) -> Invalid:
    return refuse(f"杀毒软件在文件里发现了“{name[:80]}”，已拒绝。请在本机查杀后再上传。")


def _away(reason: str) -> Unavailable:
    log.error("scanner_unreachable", error=reason[:200])
    return Unavailable("病毒扫描暂时不可用，文件没有保存。系统会自动恢复，请稍后再试。")
