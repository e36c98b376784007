"""The checks of this folder see every fault of ``faults.py``: of what they say of a release's manifests, something no
longer holds."""

import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.helm import (
    test_chart,
    test_monitoring,
    test_pods,
    test_traffic,
    test_upgrade,
    test_variables,
)
from tests.helm.faults import Fault, faults, with_fault
from tests.helm.rendering import SIZES, Rendered, sizes

_MODULES = (test_pods, test_variables, test_chart, test_upgrade, test_monitoring, test_traffic)
# what a check may ask for
_GIVEN = {"self", "rendered", "containers", "former", "new"}
type Check = Callable[[dict[str, Rendered]], object]


def _checks() -> Iterator[tuple[str, Check]]:
    """Those that look at manifests that were rendered already."""
    for module in _MODULES:
        for name, group in vars(module).items():
            if not name.startswith("Test"):
                continue
            for method, check in vars(group).items():
                if not method.startswith("test_") or not set(inspect.signature(check).parameters) <= _GIVEN:
                    continue
                if _looks_at_manifests(check):
                    yield f"{module.__name__}.{name}.{method}", _check(module, group, check)


def _looks_at_manifests(check: Callable[..., object]) -> bool:
    asked, code = set(inspect.signature(check).parameters), inspect.unwrap(check).__code__
    return bool(asked - {"self"}) or ("sizes" in code.co_names and "kubernetes_validate" not in code.co_names)


def _check(module: ModuleType, group: type, check: Callable[..., object]) -> Check:
    asked = set(inspect.signature(check).parameters)

    def ask(releases: dict[str, Rendered]) -> None:
        for size in SIZES if "rendered" in asked else SIZES[:1]:
            given: dict[str, Any] = {"rendered": releases[size]} if "rendered" in asked else {}
            if "containers" in asked:
                given["containers"] = test_variables.containers_in(releases["small"])
            if "former" in asked:
                given |= {"former": "small", "new": "large"}
            check(group(), **given)

    return ask


class _Asked(Exception):
    """A check that would have something rendered anew: it says nothing of these manifests."""


def _refuse(*_: object, **__: object) -> None:
    raise _Asked


def _seen_by(fault: Fault, checks: list[tuple[str, Check]], monkeypatch: pytest.MonkeyPatch) -> str:
    releases = {size: with_fault(one, fault) for size, one in sizes().items()}
    with monkeypatch.context() as patch:
        # nobody reads how they differ, which takes pytest most of the time
        patch.setattr("_pytest.assertion.util._reprcompare", None)
        for module in _MODULES:
            for name in ("sizes", "render"):
                if hasattr(module, name):
                    patch.setattr(module, name, _refuse if name == "render" else lambda: releases)
        for name, check in checks:
            try:
                check(releases)
            except _Asked:
                continue
            except (AssertionError, LookupError, ValueError, TypeError):
                return name
    return ""


class TestFaults:
    def test_are_seen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        checks = list(_checks())
        found = [fault for fault in faults() if not _seen_by(fault, checks, monkeypatch)]
        assert found == []

    def test_are_none_of_the_chart_s(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The checks hold for the manifests as they are, asked in this way."""
        for _, check in _checks():
            with monkeypatch.context() as patch:
                for module in _MODULES:
                    if hasattr(module, "render"):
                        patch.setattr(module, "render", _refuse)
                try:
                    check(sizes())
                except _Asked:
                    continue
