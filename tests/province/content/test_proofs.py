"""Proofs against a real HTTP server that answers, by the host's name, rightly, wrongly, or not at all."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from pytest_django import Settings

from foundation.errors import Conflict, NotAllowed
from foundation.events.operations import drain_events
from province.content.models import Push, PushProof
from province.content.operations.proofs import (
    abandoned_proofs,
    carry_on_proof,
    open_proof,
    start_proof,
    verify_push_now,
)
from province.content.operations.pushes import restore_push
from province.content.queries.audiences import Audience, Scope
from province.content.queries.pushes import latest_proof, proof_rows, proof_summary
from province.content.states import PageAnswer, WithdrawalKind
from province.halls.models import Hall, HallDomain
from tests.conftest import person
from tests.factories.manuscripts import COUNTY, make_approved_version
from tests.factories.pushes import REASON, make_push, withdraw

KIND = WithdrawalKind
# the halls' numbers, which their sites give in every answer
NUMBERS = {"north.yizhan.localhost": "1", "south.yizhan.localhost": "2", "village.yizhan.localhost": "3"}


class _Sites(ThreadingHTTPServer):
    """Answers for every host alike, unless told otherwise: (status, body, Location)."""

    answer: tuple[int, str, str] = (404, "", "")
    of_host: dict[str, tuple[int, str, str]]
    numbers: dict[str, str]
    seen: list[tuple[str, str]]
    before_answer: Callable[[], None] | None = None

    def shows(self, push: Push) -> None:
        self.answer = (200, f'<meta name="yizhan-version" content="{push.shown_id}">', "")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Sites  # type: ignore[assignment]
    timeout: ClassVar[int] = 5

    def do_GET(self) -> None:
        host = self.headers["Host"]
        self.server.seen.append((host, self.path))
        if self.server.before_answer:
            self.server.before_answer()
        status, body, location = self.server.of_host.get(host, self.server.answer)
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        if number := self.server.numbers.get(host):
            self.send_header("X-Hall", number)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@pytest.fixture
def sites(settings: Settings) -> Iterator[_Sites]:
    with _Sites(("127.0.0.1", 0), _Handler) as server:
        server.of_host, server.seen, server.numbers = {}, [], dict(NUMBERS)
        settings.SITE_FETCH_ADDRESS = f"127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _outcomes(proof: PushProof) -> dict[str, tuple[str, str]]:
    return {line.name[:3]: (line.outcome, line.seen) for line in proof_rows(proof)}


@pytest.mark.django_db
class TestProof:
    def test_looks_at_the_page_on_every_hall_s_site(self, sites: _Sites) -> None:
        push = make_push()
        sites.shows(push)
        proof = verify_push_now(push)
        summary = proof_summary(proof)
        assert (summary.expected, summary.right, summary.waiting) == (3, 3, 0)
        assert proof.finished_at
        assert sorted(sites.seen) == [
            (f"{slug}.yizhan.localhost", f"/p/{push.pk}/") for slug in ("north", "south", "village")
        ]

    def test_tells_wrong_from_unreachable_and_says_what_was_seen(self, sites: _Sites) -> None:
        push = make_push()
        sites.shows(push)
        sites.of_host = {"south.yizhan.localhost": (404, "", ""), "village.yizhan.localhost": (0, "", "")}
        proof = verify_push_now(push)
        assert _outcomes(proof) == {
            "当阳市": ("right", ""),
            "枝江市": ("wrong", "返回状态 404"),
            "红联村": ("unreachable", "无法连接"),
        }
        summary = proof_summary(proof)
        assert (summary.right, summary.wrong, summary.unreachable) == (1, 1, 1)
        assert [(county.name, county.expected, county.right) for county in summary.counties] == [
            ("当阳市", 2, 1),
            ("枝江市", 1, 0),
        ]
        assert {line.name for line in summary.exceptions} == {"枝江市县政务服务中心", "红联村村便民服务室"}

    def test_knows_another_version_and_a_page_without_text(self, sites: _Sites) -> None:
        push = make_push()
        sites.shows(push)
        other = f'<meta name="yizhan-version" content="{make_approved_version().pk}">'
        sites.of_host = {
            "south.yizhan.localhost": (200, other, ""),
            "village.yizhan.localhost": (200, "<p>首页</p>", ""),
        }
        outcomes = _outcomes(verify_push_now(push))
        assert outcomes["枝江市"] == ("wrong", "显示的是另一个版本")
        assert outcomes["红联村"] == ("wrong", "页面中没有稿件")

    def test_counts_a_failing_server_and_a_missing_domain_as_unreachable(self, sites: _Sites) -> None:
        push = make_push()
        sites.shows(push)
        sites.of_host = {"south.yizhan.localhost": (503, "", "")}
        HallDomain.objects.filter(domain="village.yizhan.localhost").delete()
        outcomes = _outcomes(verify_push_now(push))
        assert outcomes["枝江市"] == ("unreachable", "返回状态 503")
        assert outcomes["红联村"] == ("unreachable", "没有域名")

    @pytest.mark.parametrize(
        ("kind", "right", "wrong"),
        [
            (KIND.GONE, (410, "", ""), (200, "", "")),
            (KIND.VANISH, (404, "", ""), (410, "", "")),
            (KIND.REDIRECT, (301, "", "/c/news/"), (301, "", "/")),
            (KIND.NOTICE, (200, f"<p>{escape(REASON)}</p>", ""), (200, "", "")),
        ],
    )
    def test_expects_what_the_kind_of_withdrawal_promises(
        self, sites: _Sites, kind: WithdrawalKind, right: tuple[int, str, str], wrong: tuple[int, str, str]
    ) -> None:
        push = make_push()
        withdraw(push, kind)
        marker = f'<meta name="yizhan-version" content="{push.version_id}">'
        sites.answer = (right[0], marker + right[1], right[2])
        sites.of_host = {"south.yizhan.localhost": (wrong[0], marker + wrong[1], wrong[2])}
        outcomes = _outcomes(verify_push_now(push))
        assert (outcomes["当阳市"][0], outcomes["枝江市"][0]) == ("right", "wrong")

    def test_takes_nobody_else_s_answer_for_the_hall_s(self, sites: _Sites) -> None:
        """A host that no hall answers, and one that is another hall's: the page is missing there, too."""
        push = withdraw(make_push(), KIND.VANISH)
        del sites.numbers["south.yizhan.localhost"]
        sites.numbers["village.yizhan.localhost"] = NUMBERS["north.yizhan.localhost"]
        assert _outcomes(verify_push_now(push)) == {
            "当阳市": ("right", ""),
            "枝江市": ("wrong", "回答的不是这个服务厅"),
            "红联村": ("wrong", "回答的不是这个服务厅"),
        }

    def test_asks_only_the_halls_that_are_meant_and_open(self, sites: _Sites, north: Hall) -> None:
        push = make_push(audience=Audience((Scope(COUNTY),)))
        Hall.objects.filter(slug="village").update(state="suspended")
        sites.shows(push)
        assert verify_push_now(push).expected == 1
        assert {host for host, _ in sites.seen} == {"north.yizhan.localhost"}

    def test_is_overtaken_by_a_later_turn(self, sites: _Sites) -> None:
        push = make_push()
        proof = open_proof(push_id=push.pk)
        assert proof
        withdraw(push, KIND.GONE)
        carry_on_proof(push_id=push.pk)
        proof.refresh_from_db()
        assert (proof.is_overtaken, bytes(proof.right), proof.exceptions) == (True, b"", {})
        assert proof.finished_at

    def test_goes_on_where_it_was_left(self, sites: _Sites, north: Hall) -> None:
        push = make_push()
        sites.shows(push)
        proof = open_proof(push_id=push.pk)
        assert proof
        proof.right = (1 << north.number).to_bytes(1, "little")
        proof.save()
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
        assert len(queries) == 3


