"""Proofs of the live sites: at the first request after each commit no hall's page is a stale one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from province.content.models import Push, PushScope
from province.content.operations.generations import count_up_generations
from province.content.operations.proofs import verify_push_now
from province.content.operations.pushes import replace_version, restore_push
from province.content.queries.pushes import proof_summary
from province.content.states import WithdrawalKind
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.manuscripts import make_approved_version
from tests.factories.pushes import make_push, withdraw
from tests.factories.sites import make_article, make_columns


@pytest.mark.usefixtures("live_site")
class TestEverySite:
    @pytest.fixture(autouse=True)
    def _columns(self, live_site: str) -> None:
        for hall in Hall.objects.all():
            make_columns(hall)
            make_article(hall, title="去年的文章", published_at=timezone.now() - timedelta(days=365))

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

    def test_that_lists_what_was_withdrawn_or_leaves_out_what_is_live_is_wrong(self) -> None:
        """The lists of real sites, made to differ from the page."""
        push = make_push()
        for is_listed, said in ((False, "没有列出这篇稿件"), (True, "仍列出这篇稿件")):
            if is_listed:
                withdraw(push, WithdrawalKind.GONE)
            PushScope.objects.filter(push=push).update(is_listed=is_listed)
            count_up_generations(push.pk)
            for line in proof_summary(verify_push_now(push)).lines:
                faults = line.seen.split("；")
                assert {f"{place}：{said}" for place in ("首页", "栏目页", "订阅源")} <= set(faults)

    @staticmethod
    def _seen(push: Push) -> list[str]:
        return [line.outcome for line in proof_summary(verify_push_now(push)).lines]
