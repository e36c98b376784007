"""Codes that are put together segment after segment, and what is wrong with one, said by its segment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

DIGITS: Final = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class CodeFault:
    """``part`` is the part of the code that is wrong; ``message`` says where it stands and why, in plain Chinese."""

    part: str
    message: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Some characters in a row. ``allowed`` lists all values that it may have; empty: any."""

    label: str
    width: int
    characters: frozenset[str] = DIGITS
    allowed: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CodeRule:
    """How a code is put together, segment after segment."""

    label: str
    segments: tuple[Segment, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "CodeRule":
        return cls(
            data["label"],
            tuple(Segment(one["label"], one["width"], allowed=one.get("allowed")) for one in data["segments"]),
        )

    @property
    def length(self) -> int:
        return sum(segment.width for segment in self.segments)

    def parts_of(self, code: str) -> dict[str, str]:
        """The code's parts by their labels."""
        return {segment.label: code[start:end] for segment, start, end in self.places()}

    def faults_of(self, code: str, *, expected: Mapping[str, str] | None = None) -> list[CodeFault]:
        """What is wrong with the code; ``expected`` are the values that some parts must have."""
        if len(code) != self.length:
            return [CodeFault(self.label, f"{self.label}应为 {self.length} 位，现在是 {len(code)} 位。")]
        faults = []
        for segment, start, end in self.places():
            value, place = code[start:end], f"{self.label}第 {span(start, end)} 位（{segment.label}）"
            if strange := [character for character in value if character not in segment.characters]:
                wanted = "只能是数字" if segment.characters == DIGITS else "只能是数字和除 I、O、Z、S、V 外的大写字母"
                faults.append(CodeFault(segment.label, f"{place}{wanted}，现在有“{strange[0]}”。"))
            elif segment.allowed and value not in segment.allowed:
                known = "、".join(f"{key} {label}" for key, label in segment.allowed.items())
                faults.append(CodeFault(segment.label, f"{place}没有“{value}”这个代码，可用的有：{known}。"))
            elif expected and (wanted := expected.get(segment.label, "")) and value != wanted:
                faults.append(CodeFault(segment.label, f"{place}是“{value}”，应为“{wanted}”。"))
        return faults

    def places(self) -> Iterator[tuple[Segment, int, int]]:
        start = 0
        for segment in self.segments:
            yield segment, start, start + segment.width
            start += segment.width


def span(start: int, end: int) -> str:
    """The places of a segment as people count them: 3, or 3–4."""
    return str(end) if end - start == 1 else f"{start + 1}–{end}"
