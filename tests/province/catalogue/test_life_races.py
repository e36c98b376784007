"""Two people at one item in the same moment."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from foundation.errors import Conflict, DomainError
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.models import Item, ItemChange, ItemReview, ItemVersion, Office
from province.catalogue.operations import (
    confirm_pause,
    load_base_list,
    pass_review,
    propose_pause,
    publish_version,
    recall_version,
    return_version,
    save_draft,
)
from province.catalogue.queries.changes import changes_after
from province.catalogue.queries.validity import version_at
from province.catalogue.states import ItemLife
from province.rights.queries import system_actor
from tests.conftest import person
from tests.factories.catalogue import REASON, approve, make_approved, make_item, make_published, reviewer, submit
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("fresh_database")


def refusals(outcomes: list[Any]) -> list[DomainError]:
    return [outcome for outcome in outcomes if isinstance(outcome, DomainError)]


class TestTwoReviewers:
    def test_of_one_office_give_one_decision_and_the_other_is_told(self) -> None:
        version = submit(make_item())
        legal = Office.objects.get(code="legal")
        passer, returner = person("qian"), system_actor("命令行")
        outcomes = at_once(
            lambda: pass_review(by=passer, version=version, office=legal),
            lambda: return_version(by=returner, version=version, office=legal, reason=REASON),
        )
        (refused,) = refusals(outcomes)
        assert isinstance(refused, Conflict)
        assert "已代表法制" in refused.message
        assert ItemReview.objects.count() == 1

    def test_of_all_offices_approve_together(self) -> None:
        version = submit(make_item())
        outcomes = at_once(
            *[
                lambda office=office: pass_review(by=reviewer(), version=version, office=office)
                for office in Office.objects.all()
            ]
        )
        assert refusals(outcomes) == []
        version.refresh_from_db()
        assert (version.state, version.reviews.count()) == ("approved", 3)

    def test_one_at_two_offices_gives_one_decision(self) -> None:
        version, by = submit(make_item()), reviewer()
        outcomes = at_once(
            *[
                lambda code=code: pass_review(by=by, version=version, office=Office.objects.get(code=code))
                for code in ("legal", "establishment")
            ]
        )
        (refused,) = refusals(outcomes)
        assert "其他部门应由各自的人审核" in refused.message
        assert ItemReview.objects.count() == 1

    def test_one_who_decides_and_an_author_who_recalls_leave_one_of_both(self) -> None:
        version, legal = submit(make_item()), Office.objects.get(code="legal")
        author, by = person("zhao"), reviewer()
        at_once(
            lambda: recall_version(by=author, version=version),
            lambda: return_version(by=by, version=version, office=legal, reason=REASON),
        )
        version.refresh_from_db()
        assert (version.state, ItemReview.objects.count()) in {("recalled", 0), ("returned", 1)}


class TestTwoSavers:
    def test_keep_one_draft(self) -> None:
        item = make_item()
        outcomes = at_once(
            *[
                lambda by=by, days=days: save_draft(by=by, item=item, revision=1, values={"promised_days": days})
                for days, by in enumerate((person("zhao"), person("qian")), start=6)
            ]
        )
        assert len(refusals(outcomes)) == 1
        assert Item.objects.get().revision == 2


class TestTwoPublishers:
    def test_publish_once(self) -> None:
        version = make_approved()
        outcomes = at_once(*[lambda by=by: publish_version(by=by, version=version) for by in _operators()])
        assert len(refusals(outcomes)) == 1
        assert ItemChange.objects.count() == 1

    def test_of_two_versions_leave_one_in_force(self) -> None:
        item = make_item()
        older, newer = make_approved(item), make_approved(item, promised_days=5)
        by = person("zhao")
        at_once(
            lambda: publish_version(by=by, version=older),
            lambda: publish_version(by=by, version=newer),
        )
        assert version_at(item, timezone.now()) == newer


class TestTwoEnders:
    def test_leave_one_pause(self) -> None:
        item = make_published().item
        by = person("zhao")
        outcomes = at_once(
            *[
                lambda kind=kind: propose_pause(by=by, item=item, kind=kind, reason="升级")
                for kind in (ItemLife.SUSPENDED, ItemLife.ABOLISHED)
            ]
        )
        assert len(refusals(outcomes)) == 1
        (request,) = item.pause_requests.all()
        confirming = [person("qian"), person("qian")]
        outcomes = at_once(*[lambda by=by: confirm_pause(by=by, request_id=request.pk) for by in confirming])
        assert len(refusals(outcomes)) == 1
        assert item.pauses.filter(to_at=None).count() == 1


class TestTwoLoaders:
    def test_load_every_item_once(self) -> None:
        items = [one for one in read_base_list() if one.department in {"教育局", "民政局"}]
        by = person("zhao")
        loads = at_once(*[lambda: load_base_list(by=by, items=items, publishes=True)] * 2)
        assert sum(one.added for load in loads for one in load) == len(items)
        assert Item.objects.count() == len(items)
        assert ItemVersion.objects.count() == sum(one.is_complete for one in items)


class TestFeed:
    def test_never_skips_a_late_commit(self) -> None:
        """A slow transaction holds back the positions of all that come after it, however fast they are."""
        items = [approve(submit(make_item(number))) for number in range(6)]
        by = person("zhao")
        seen: list[int] = []

        def publish(version: ItemVersion, *, is_slow: bool) -> None:
            with transaction.atomic():
                publish_version(by=by, version=version)
                if is_slow:
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(0.3)")

        def follow() -> None:
            end = timezone.now().timestamp() + 8
            while len(seen) < len(items) and timezone.now().timestamp() < end:
                seen.extend(change.position for change in changes_after(seen[-1] if seen else 0, limit=2))

        outcomes = at_once(
            follow,
            *[
                lambda version=version, slow=place % 2 == 0: publish(version, is_slow=slow)
                for place, version in enumerate(items)
            ],
        )
        assert refusals(outcomes) == []
        assert seen == [1, 2, 3, 4, 5, 6]


def _operators() -> list[Any]:
    return [person("zhao"), person("qian")]
