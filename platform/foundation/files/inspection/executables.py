import struct
from pathlib import PurePosixPath
from typing import Final

_ENDINGS: Final = frozenset(
    (
        *(".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh"),
        *(".hta", ".lnk", ".url", ".jar", ".msi", ".cpl", ".pif", ".reg", ".sh", ".apk", ".html", ".htm", ".mht"),
        *(".svg", ".swf", ".chm", ".iso", ".zip", ".rar", ".7z", ".rtf", ".xll", ".ocx", ".class", ".php"),
        *(".settingcontent-ms", ".library-ms", ".search-ms", ".appref-ms", ".application", ".diagcab", ".sct", ".msc"),
        *(".msp", ".mst", ".inf", ".gadget", ".slk", ".iqy", ".oqy", ".rqy", ".dqy", ".eps", ".ps", ".cab", ".py"),
    )
)
_SIGNATURES: Final = (
    *(b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!/", b"L\0\0\0\x01\x14\x02\0"),
    # PostScript, which printers and drawing programs run; help with scripts; Flash
    *(b"%!PS", b"\xc5\xd0\xd3\xc6", b"ITSF", b"FWS", b"CWS", b"ZWS"),
    # archives that nobody looks into
    *(b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF\0\0\0\0"),
)
_HEAD: Final = 4096
# of a program: where it says at which place its second head stands, and how long the first is
_SECOND_HEAD, _FIRST_HEAD = 0x3C, 0x40


def is_executable(content: bytes) -> bool:
    """Whether a file is a program of some system, a script that a drawing program runs, or an archive for programs."""
    # "MZ" alone stands in many a picture
    return (
        content.startswith(_SIGNATURES)
        or (content[:2] == b"MZ" and (b"PE\0\0" in content[:_HEAD] or _names_second_head(content)))
        or b"DOS mode" in content[:512]
    )


def _names_second_head(content: bytes) -> bool:
    """The first head says where the second stands, be it ever so far behind."""
    if len(content) < _FIRST_HEAD:
        return False
    (place,) = struct.unpack_from("<I", content, _SECOND_HEAD)
    return content[place : place + 4] == b"PE\0\0"


def has_executable_name(name: str) -> bool:
    return PurePosixPath(name.lower().rstrip(". ")).suffix in _ENDINGS
