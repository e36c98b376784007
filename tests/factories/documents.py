"""Documents as people have them, and as those build them who mean harm."""

import struct
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

_SECTOR = 512
_FREE, _END, _OF_TABLE, _NOBODY = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(change: Callable[[Pdf], None] | None = None, **saved: Any) -> bytes:
    """A document of one page; ``change`` puts something into it, ``saved`` is how pikepdf writes it."""
    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if change:
            change(document)
        document.save(out, **saved)
    return out.getvalue()


def action(kind: str, **facts: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **facts)


def javascript() -> Dictionary:
    return action("JavaScript", JS=String("app.alert(1)"))


def opening(made: Callable[[Pdf], Any]) -> Callable[[Pdf], None]:
    """What happens as soon as the document is open."""

    def change(document: Pdf) -> None:
        document.Root.OpenAction = made(document)

    return change


def annotation(document: Pdf, **facts: Any) -> None:
    note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 99, 99]), **facts)
    document.pages[0].Annots = Array([document.make_indirect(note)])


def linked(address: str) -> Callable[[Pdf], None]:
    return lambda document: annotation(document, Subtype=Name.Link, A=action("URI", URI=String(address)))


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams, the folders in their paths made as needed. Streams are as long as they must
    be not to lie in the small ones' table."""
    names: list[tuple[str, int, bytes]] = [("Root Entry", 5, b"")]
    children: dict[int, list[int]] = {0: []}
    folders = {"": 0}
    for path, content in streams.items():
        above = 0
        *parts, last = path.split("/")
        for depth, part in enumerate(parts):
            whole = "/".join(parts[: depth + 1])
            if whole not in folders:
                folders[whole] = len(names)
                children[above].append(len(names))
                children[len(names)] = []
                names.append((part, 1, b""))
            above = folders[whole]
        children[above].append(len(names))
        names.append((last, 2, content + b"\0" * max(0, 4096 - len(content))))
    table: list[int] = []
    body = b""

    def put(content: bytes) -> int:
        nonlocal body
        content += b"\0" * (-len(content) % _SECTOR)
        count, first = len(content) // _SECTOR, len(table)
        table.extend([*range(first + 1, first + count), _END])
        body += content
        return first

    places = [put(content) if kind == 2 else 0 for _, kind, content in names]
    following = {one: other for of in children.values() for one, other in pairwise(of)}
    entries = b"".join(
        (name.encode("utf-16-le") + b"\0\0").ljust(64, b"\0")
        + struct.pack(
            "<HBBIII", len(name) * 2 + 2, kind, 1, _NOBODY, following.get(number, _NOBODY), _first(children, number)
        )
        + b"\0" * 36
        + struct.pack("<IQ", _END if kind == 5 else places[number], len(content))
        for number, (name, kind, content) in enumerate(names)
    )
    directory = put(entries + (b"\0" * 68 + struct.pack("<III", *[_NOBODY] * 3) + b"\0" * 48) * (-len(names) % 4))
    room = -(-(len(table) + 1) // 128)
    first_of_table = len(table)
    table += [_OF_TABLE] * room
    table += [_FREE] * (room * 128 - len(table))
    assert len(table) == room * 128, "too large for this"
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, room, directory, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", *[*range(first_of_table, first_of_table + room), *[_FREE] * (109 - room)])
    return head + body + struct.pack(f"<{len(table)}I", *table)


def _first(children: Mapping[int, list[int]], number: int) -> int:
    return next(iter(children.get(number, [])), _NOBODY)


def old_document(**streams: bytes) -> bytes:
    """As Word 97 writes it, with more streams: slashes as double underscores."""
    return ole({"WordDocument": b"\xec\xa5" + b"\0" * 4094, "1Table": b"\0" * 4096} | _paths(streams))


def _paths(named: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name.replace("__", "/"): content for name, content in named.items()}


def office(
    main: str = "word/document.xml",
    *,
    relations: str = "",
    content: str | bytes = "",
    types: str = "",
    parts: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """A new Office file. ``relations``: what stands in the list of links of its main part; ``content``: what in it."""
    folder, _, name = main.rpartition("/")
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        )
        archive.writestr(
            f"{folder}/_rels/{name}.rels", f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>'
        )
        archive.writestr(main, content or f'<w:document xmlns:w="{WORD}"/>')
        for path, part in (parts or {}).items():
            archive.writestr(path, part)
    return out.getvalue()


def relation(kind: str, target: str, *, is_outside: bool = True) -> str:
    mode = ' TargetMode="External"' if is_outside else ""
    return f'<Relationship Id="rId{abs(hash((kind, target)))}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'


def field(*runs: str) -> str:
    """A paragraph with one field, whose instructions are cut into these runs."""
    cut = "".join(f'<w:r><w:instrText xml:space="preserve">{run}</w:instrText></w:r>' for run in runs)
    return (
        f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{cut}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:body></w:document>'
    )
