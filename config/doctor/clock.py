"""Whether this machine's clock agrees with one that is not its own."""

import socket
import struct
import time

from django.conf import settings

from config.doctor.findings import DoctorFault

# a working day ends at midnight, to the second
_MOST_OFF = 5.0
_WAIT = 3.0
# NTP counts from 1900, Unix from 1970
_SINCE_1900 = 2_208_988_800
_LENGTH = 48
# a client of version 4 asks; a server answers in mode 4, and says 3 where it does not know the time itself
_ASKS, _ANSWERS, _UNKNOWN = 0x23, 4, 3
_TIME_SYNC = "开启时间同步（timedatectl set-ntp true），再检查一次。"


def clock_agrees() -> DoctorFault | None:
    """Ask ``TIME_SERVER`` by NTP (RFC 5905). The database's clock is no witness where it runs on the same machine."""
    if not settings.TIME_SERVER:
        return DoctorFault(
            "没有与标准时间核对：没有设置 TIME_SERVER。", "设置 TIME_SERVER 为本单位的时间服务器，例如 ntp.example.cn。"
        )
    try:
        off = _offset(settings.TIME_SERVER)
    except (OSError, ValueError) as error:
        why = "没有回答" if isinstance(error, OSError) else "的回答不可用"
        return DoctorFault(f"时间服务器 {settings.TIME_SERVER} {why}，没有与标准时间核对。", "检查网络和 TIME_SERVER。")
    if abs(off) <= _MOST_OFF:
        return None
    word = "慢" if off > 0 else "快"
    return DoctorFault(f"本机时钟比标准时间{word} {abs(off):.0f} 秒，期限和定时发布会不准。", _TIME_SYNC)


def _offset(server: str) -> float:
    """How many seconds the server is ahead of us. Raises OSError, and ValueError for an answer that says no time."""
    host, _, port = server.partition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(_WAIT)
        asker.connect((host, int(port or 123)))
        before = time.time()
        asker.send(bytes([_ASKS]).ljust(_LENGTH, b"\0"))
        said = asker.recv(_LENGTH)
        after = time.time()
    if len(said) < _LENGTH or said[0] & 7 != _ANSWERS or said[0] >> 6 == _UNKNOWN or not said[1]:
        message = "no time in the answer"
        raise ValueError(message)
    seconds, fraction = struct.unpack("!II", said[40:48])
    return float(seconds - _SINCE_1900 + fraction / 2**32 - (before + after) / 2)
