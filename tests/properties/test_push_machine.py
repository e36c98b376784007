"""Everything that can be done to pushes, in any order and repeated, against a model of a few lines; and at once, in
threads, against the same model by the order in which the acts were written down."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from foundation.errors import Conflict, DomainError
from province.audit.models import AuditEntry
from province.content.models import ManuscriptVersion, Push, PushScope, ScopeGeneration
from province.content.operations.decisions import adopt_push, decline_push, move_push, undo_decision
from province.content.operations.pushes import (
    begin_push,
    expire_push,
    push_version,
    replace_version,
    restore_push,
    resume_push,
    stop_push,
    withdraw_push,
)
from province.content.queries.audiences import Audience, Scope
from province.content.queries.generations import page_generations
from province.content.queries.pushes import listed_by_column, offered_pushes, push_on_hall
from province.content.states import PageAnswer, PushMode, PushState, WithdrawalKind
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.manuscripts import COUNTY, make_approved_version
from tests.factories.pushes import EVERYBODY, make_push
from tests.races import at_once
from tests.soak import SOAK

COLUMNS = ("news", "notices")
# the halls that each audience means, by their slugs
AUDIENCES = {
    "all": (EVERYBODY, {"north", "south", "village"}),
    "county": (Audience((Scope(COUNTY),)), {"north", "village"}),
    "villages": (Audience((Scope("4205", ("village",)),)), {"village"}),
    "but the county": (Audience((Scope("42"), Scope("4205")), (Scope(COUNTY),)), {"south"}),
}
ANSWERS = {
    WithdrawalKind.GONE: PageAnswer.GONE,
    WithdrawalKind.REDIRECT: PageAnswer.REDIRECT,
    WithdrawalKind.NOTICE: PageAnswer.NOTICE,
    WithdrawalKind.VANISH: PageAnswer.MISSING,
    WithdrawalKind.SUBSTITUTE: PageAnswer.SHOWN,
}


@dataclass
class _Push:
    """What the model knows of one push."""

    audience: str
    column: str
    mode: PushMode
    state: PushState
    version: UUID
    kind: WithdrawalKind | None = None
    substitute: UUID | None = None
    has_begun: bool = False
    # slug -> (decision, column)
    decisions: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def shown(self) -> UUID:
        return self.substitute or self.version

    @property
    def is_listed(self) -> bool:
        return self.state == PushState.LIVE or (self.substitute is not None and self.state == PushState.WITHDRAWN)

    @property
    def answer(self) -> PageAnswer:
        if self.state == PushState.WITHDRAWN and self.kind:
            return ANSWERS[self.kind]
        return {PushState.LIVE: PageAnswer.SHOWN, PushState.EXPIRED: PageAnswer.GONE}.get(
            self.state, PageAnswer.MISSING
        )

    def page_at(self, slug: str) -> tuple[PageAnswer, str] | None:
        is_there = slug in AUDIENCES[self.audience][1] and self.answer != PageAnswer.MISSING
        if self.mode == PushMode.OFFERED:
            is_there = is_there and self.decisions.get(slug, ("", ""))[0] == "adopted"
        has_text = self.answer in {PageAnswer.SHOWN, PageAnswer.NOTICE}
        return (self.answer, str(self.shown) if has_text else "") if is_there else None

    def column_at(self, slug: str) -> str | None:
        """Where lists of this hall show it."""
        if not self.is_listed or slug not in AUDIENCES[self.audience][1]:
            return None
        decision, column = self.decisions.get(slug, ("", ""))
        if self.mode == PushMode.OFFERED:
            return column if decision == "adopted" else None
        return column or self.column


class PushMachine(RuleBasedStateMachine):
    pushes = Bundle("pushes")

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.zhao = person("zhao")
        self.halls = {hall.slug: hall for hall in Hall.objects.all()}
        self.editors = {"north": person("sun"), "south": person("zhou"), "village": person("zhao")}
        self.spare = [make_approved_version(title=f"替换{number}") for number in range(2)]
        self.model: dict[UUID, _Push] = {}
        self.seen: dict[str, tuple[str, object]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @rule(
        target=pushes,
        audience=st.sampled_from(sorted(AUDIENCES)),
        column=st.sampled_from(COLUMNS),
        mode=st.sampled_from(PushMode),
        is_later=st.booleans(),
    )
    def push(self, *, audience: str, column: str, mode: PushMode, is_later: bool) -> Push:
        now = timezone.now()
        pushed = make_push(
            audience=AUDIENCES[audience][0],
            column=column,
            mode=mode,
            starts_at=now + timedelta(hours=1) if is_later else None,
            expires_at=now + timedelta(hours=2),
        )
        state = PushState.SCHEDULED if is_later else PushState.LIVE
        self.model[pushed.pk] = _Push(audience, column, mode, state, pushed.version_id)
        return pushed

    @rule(push=pushes)
    def push_again(self, *, push: Push) -> None:
        """Push a version again to the halls of an earlier push: refused while that one is under way."""
        known = self.model[push.pk]
        again = {"by": self.zhao, "audience": AUDIENCES[known.audience][0], "column": known.column}
        version = ManuscriptVersion.objects.get(pk=known.version)
        if known.state in {PushState.SCHEDULED, PushState.LIVE}:
            with pytest.raises(Conflict):
                push_version(version=version, **again)  # type: ignore[arg-type]

    @rule(push=pushes, kind=st.sampled_from(WithdrawalKind), spare=st.integers(0, 1), times=st.integers(1, 2))
    def withdraw(self, *, push: Push, kind: WithdrawalKind, spare: int, times: int) -> None:
        known, substitute = self.model[push.pk], self.spare[spare]
        for _ in range(times):
            self._do(
                lambda: withdraw_push(
                    by=self.zhao,
                    push=push,
                    kind=kind,
                    reason="有误",
                    redirect_url="/c/news/",
                    substitute=substitute,
                ),
                is_allowed=known.state in {PushState.LIVE, PushState.WITHDRAWN},
                change=lambda: self._withdrawn(known, kind, substitute.pk),
            )

    @staticmethod
    def _withdrawn(known: _Push, kind: WithdrawalKind, substitute: UUID) -> None:
        known.state, known.kind = PushState.WITHDRAWN, kind
        known.substitute = substitute if kind == WithdrawalKind.SUBSTITUTE else None

    @rule(push=pushes)
    def restore(self, *, push: Push) -> None:
        known = self.model[push.pk]

        def change() -> None:
            known.state, known.kind, known.substitute = PushState.LIVE, None, None

        is_allowed = known.state == PushState.WITHDRAWN
        self._do(lambda: restore_push(by=self.zhao, push=push), is_allowed=is_allowed, change=change)

    @rule(push=pushes)
    def replace(self, *, push: Push) -> None:
        known = self.model[push.pk]
        newer = make_approved_version(manuscript=push.version.manuscript)

        def change() -> None:
            known.version = newer.pk

        self._do(
            lambda: replace_version(by=self.zhao, push=push, version=newer),
            is_allowed=known.state in {PushState.SCHEDULED, PushState.LIVE},
            change=change,
        )

    @rule(push=pushes)
    def stop(self, *, push: Push) -> None:
        self._move(push, stop_push, PushState.SCHEDULED, PushState.STOPPED)

    @rule(push=pushes)
    def resume(self, *, push: Push) -> None:
        after = PushState.LIVE if self.model[push.pk].has_begun else PushState.SCHEDULED
        self._move(push, resume_push, PushState.STOPPED, after)

    @rule(push=pushes, times=st.integers(1, 2))
    def begin(self, *, push: Push, times: int) -> None:
        """Its hour comes; the event may be handled twice, and before the hour too."""
        begin_push(push_id=push.pk)
        Push.objects.filter(pk=push.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
        known = self.model[push.pk]
        known.has_begun = True
        for _ in range(times):
            begin_push(push_id=push.pk)
        if known.state == PushState.SCHEDULED:
            known.state = PushState.LIVE

    @rule(push=pushes, times=st.integers(1, 2))
    def expire(self, *, push: Push, times: int) -> None:
        """Its end comes; afterwards the clock is turned back for the acts that follow."""
        expire_push(push_id=push.pk)
        later = Push.objects.get(pk=push.pk).expires_at
        Push.objects.filter(pk=push.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
        for _ in range(times):
            expire_push(push_id=push.pk)
        Push.objects.filter(pk=push.pk).update(expires_at=later)
        known = self.model[push.pk]
        if known.is_listed:
            known.state = PushState.EXPIRED

    @rule(
        push=pushes,
        slug=st.sampled_from(["north", "south"]),
        act=st.sampled_from(["adopt", "decline", "move", "undo"]),
        column=st.sampled_from(COLUMNS),
    )
    def decide(self, *, push: Push, slug: str, act: str, column: str) -> None:
        known = self.model[push.pk]
        at = {"by": self.editors[slug], "hall": self.halls[slug], "push_id": push.pk}
        acts: dict[str, Callable[[], Any]] = {
            "adopt": lambda: adopt_push(**at, column=column),  # type: ignore[arg-type]
            "decline": lambda: decline_push(**at, reason="与本地无关"),  # type: ignore[arg-type]
            "move": lambda: move_push(**at, column=column),  # type: ignore[arg-type]
            "undo": lambda: undo_decision(**at),  # type: ignore[arg-type]
        }
        is_offered = known.mode == PushMode.OFFERED
        is_readable = known.is_listed and slug in AUDIENCES[known.audience][1]
        is_adopted = known.decisions.get(slug, ("", ""))[0] == "adopted"
        allowed = {
            "adopt": is_readable and is_offered,
            "decline": is_readable and is_offered,
            "move": is_readable and (is_adopted or not is_offered),
            "undo": True,
        }

        def change() -> None:
            if act == "undo":
                known.decisions.pop(slug, None)
            elif act == "decline":
                known.decisions[slug] = ("declined", "")
            else:
                known.decisions[slug] = ("adopted" if is_offered else "moved", column)

        self._do(acts[act], is_allowed=allowed[act], change=change)

    def _move(self, push: Push, act: Callable[..., Push], before: PushState, after: PushState) -> None:
        known = self.model[push.pk]

        def change() -> None:
            known.state = after

        self._do(lambda: act(by=self.zhao, push=push), is_allowed=known.state == before, change=change)

    @staticmethod
    def _do(act: Callable[[], Any], *, is_allowed: bool, change: Callable[[], None]) -> None:
        if is_allowed:
            act()
            change()
            return
        with pytest.raises(DomainError):
            act()

    @invariant()
    def sites_show_what_the_model_says(self) -> None:
        for slug, hall in self.halls.items():
            generations = page_generations(hall)
            listed = {
                line.id: column for column, lines in listed_by_column(hall, COLUMNS, limit=99).items() for line in lines
            }
            columns = {key: known.column_at(slug) for key, known in self.model.items()}
            assert listed == {key: column for key, column in columns.items() if column}
            pages = {key: page for key in self.model if (page := self._page(hall, key))}
            assert pages == {key: known.page_at(slug) for key, known in self.model.items() if known.page_at(slug)}
            assert {line.id for line in offered_pushes(hall)} == {
                key
                for key, known in self.model.items()
                if known.mode == PushMode.OFFERED
                and known.is_listed
                and slug in AUDIENCES[known.audience][1]
                and slug not in known.decisions
            }
            before = self.seen.get(slug)
            self.seen[slug] = (generations, (listed, pages))
            # what readers see never changes under an unchanged key
            assert before is None or before[0] != generations or before[1] == (listed, pages)

    @staticmethod
    def _page(hall: Hall, push_id: UUID) -> tuple[PageAnswer, str] | None:
        page = push_on_hall(hall, push_id)
        return (page.answer, page.marker) if page else None


class TestPushMachine:
    @pytest.mark.soak
    @pytest.mark.django_db
    def test_agrees_with_its_model(self) -> None:
        run_state_machine_as_test(
            PushMachine,
            settings=settings(
                max_examples=100 if SOAK else 8,
                stateful_step_count=20,
                suppress_health_check=list(HealthCheck),
            ),
        )


class TestRace:
    def test_ends_as_the_acts_one_after_the_other_would(self, fresh_database: None) -> None:
        """Four people act on three pushes whose audiences share scopes, in different orders."""
        audiences = [
            Audience((Scope("420582"), Scope("420583"))),
            Audience((Scope("420583"), Scope("4205", ("village",)))),
            EVERYBODY,
        ]
        pushes = [make_push(title=f"第{number}篇", audience=audience) for number, audience in enumerate(audiences)]
        substitute = make_approved_version()
        chance = random.Random(42)  # noqa: S311 - the same race every time, as far as threads allow
        results = at_once(*(_somebody(pushes, substitute, chance.randrange(2**32)) for _ in range(4)))
        assert [one for one in results if isinstance(one, Exception)] == []
        for push in pushes:
            _check_end_state(push.pk)
        for prefix, generation in ScopeGeneration.objects.values_list("prefix", "generation"):
            turns = [scope.push.turn for scope in PushScope.objects.filter(prefix=prefix).select_related("push")]
            assert generation == sum(turns)

    def test_of_two_identical_pushes_has_one_winner(self, fresh_database: None) -> None:
        version = make_approved_version()

        def push() -> Push:
            return push_version(by=person("zhao"), version=version, audience=EVERYBODY, column="news")

        results = at_once(push, push, push)
        assert sorted(type(one).__name__ for one in results) == ["Conflict", "Conflict", "Push"]
        assert Push.objects.count() == 1

    def test_of_a_stop_with_the_clock_leaves_one_of_both(self, fresh_database: None) -> None:
        for _ in range(5):
            push = make_push(title="定时", starts_at=timezone.now() + timedelta(hours=1))
            Push.objects.filter(pk=push.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
            stopped, _begun = at_once(
                lambda: stop_push(by=person("zhao"), push=push),  # noqa: B023 - done before the loop goes on
                lambda: begin_push(push_id=push.pk),  # noqa: B023
            )
            push.refresh_from_db()
            assert push.state == (PushState.LIVE if isinstance(stopped, Conflict) else PushState.STOPPED)


def _somebody(pushes: list[Push], substitute: ManuscriptVersion, seed: int) -> Callable[[], None]:
    chance = random.Random(seed)  # noqa: S311

    def act() -> None:
        by = person("zhao")
        for _ in range(12):
            push = chance.choice(pushes)
            kind = chance.choice(list(WithdrawalKind))
            try:
                if chance.random() < 0.4:
                    restore_push(by=by, push=push)
                else:
                    withdraw_push(
                        by=by, push=push, kind=kind, reason="有误", redirect_url="/c/news/", substitute=substitute
                    )
            except Conflict:
                continue

    return act


def _check_end_state(push_id: UUID) -> None:
    """Replays the audit entries in the order of their keys, which were drawn while the push was held."""
    push = Push.objects.get(pk=push_id)
    entries = AuditEntry.objects.filter(object_id=push_id).order_by("pk")
    known: dict[str, str | None] = {"state": None, "withdrawal_kind": ""}
    for entry in entries:
        for name, value in known.items():
            before, after = entry.changes.get(name, (value, value))
            assert before == value
            known[name] = after
    assert known == {"state": push.state, "withdrawal_kind": push.withdrawal_kind}
    assert push.turn == len(entries)
    assert push.shown_id == (push.substitute_id or push.version_id)
    listed = PushScope.objects.filter(push=push, is_excluded=False).values_list("is_listed", flat=True)
    assert set(listed) == {push.is_listed}
