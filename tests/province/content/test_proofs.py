"""Proofs against a real HTTP server that answers, by the host's name, rightly, wrongly, or not at all."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from pytest_django import Settings

from foundation.errors import Conflict, NotAllowed
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.content.looking.sites import Sighting
from province.content.models import HallPushDecision, ProofBatch, Push, PushProof
from province.content.operations.proofs import (
    abandoned_proofs,
    add_rows,
    carry_on_proof,
    open_proof,
    start_proof,
    verify_push_now,
)
from province.content.operations.pushes import restore_push
from province.content.queries.audiences import Audience, Scope, audience_preview, halls_showing
from province.content.queries.pushes import latest_proof, proof_summary
from province.content.states import LookedAt, Outcome, PageAnswer, PushMode, WithdrawalKind
from province.halls.models import Hall, HallDomain
from province.halls.queries.sites import site_address
from tests.conftest import person
from tests.factories.manuscripts import COUNTY, make_approved_version
from tests.factories.pushes import EVERYBODY, REASON, make_push, withdraw
from tests.factories.readers_sites import NUMBERS, Line, Page, Sites, listed, lists_of
from tests.roles import as_owner

KIND = WithdrawalKind


@pytest.fixture
def sites(settings: Settings) -> Iterator[Sites]:
    with Sites() as server:
        settings.SITE_FETCH_ADDRESS = f"127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _outcomes(proof: PushProof) -> dict[str, tuple[str, str]]:
    return {line.name[:3]: (line.outcome, line.seen) for line in proof_summary(proof).lines}


@pytest.mark.django_db
class TestProof:
    def test_looks_at_the_page_on_every_hall_s_site(self, sites: Sites) -> None:
        push = make_push()
        sites.shows(push)
        proof = verify_push_now(push)
        summary = proof_summary(proof)
        assert (summary.expected, summary.right, summary.waiting) == (3, 3, 0)
        assert proof.finished_at
        places = (f"/p/{push.pk}/", "/", "/c/news/", "/feed.atom", f"/search/?q={quote(push.version.title)}")
        assert sorted(sites.seen) == sorted((host, place) for host in NUMBERS for place in places)
        north = summary.lines[0]
        assert (north.status, len(north.digest), north.address) == (
            200,
            64,
            f"{site_address('north.yizhan.localhost')}/p/{push.pk}/",
        )
        assert summary.way.startswith("在平台内部经 127.0.0.1")

    def test_tells_wrong_from_unreachable_and_says_what_was_seen(self, sites: Sites) -> None:
        push = make_push()
        sites.shows(push)
        sites.set("south", LookedAt.ARTICLE, Page(404))
        sites.closes("village")
        proof = verify_push_now(push)
        assert _outcomes(proof) == {
            "当阳市": ("right", ""),
            "枝江市": ("wrong", "稿件页：返回状态 404"),
            "红联村": ("unreachable", "稿件页：无法连接"),
        }
        summary = proof_summary(proof)
        assert (summary.right, summary.wrong, summary.unreachable) == (1, 1, 1)
        assert [(county.name, county.expected, county.right) for county in summary.counties] == [
            ("当阳市", 2, 1),
            ("枝江市", 1, 0),
        ]
        assert {line.name for line in summary.exceptions} == {"枝江市县政务服务中心", "红联村村便民服务室"}

    def test_knows_another_version_and_a_page_without_text(self, sites: Sites) -> None:
        push = make_push()
        sites.shows(push)
        other = f'<meta name="yizhan-version" content="{make_approved_version().pk}">'
        sites.set("south", LookedAt.ARTICLE, Page(body=other))
        sites.set("village", LookedAt.ARTICLE, Page(body="<p>首页</p>"))
        outcomes = _outcomes(verify_push_now(push))
        assert outcomes["枝江市"] == ("wrong", "稿件页：显示的是另一个版本")
        assert outcomes["红联村"] == ("wrong", "稿件页：页面中没有稿件")

    def test_counts_a_failing_server_and_a_missing_domain_as_unreachable(self, sites: Sites) -> None:
        push = make_push()
        sites.shows(push)
        sites.set("south", LookedAt.FEED, Page(503))
        HallDomain.objects.filter(domain="village.yizhan.localhost").delete()
        outcomes = _outcomes(verify_push_now(push))
        assert outcomes["枝江市"] == ("unreachable", "订阅源：返回状态 503")
        assert outcomes["红联村"] == ("unreachable", "没有域名")

    @pytest.mark.parametrize(
        ("kind", "right", "wrong"),
        [
            (KIND.GONE, Page(410), Page(200)),
            (KIND.VANISH, Page(404), Page(410)),
            (KIND.REDIRECT, Page(301, location="/c/news/"), Page(301, location="/")),
            (KIND.NOTICE, Page(200, f"<p>{escape(REASON)}</p>"), Page(200)),
        ],
    )
    def test_expects_what_the_kind_of_withdrawal_promises(
        self, sites: Sites, kind: WithdrawalKind, right: Page, wrong: Page
    ) -> None:
        push = make_push()
        withdraw(push, kind)
        marker = f'<meta name="yizhan-version" content="{push.version_id}">'
        sites.lacks(Page(right.status, marker + right.body, right.location))
        sites.set("south", LookedAt.ARTICLE, Page(wrong.status, marker + wrong.body, wrong.location))
        outcomes = _outcomes(verify_push_now(push))
        assert (outcomes["当阳市"][0], outcomes["枝江市"][0]) == ("right", "wrong")

    @pytest.mark.parametrize("place", [LookedAt.HOME, LookedAt.COLUMN, LookedAt.FEED, LookedAt.SEARCH])
    def test_looks_wherever_else_a_reader_would_meet_it(self, sites: Sites, place: LookedAt) -> None:
        """A live article that a list lacks or names by a former title; a withdrawn one that a list still has."""
        push = make_push(title="集中服务日")
        sites.shows(push)
        sites.set("south", place, lists_of([Line("/a/1/", "别的文章", "2026-01-01")])[place])
        sites.set("village", place, lists_of([listed(push, "从前的标题")])[place])
        assert _outcomes(verify_push_now(push)) == {
            "当阳市": ("right", ""),
            "枝江市": ("wrong", f"{place.label}：没有列出这篇稿件"),
            "红联村": ("wrong", f"{place.label}：列出的不是应有的标题"),
        }
        withdraw(push)
        sites.lacks(Page(410))
        sites.of_host = {}
        sites.set("south", place, lists_of([listed(push)])[place])
        sites.set("village", place, Page(404))
        proof = verify_push_now(push)
        assert _outcomes(proof) == {
            "当阳市": ("right", ""),
            "枝江市": ("wrong", f"{place.label}：仍列出这篇稿件"),
            "红联村": ("wrong", f"{place.label}：返回状态 404"),
        }

    def test_blames_no_list_that_is_full_of_what_is_newer(self, sites: Sites) -> None:
        push = make_push()
        Push.objects.filter(pk=push.pk).update(published_at=timezone.now() - timedelta(days=9))
        sites.shows(push)
        newer = [Line(f"/a/{number}/", "后来的文章") for number in range(50)]
        full = lists_of(newer, more='<a rel="next" href="?before=1">更早</a>')
        for place, page in full.items():
            sites.set("south", place, page)
        assert _outcomes(verify_push_now(push))["枝江市"] == ("right", "")
        older = lists_of([*newer, Line("/a/0/", "更早的文章", "2026-01-01")], more='<a rel="next" href="?">更早</a>')
        sites.set("south", LookedAt.COLUMN, older[LookedAt.COLUMN])
        assert _outcomes(verify_push_now(push))["枝江市"] == ("wrong", "栏目页：没有列出这篇稿件")

    def test_takes_nobody_else_s_answer_for_the_hall_s(self, sites: Sites) -> None:
        """A host that no hall answers, and one that is another hall's: the page is missing there, too."""
        push = withdraw(make_push(), KIND.VANISH)
        sites.lacks(Page(404))
        del sites.numbers["south.yizhan.localhost"]
        sites.numbers["village.yizhan.localhost"] = NUMBERS["north.yizhan.localhost"]
        strangers = "；".join(f"{place.label}：回答的不是这个服务厅" for place in LookedAt)
        assert _outcomes(verify_push_now(push)) == {
            "当阳市": ("right", ""),
            "枝江市": ("wrong", strangers),
            "红联村": ("wrong", strangers),
        }

    def test_asks_only_the_halls_that_are_meant_and_open(self, sites: Sites, north: Hall) -> None:
        push = make_push(audience=Audience((Scope(COUNTY),)))
        Hall.objects.filter(slug="village").update(state="suspended")
        sites.shows(push)
        assert verify_push_now(push).expected == 1
        assert {host for host, _ in sites.seen} == {"north.yizhan.localhost"}

    def test_is_overtaken_by_a_later_turn(self, sites: Sites) -> None:
        push = make_push()
        proof = open_proof(push_id=push.pk)
        assert proof
        withdraw(push, KIND.GONE)
        carry_on_proof(push_id=push.pk)
        proof.refresh_from_db()
        assert (proof.is_overtaken, proof.right, proof.batches.count()) == (True, 0, 0)
        assert proof.finished_at

    def test_goes_on_where_it_was_left(self, sites: Sites, north: Hall) -> None:
        push = make_push()
        sites.shows(push)
        proof = open_proof(push_id=push.pk)
        assert proof
        row = Sighting(north.number, Outcome.RIGHT, timezone.now(), "", (200,) * 5, "0" * 64)
        assert add_rows(proof, [row])
        carry_on_proof(push_id=push.pk)
        assert {host for host, _ in sites.seen} == {"south.yizhan.localhost", "village.yizhan.localhost"}
        assert proof_summary(PushProof.objects.get(pk=proof.pk)).right == 3

    def test_left_by_a_killed_worker_is_found_again(self) -> None:
        push = make_push()
        proof = open_proof(push_id=push.pk)
        assert proof
        assert abandoned_proofs() == []
        PushProof.objects.update(progress_at=timezone.now() - timedelta(minutes=1))
        assert abandoned_proofs() == [push.pk]

    def test_starts_by_itself_with_every_change_for_readers(self) -> None:
        push = make_push()
        withdraw(push, KIND.GONE)
        drain_events()
        proof = latest_proof(push)
        assert proof
        # the push's own turn was over before its event was handled
        assert [(one.turn, one.expects) for one in PushProof.objects.all()] == [(2, PageAnswer.GONE)]
        restore_push(by=person("zhao"), push=push)
        drain_events()
        proof.refresh_from_db()
        assert proof.is_overtaken
        again = latest_proof(push)
        assert again
        assert (again.turn, again.expects) == (3, PageAnswer.SHOWN)

    def test_can_be_asked_for_by_the_desk_alone(self) -> None:
        push = make_push()
        assert start_proof(by=person("zhao"), push=push).finished_at is None
        with pytest.raises(NotAllowed):
            start_proof(by=person("sun"), push=push)

    def test_of_what_no_site_ever_showed_is_refused(self) -> None:
        push = make_push()
        Push.objects.filter(pk=push.pk).update(published_at=None)
        with pytest.raises(Conflict):
            start_proof(by=person("zhao"), push=push)

    def test_is_read_in_the_same_queries_however_many_halls(self) -> None:
        push = make_push()
        proof = open_proof(push_id=push.pk)
        assert proof
        with CaptureQueriesContext(connection) as queries:
            proof_summary(proof)
        assert len(queries) == 1


