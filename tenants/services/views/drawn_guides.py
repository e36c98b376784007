"""The parts of an item's page that follow from the item and its guide alone, drawn once for as long as the same is
said. The page around them is made anew whenever anything of the hall or the province changes."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tenants.services.queries.choosing import GuideChoice
from tenants.services.queries.guide_pages import GuideKey, GuidePage, GuideSource, guide_page
from tenants.shell.layouts.site import linked_data

# in each process, of some 100 kB each
_MOST: Final = 256


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


class DrawnGuides:
    """Drawn guides by what they were made of, the least lately used one leaving first."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._drawn: OrderedDict[tuple[GuideKey, Frame], DrawnGuide] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._drawn)

    def of(self, source: GuideSource, frame: Frame) -> DrawnGuide:
        """The kept one, or one that is drawn now: by two threads at once where both need it first."""
        key = (source.key, frame)
        with self._lock:
            if kept := self._drawn.get(key):
                self._drawn.move_to_end(key)
                return kept
        drawn = _draw(guide_page(source, address=frame.address), source.key, frame)
        with self._lock:
            self._drawn[key] = drawn
            while len(self._drawn) > self._most:
                self._drawn.popitem(last=False)
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
