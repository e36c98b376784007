"""A view that hands out a person's data in full has asked for a fresh proof first."""

import ast

import pytest

from tests.architecture.calls import called, modules

CITIZENS = "province.citizens.operations"
FRESH, FRESH_CITIZEN = "province.console.access.require_fresh", "province.citizens.access.require_fresh_citizen"
# operation -> what pages and interfaces ask for before they call it
IN_FULL = {
    f"{CITIZENS}.citizens.reveal_citizen": FRESH,
    f"{CITIZENS}.mandates.open_paper": FRESH,
    "province.content.operations.contacts.reveal_contact": FRESH,
    "province.content.operations.contacts.export_contacts": FRESH,
    f"{CITIZENS}.citizens.export_citizen": FRESH_CITIZEN,
}


# views and endpoints that open a personal value themselves, each with its reason
OPENED = {"province.people.views.contacts": "one's own card, in the form in which one changes it"}


def callers(operation: str) -> list[str]:
    """Views and endpoints that name it. ``citizens.reveal_citizen`` of an imported module counts, too."""
    return [
        f"{module.name}.{name}"
        for module in modules().values()
        if {"views", "api"} & set(module.name.split("."))
        for name, function in module.functions.items()
        if operation in called(module, function)
    ]


@pytest.mark.parametrize("operation", IN_FULL)
class TestDataInFull:
    def test_is_shown_after_a_fresh_proof(self, operation: str) -> None:
        found = callers(operation)
        assert found
        for one in found:
            owner, _, name = one.rpartition(".")
            module = modules()[owner]
            assert IN_FULL[operation] in called(module, module.functions[name]), one

    def test_comes_out_nowhere_else(self, operation: str) -> None:
        """No other operation, task or command hands it on."""
        others = [
            f"{module.name}.{name}"
            for module in modules().values()
            if not {"views", "api"} & set(module.name.split("."))
            for name, function in module.functions.items()
            if operation in called(module, function) and f"{module.name}.{name}" != operation
        ]
        assert others == []


class TestPlainText:
    def test_is_read_where_it_is_handed_out_and_where_something_is_done_with_it(self) -> None:
        """``.plain`` opens a personal value."""
        assert {name for name in modules() if {"views", "api"} & set(name.split(".")) and _opens(name)} == set(OPENED)


def _opens(name: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "plain"
        for function in modules()[name].functions.values()
        for node in ast.walk(function)
    )
