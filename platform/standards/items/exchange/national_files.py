"""A whole file for the national exchange, and what is said of it before it leaves: which items it cannot take, and what
of the others it does not carry."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Final

from foundation.errors import Invalid
from standards.items.exchange.items import ExchangeItem
from standards.items.exchange.national_json import write_national_json
from standards.items.exchange.national_rows import untold_by
from standards.items.exchange.national_xml import write_national_xml

NATIONAL_FORMATS: Final[Mapping[str, Callable[[Iterable[ExchangeItem]], Iterator[bytes]]]] = {
    "xml": write_national_xml,
    "json": write_national_json,
}
_IN_MEMORY: Final = 8 * 1024 * 1024
_PIECE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An item that the national schema refuses: its code, its name, and in ``message`` what is wrong."""

    code: str
    name: str
    message: str


@dataclass(slots=True)
class NationalReport:
    """What a national file would hold: how many ``items``; those that the schema refuses (``held_back``); and what the
    exchange has no place for, with how many items say it (``untold``)."""

    items: int = 0
    held_back: list[HeldBack] = field(default_factory=list)
    untold: dict[str, int] = field(default_factory=dict)

    def lines(self) -> Iterator[tuple[str, str, str]]:
        """Yield the report as a table: code, name, and what is to be known."""
        for one in self.held_back:
            yield one.code, one.name, one.message
        for label, count in self.untold.items():
            yield "", "", f"{label}：{count:,} 个事项填了，国家交换格式没有这一栏。"


def national_report(items: Iterable[ExchangeItem], *, kind: str) -> NationalReport:
    """Look through the items before they are written. ``kind``: one of NATIONAL_FORMATS; XML refuses more."""
    report = NationalReport()
    for item in items:
        if refusal := _refusal(item, kind):
            report.held_back.append(HeldBack(item.code, item.name, refusal))
            continue
        report.items += 1
        for label in untold_by(item):
            report.untold[label] = report.untold.get(label, 0) + 1
    return report


def national_file(items: Iterable[ExchangeItem], *, kind: str, leaves_out: bool = False) -> Iterator[bytes]:
    """Return the whole file piece by piece; nothing of it is handed over before the last item is written.

    ``leaves_out``: without those that the schema refuses. Otherwise raises Invalid at the first of them; in either case
    for a ``kind`` that is none of NATIONAL_FORMATS.
    """
    if kind not in NATIONAL_FORMATS:
        raise Invalid.at("format", f"没有这种格式，可选的有：{'、'.join(NATIONAL_FORMATS)}。")
    kept = (item for item in items if not _refusal(item, kind)) if leaves_out else items
    pieces = _Pieces()
    try:
        pieces.write(NATIONAL_FORMATS[kind](kept))
    except BaseException:
        pieces.close()
        raise
    return pieces


class _Pieces(Iterator[bytes]):
    """A file that is gone once it was read to its end, closed (as an answer closes what it streams), or forgotten."""

    def __init__(self) -> None:
        self._spool = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by ``close``

    def write(self, written: Iterable[bytes]) -> None:
        self._spool.writelines(written)
        self._spool.seek(0)

    def __next__(self) -> bytes:
        piece = self._spool.read(_PIECE)
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        self._spool.close()

    def __del__(self) -> None:
        self.close()


def _refusal(item: ExchangeItem, kind: str) -> str:
    try:
        for _ in NATIONAL_FORMATS[kind]([item]):
            pass
    except Invalid as refusal:
        return refusal.message
    return ""
