"""Proofs of the live sites: at the first request after each commit no hall's page is a stale one."""

import pytest

from province.content.models import Push
from province.content.operations.proofs import verify_push_now
from province.content.operations.pushes import replace_version, restore_push
from province.content.queries.pushes import proof_rows
from province.content.states import WithdrawalKind
from tests.conftest import person
from tests.factories.manuscripts import make_approved_version
from tests.factories.pushes import make_push, withdraw


@pytest.mark.usefixtures("live_site")
class TestEverySite:
    def test_shows_what_was_done_at_once(self) -> None:
        push = make_push()
        other = make_approved_version(title="更正后的消息")
        zhao = person("zhao")
        assert self._seen(push) == ["right"] * 3
        for kind in WithdrawalKind:
            withdraw(push, kind, redirect_url="/c/通知/?页=1", substitute=other)
            assert self._seen(push) == ["right"] * 3, kind
            restore_push(by=zhao, push=push)
            assert self._seen(push) == ["right"] * 3, kind
        replace_version(by=zhao, push=push, version=make_approved_version(manuscript=push.version.manuscript))
        assert self._seen(push) == ["right"] * 3

    @staticmethod
    def _seen(push: Push) -> list[str]:
        return [line.outcome for line in proof_rows(verify_push_now(push))]