@pytest.mark.django_db
class TestFrozenProof:
    def test_says_what_was_then_whatever_becomes_of_the_halls(self, sites: Sites) -> None:
        """Preview, bar, table and withdrawal count the same halls: not the suspended, the retired, those that declined
        or lack the column. What is done to a hall afterwards changes nothing that was seen."""
        push = make_push(mode=PushMode.OFFERED)
        halls = {hall.slug: hall for hall in Hall.objects.all()}
        for slug, decision in (("north", "adopted"), ("south", "declined"), ("village", "adopted")):
            HallPushDecision.objects.create(
                hall_id=halls[slug].pk,
                push_id=push.pk,
                manuscript_id=push.version.manuscript_id,
                decision=decision,
                column="news",
                decided_by_name="孙北",
            )
        sites.shows(push)
        first = verify_push_now(push)
        assert self._counts(push, first) == [2, 2, 2, 2, 2]
        Hall.objects.filter(slug="village").update(state="suspended", name="改了名的村")
        assert [line.name for line in proof_summary(first).lines] == ["当阳市县政务服务中心", "红联村村便民服务室"]
        assert proof_summary(first).fault == ""
        assert self._counts(push, verify_push_now(push)) == [1, 1, 1, 1, 1]

    @pytest.mark.parametrize("state", ["suspended", "retired"])
    def test_counts_direct_pushes_as_their_preview_does(self, sites: Sites, state: str) -> None:
        push = make_push(column="dangjian")
        Hall.objects.get(slug="north").figures.__class__.objects.update(columns={"dangjian": {}})
        Hall.objects.get(slug="village").figures.__class__.objects.filter(hall__slug="village").update(columns={})
        Hall.objects.filter(slug="south").update(state=state)
        sites.shows(push)
        proof = verify_push_now(push)
        assert [line.name[:3] for line in proof_summary(proof).lines] == ["当阳市"]
        assert (audience_preview(EVERYBODY, push=push).shown, *self._counts(push, proof)) == (1,) * 6

    @staticmethod
    def _counts(push: Push, proof: PushProof) -> list[int]:
        summary = proof_summary(proof)
        bar = sum(county.expected for county in summary.counties)
        return [proof.expected, summary.expected, bar, len(summary.lines), halls_showing(push).count()]

    def test_is_sealed_in_the_audit_and_finds_every_change(self, sites: Sites) -> None:
        push = make_push()
        sites.shows(push)
        proof = verify_push_now(push)
        entry = AuditEntry.objects.get(act="content.seal_proof")
        assert (entry.object_id, entry.changes["digest"]) == (proof.pk, [None, proof.digest])
        assert proof_summary(proof).fault == ""
        batch = ProofBatch.objects.get()
        rows, roster = bytes(batch.rows), bytes(proof.roster)
        bent = rows[:20] + bytes([rows[20] ^ 1]) + rows[21:]
        for change in (
            lambda: ProofBatch.objects.update(rows=bent),
            lambda: ProofBatch.objects.all().delete(),
            lambda: PushProof.objects.update(roster=roster[:-9]),
            lambda: PushProof.objects.update(right=2),
            lambda: PushProof.objects.update(expectation={**proof.expectation, "is_listed": False}),
        ):
            self._changed_and_put_back(proof, batch, change)
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER ALL")
            AuditEntry.objects.filter(pk=entry.pk).delete()
        assert proof_summary(proof).fault == "审计中没有这次核验的封存记录。"

    @staticmethod
    def _changed_and_put_back(proof: PushProof, batch: ProofBatch, change: Callable[[], object]) -> None:
        change()
        changed = PushProof.objects.get(pk=proof.pk)
        assert proof_summary(changed).fault.startswith("核验记录")
        PushProof.objects.filter(pk=proof.pk).delete()
        proof.save(force_insert=True)
        batch.save(force_insert=True)
        assert proof_summary(PushProof.objects.get(pk=proof.pk)).fault == ""


