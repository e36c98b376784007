"""Every act on a run or an item, in every state, by every kind of person: allowed, or refused with which error."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import pytest
from django.db import transaction

from foundation.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from province.halls.models import Hall
from tenants.workflow.models import Flow, Run, WorkItem
from tenants.workflow.operations import clock, items, returns, runs, signers
from tenants.workflow.states import ItemPart, RunStatus, WorkState
from tests.conftest import person
from tests.factories.runs import DECISIONS, begin_run, do, free_step, item_at, people, row_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

# who has it, who could claim it as well, who started the run, who manages runs here, any colleague, another hall's
PEOPLE: Final = ("cao", "hua", "sun", "he", "li", "zhou")
_LETTERS: Final = {NotAllowed: "P", NotFound: "N", Invalid: "I", Conflict: "C"}
_OTHER: Final = "tao"

# by state, for each of these people in their order: "+" allowed, "P" not permitted, "N" not theirs to know, "I" wrongly
# filled in, "C" not possible now
ITEM_STATES: Final = ("timer", *WorkState.values, "suspended", "terminated")
ITEM_ACTS: Final = {
    "claim_item": "NNNNNP ++NNNP +CNNNP CCNNNP NNNNNP NNNNNP NNNNNP +CNNNP NNNNNP",
    "finish_item": "NNCCNP CCCCNP +CCCNP CCCCNP +NCCNP CNCCNP CNCCNP CCCCNP CNCCNP",
    "put_back_item": "NNCCNP CCCCNP +CCCNP CCCCNP CNCCNP CNCCNP CNCCNP CCCCNP CNCCNP",
    "return_item": "NNCCNP CCCCNP +CCCNP CCCCNP CNCCNP CNCCNP CNCCNP CCCCNP CNCCNP",
    "withdraw_item": "NNNNNP NNNNNP +NNNNP CNNNNP +NNNNP CNNNNP CNNNNP +NNNNP CNNNNP",
    "add_signer": "NNCCNP CCCCNP +CCCNP CCCCNP CNCCNP CNCCNP CNCCNP CCCCNP CNCCNP",
    "delegate_item": "NNCCNP CCCCNP +CCCNP CCCCNP CNCCNP CNCCNP CNCCNP CCCCNP CNCCNP",
    "remove_signer": "NNNNNP NNNNNP NNNNNP NNNNNP NNNNNP NNNNNP NNNNNP NNNNNP NNNNNP",
    "transfer_item": "NNCCNP CCCCNP +CCCNP CCCCNP CNCCNP CNCCNP CNCCNP CCCCNP CNCCNP",
    "urge_item": "NNCCNP CC++NP CN++NP CNCCNP CNCCNP CNCCNP CNCCNP CNCCNP CNCCNP",
    "release_item": "PPP+PP PPPCPP PPPCPP PPPCPP PPPCPP PPPCPP PPPCPP PPPCPP PPPCPP",
}
RUN_STATES: Final = tuple(RunStatus.values)
RUN_ACTS: Final = {
    "jump_run": "PPP+PP PPPCPP PPPCPP PPPCPP PPPCPP PPPCPP",
    "copy_run": "CCC+CP CCC+CP CCC+CP CCC+CP CCC+CP CCC+CP",
    "cancel_run": "CC+CCP CCCCCP CCCCCP CCCCCP CCCCCP CC+CCP",
    "resume_run": "PPPCPP PPP+PP PPPCPP PPPCPP PPPCPP PPPCPP",
    "suspend_run": "PPP+PP PPPCPP PPPCPP PPPCPP PPPCPP PPPCPP",
    "terminate_run": "PPP+PP PPP+PP PPPCPP PPPCPP PPPCPP PPPCPP",
    "deliver_message": "PPPCPP PPPCPP PPPCPP PPPCPP PPPCPP PPPCPP",
}


def _given(name: str) -> dict[str, Any]:
    """What an act asks for besides whom and what."""
    opinion = {"opinion": "原因"}
    return {
        "finish_item": opinion | {"outcome": "agreed"},
        "return_item": opinion,
        "transfer_item": {"to_id": person(_OTHER).id},
        "delegate_item": {"to_id": person(_OTHER).id},
        "add_signer": {"people": [person(_OTHER).id], "place": ItemPart.BESIDE},
        "jump_run": opinion | {"step": "last"},
        "copy_run": {"people": [person(_OTHER).id]},
        "deliver_message": {"message": "payment"},
        **dict.fromkeys(("terminate_run", "suspend_run", "cancel_run"), opinion),
    }.get(name, {})


def _acts(key: str, *modules: ModuleType) -> dict[str, Callable[..., object]]:
    """The operations that somebody calls on an item, or on a run."""
    found = {}
    for module in modules:
        for name, one in inspect.getmembers(module, inspect.isfunction):
            asked = set(inspect.signature(one).parameters)
            if one.__module__ == module.__name__ and not name.startswith("_") and {"by", "hall", key} <= asked:
                is_of_run = "run_id" in asked
                if is_of_run == (key == "run_id"):
                    found[name] = one
    return found


def _flow(hall: Hall) -> Flow:
    return row_of(
        hall,
        free_step("first", {"kind": "initiator"}),
        free_step("post", people("cao", "hua"), outcomes=DECISIONS),
        free_step("last", people(_OTHER)),
        code="table",
    )


def _at_post(hall: Hall, flow: Flow) -> tuple[Run, WorkItem]:
    run = begin_run(hall, flow)
    do(hall, run, "first", "sun")
    return run, item_at(run, "post")


def _in_state(hall: Hall, flow: Flow, state: str) -> tuple[Run, WorkItem]:
    """A run with an item in this state, brought there by acts."""
    if state == "timer":
        wait = {"type": "timer", "name": "pause", "wait": {"amount": 1, "unit": "hours"}}
        run = begin_run(hall, row_of(hall, wait, free_step("last", people(_OTHER)), code="pause"))
        return run, item_at(run, "pause")
    if state == "withdrawn":
        run = begin_run(hall, flow)
        runs.cancel_run(by=person("sun"), hall=hall, run_id=run.pk, opinion="原因")
        return run, WorkItem.objects.get(run=run)
    run, item = _at_post(hall, flow)
    own: dict[str, Any] = {"by": person("cao"), "hall": hall, "item_id": item.pk}
    managed: dict[str, Any] = {"by": person("he"), "hall": hall, "run_id": run.pk, "opinion": "原因"}
    if state != "to_claim":
        items.claim_item(**own)
    by_acts: dict[str, Callable[[], object]] = {
        "waiting": lambda: signers.delegate_item(**own, to_id=person(_OTHER).id),
        "done": lambda: items.finish_item(**own, outcome="agreed", opinion="原因"),
        "returned": lambda: returns.return_item(**own, opinion="原因"),
        "cancelled": lambda: returns.jump_run(**managed, step="last"),
        "suspended": lambda: runs.suspend_run(**managed),
        "terminated": lambda: runs.terminate_run(**managed),
        "refused": lambda: items.finish_item(**own, outcome="refused", opinion="原因"),
        "finished": lambda: (
            items.finish_item(**own, outcome="agreed", opinion="原因"),
            do(hall, run, "last", _OTHER),
        ),
    }
    by_acts.get(state, lambda: None)()
    return run, item


def _tried(act: Callable[..., object], **given: Any) -> str:
    with transaction.atomic():
        try:
            act(**given)
            found = "+"
        except DomainError as refusal:
            found = next(letter for kind, letter in _LETTERS.items() if isinstance(refusal, kind))
        transaction.set_rollback(True)
    return found


class TestEveryAct:
    @pytest.mark.parametrize(
        ("key", "states", "declared"), [("item_id", ITEM_STATES, ITEM_ACTS), ("run_id", RUN_STATES, RUN_ACTS)]
    )
    def test_is_allowed_or_refused_as_the_table_says(
        self, north: Hall, key: str, states: tuple[str, ...], declared: dict[str, str]
    ) -> None:
        acts = _acts(key, items, returns, signers, runs, clock)
        assert set(acts) == set(declared), "an act without a row, or a row without an act"
        actors = [person(one) for one in PEOPLE]
        strays = []
        with inside(north):
            flow = _flow(north)
            for place, state in enumerate(states):
                run, item = _in_state(north, flow, state)
                for name, act in acts.items():
                    given = {"hall": north, key: item.pk if key == "item_id" else run.pk} | _given(name)
                    found = "".join(_tried(act, by=one, **given) for one in actors)
                    if found != (said := declared[name].split()[place]):
                        strays.append(f"{name} in {state}: {found}, not {said}")
        assert strays == []
