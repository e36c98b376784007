"""How an app takes part in what another app shows, without the two knowing each other.

The app that shows something declares a ``Slot`` (``NAVIGATION``, ``SEARCH``, …). Every app says in its
``contribution.py``, in one ``Contribution``, what it puts into which slots. All of them are read once at start
(``gather_contributions``); what does not fit stops the program.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True, slots=True)
class Filling:
    """What one app puts into one slot; made by calling the slot."""

    slot: "Slot[Any]"
    entries: tuple[Any, ...]


class Slot[Entry]:
    """A place that apps fill. ``name``: ``console.navigation``, the label of the app that shows it and a word.

    ``keys``: what of an entry may occur once among all entries.
    """

    def __init__(self, name: str, *, keys: Callable[[Entry], Iterable[Hashable]]) -> None:
        self.name = name
        self.keys = keys
        # with the label of the app that gave it
        self._entries: tuple[tuple[str, Entry], ...] = ()

    def __call__(self, *entries: Entry) -> Filling:
        """What one app puts here."""
        return Filling(self, entries)

    def entries(self, *, without: Iterable[str] = ()) -> list[Entry]:
        """In the order of the apps in the settings. ``without``: labels of apps that are left out."""
        left_out = frozenset(without)
        return [entry for label, entry in self._entries if label not in left_out]

    def fill(self, entries: Iterable[tuple[str, Entry]]) -> None:
        """Replace what is here. Raises ImproperlyConfigured for two entries that share a key."""
        found = tuple(entries)
        givers: dict[Hashable, str] = {}
        for label, entry in found:
            for key in self.keys(entry):
                if key in givers:
                    message = f"“{self.name}”里的 {key!r} 有两份：{givers[key]} 和 {label}。"
                    raise ImproperlyConfigured(message)
                givers[key] = label
        self._entries = found


class Contribution:
    """Everything that one app contributes: ``Contribution(NAVIGATION(…), SEARCH(…))``."""

    def __init__(self, *fillings: Filling) -> None:
        self.fillings = fillings


def gather_contributions() -> None:
    """Read ``contribution.contribution`` of every installed app that has one, and fill the slots. Called once at start,
    by the lowest app that shows something."""
    found: dict[str, Contribution] = {}
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "contribution"):
            found[config.label] = getattr(import_module(f"{config.name}.contribution"), "contribution", None)  # type: ignore[assignment]  # looked at below
    fill_slots(found, labels={config.label for config in apps.get_app_configs()})


def fill_slots(contributions: Mapping[str, Contribution], *, labels: Iterable[str]) -> None:
    """``contributions`` by the label of their app; ``labels``: of all installed apps. Raises ImproperlyConfigured for
    what is no contribution, for a slot that nobody shows and for doubles."""
    known = frozenset(labels)
    slots: dict[str, Slot[Any]] = {}
    entries: dict[str, list[tuple[str, Any]]] = {}
    for label, contribution in contributions.items():
        for slot, given in _fillings(label, contribution):
            if slot.name.partition(".")[0] not in known:
                message = f"{label} 填写了“{slot.name}”，但展示它的应用没有安装。"
                raise ImproperlyConfigured(message)
            if slots.setdefault(slot.name, slot) is not slot:
                message = f"有两个插槽都叫“{slot.name}”。"
                raise ImproperlyConfigured(message)
            entries.setdefault(slot.name, []).extend((label, one) for one in given)
    for name, slot in slots.items():
        slot.fill(entries[name])


def _fillings(label: str, contribution: object) -> Iterable[tuple[Slot[Any], tuple[Any, ...]]]:
    if not isinstance(contribution, Contribution):
        message = f"{label} 的 contribution.py 里没有名为 contribution 的 Contribution。"
        raise ImproperlyConfigured(message)
    seen: set[str] = set()
    for one in contribution.fillings:
        if not isinstance(one, Filling):
            message = f"{label} 的 Contribution 里有不属于任何插槽的内容：{one!r}。"
            raise ImproperlyConfigured(message)
        if one.slot.name in seen:
            message = f"{label} 的 Contribution 两次填写“{one.slot.name}”。"
            raise ImproperlyConfigured(message)
        seen.add(one.slot.name)
        yield one.slot, one.entries