class TestProofUnderWay:
    def test_never_holds_a_page_of_the_later_turn_against_the_earlier(
        self, fresh_database: None, sites: _Sites
    ) -> None:
        push = make_push()
        sites.shows(push)
        first = threading.Lock()

        def withdraw_at_first_look() -> None:
            """The withdrawal commits while the sites are looked at; from then on they answer as it says."""
            if first.acquire(blocking=False):
                withdraw(push, KIND.GONE)
                connection.close()
                sites.answer = (410, "", "")

        sites.before_answer = withdraw_at_first_look
        proof = verify_push_now(push)
        assert (proof.turn, proof.expects, proof_summary(proof).right) == (2, PageAnswer.GONE, 3)
        overtaken = PushProof.objects.get(turn=1)
        assert (overtaken.is_overtaken, bytes(overtaken.wrong)) == (True, b"")

    def test_is_followed_by_the_later_turn_s_whose_own_worker_found_it_at_work(
        self, fresh_database: None, sites: _Sites
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
                sites.answer = (410, "", "")

        sites.before_answer = withdraw_at_first_look
        carry_on_proof(push_id=push.pk)
        later = PushProof.objects.get(turn=2)
        assert (later.finished_at is not None, proof_summary(later).right) == (True, 3)

    def test_is_one_verifier_s_at_a_time_and_others_wait_for_it(self, fresh_database: None, sites: _Sites) -> None:
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
        assert len(sites.seen) == 3 * PushProof.objects.count()
