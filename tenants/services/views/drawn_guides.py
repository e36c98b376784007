"""The parts of an item's page that follow from the item and its guide alone, drawn once for as long as the same is
said. The page around them is made anew whenever anything of the hall or the province changes."""

import zlib
from dataclasses import dataclass
from typing import Final, Self

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from foundation.lru_cache import SharedLruCache
from tenants.services.queries.choosing import GuideChoice
from tenants.services.queries.guide_pages import GuideKey, GuidePage, GuideSource, guide_page
from tenants.shell.layouts.site import linked_data

# in each process; packed they are some 15 kB each
_MOST_BYTES: Final = 6 * 1024 * 1024
# what a kept one costs beyond its parts, most of it its key
_FRAME_BYTES: Final = 4_000
# of zlib: a third of a millisecond to pack, a tenth to unpack
_PACKING: Final = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the guide, as far as it is drawn with it. ``address``: the page's own, ``share`` with what was
    chosen; ``links``: label and route of each; ``above``: parts of other apps."""

    address: str
    share: str
    note: str
    links: tuple[tuple[str, str], ...]
    above: tuple[SafeString, ...]


@dataclass(frozen=True, slots=True)
class DrawnGuide:
    """``body``: the guide, or the page of the ledger, of which ``type_label`` names the type; ``chart``: the flow
    chart, "" where there is none; ``facts``: for search engines."""

    name: str
    type_label: str
    body: SafeString
    chart: SafeString
    facts: SafeString


@dataclass(frozen=True, slots=True)
class _PackedGuide:
    """As text it would be ten times as large. ``parts``: body, chart and facts, which are HTML."""

    name: str
    type_label: str
    parts: tuple[bytes, ...]

    @property
    def size(self) -> int:
        return sum(len(part) for part in self.parts) + _FRAME_BYTES

    @classmethod
    def of(cls, drawn: DrawnGuide) -> Self:
        parts = (drawn.body, drawn.chart, drawn.facts)
        return cls(drawn.name, drawn.type_label, tuple(zlib.compress(part.encode(), _PACKING) for part in parts))

    def unpacked(self) -> DrawnGuide:
        return DrawnGuide(
            self.name, self.type_label, *(SafeString(zlib.decompress(part).decode()) for part in self.parts)
        )


class DrawnGuides:
    """Drawn guides by what they were made of, packed."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self.packed = SharedLruCache[tuple[GuideKey, Frame], _PackedGuide](most_bytes, lambda guide: guide.size)

    def of(self, source: GuideSource, frame: Frame) -> DrawnGuide:
        """The kept one, or one that is drawn now: by two threads at once where both need it first."""
        key = (source.key, frame)
        if kept := self.packed.get(key):
            return kept.unpacked()
        drawn = _draw(guide_page(source, address=frame.address), source.key, frame)
        self.packed.put(key, _PackedGuide.of(drawn))
        return drawn


_kept = DrawnGuides()


def drawn_guide(source: GuideSource, frame: Frame) -> DrawnGuide:
    """The parts of an item's page, drawn before if they were kept."""
    return _kept.of(source, frame)


def _draw(page: GuidePage, key: GuideKey, frame: Frame) -> DrawnGuide:
    share = f"{page.guide.name} {frame.share}"
    tools = {"item_id": key.item_id, "share": share, "links": frame.links, "above": frame.above}
    if page.ledger:
        # nobody asks for a power's help
        said = {"ledger": page.ledger, "note": frame.note, "tools": _part("tools", tools | {"links": (), "above": ()})}
        body = render_to_string("catalogue/ledger.html", said)
    else:
        choice = _choice(key, page.choice)
        said = {"guide": page.guide, "note": frame.note, "chart": page.chart is not None}
        body = render_to_string("catalogue/guide.html", said | {"tools": _part("tools", tools), "choice": choice})
    chart = render_to_string("catalogue/flowchart.html", {"chart": page.chart, "paper": ""}) if page.chart else ""
    return DrawnGuide(
        name=page.guide.name,
        type_label=page.ledger.type_label if page.ledger else "",
        body=body,
        chart=SafeString(chart),
        facts=linked_data(page.facts),
    )


def _choice(key: GuideKey, choice: GuideChoice) -> str:
    """What is asked between the facts and the materials; "" where nothing is."""
    return _part("choice", {"item_id": key.item_id, "choice": choice}) if choice.is_asked else ""


def _part(name: str, context: dict[str, object]) -> str:
    return render_to_string(f"services/site/{name}.html", context)