class TestProofUnderWay:
    def test_never_holds_a_page_of_the_later_turn_against_the_earlier(self, fresh_database: None, sites: Sites) -> None:
        push = make_push()
        sites.shows(push)
        first = threading.Lock()

        def withdraw_at_first_look() -> None:
            """The withdrawal commits while the sites are looked at; from then on they answer as it says."""
            if first.acquire(blocking=False):
                withdraw(push, KIND.GONE)
                connection.close()
                sites.lacks(Page(410))

        sites.before_answer = withdraw_at_first_look
        proof = verify_push_now(push)
        assert (proof.turn, proof.expects, proof_summary(proof).right) == (2, PageAnswer.GONE, 3)
        overtaken = PushProof.objects.get(turn=1)
        assert (overtaken.is_overtaken, overtaken.wrong) == (True, 0)

    def test_is_followed_by_the_later_turn_s_whose_own_worker_found_it_at_work(
        self, fresh_database: None, sites: Sites
    ) -> None:
        push = make_push()
        sites.shows(push)
        open_proof(push_id=push.pk)
        first = threading.Lock()

        def withdraw_at_first_look() -> None:
            if first.acquire(blocking=False):
                withdraw(push, KIND.GONE)
                open_proof(push_id=push.pk)
                carry_on_proof(push_id=push.pk)
                connection.close()
                sites.lacks(Page(410))

        sites.before_answer = withdraw_at_first_look
        carry_on_proof(push_id=push.pk)
        later = PushProof.objects.get(turn=2)
        assert (later.finished_at is not None, proof_summary(later).right) == (True, 3)

    def test_is_one_verifier_s_at_a_time_and_others_wait_for_it(self, fresh_database: None, sites: Sites) -> None:
        push = make_push()
        sites.shows(push)
        barrier = threading.Barrier(2)
        found: list[PushProof] = []

        def verify() -> None:
            barrier.wait()
            found.append(verify_push_now(push))
            connection.close()

        threads = [threading.Thread(target=verify) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [proof_summary(proof).right for proof in found] == [3, 3]
        assert len(sites.seen) == len(LookedAt) * 3 * PushProof.objects.count()
