from pathlib import PurePosixPath
from typing import Final

_ENDINGS: Final = frozenset(
    (
        *(".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh"),
        *(".hta", ".lnk", ".url", ".jar", ".msi", ".cpl", ".pif", ".reg", ".sh", ".apk", ".html", ".htm", ".mht"),
        *(".svg", ".swf", ".chm", ".iso", ".zip", ".rar", ".7z", ".rtf", ".xll", ".ocx", ".class", ".php"),
    )
)
_SIGNATURES: Final = (b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!/", b"L\0\0\0\x01\x14\x02\0")


def is_executable(head: bytes) -> bool:
    """Whether a file that begins so is a program of some system."""
    # "MZ" alone stands in many a picture
    return head.startswith(_SIGNATURES) or (head[:2] == b"MZ" and b"PE\0\0" in head) or b"DOS mode" in head[:512]


def has_executable_name(name: str) -> bool:
    return PurePosixPath(name.lower().rstrip(". ")).suffix in _ENDINGS
