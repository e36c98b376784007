"""Keys of programs: what they may, from where, for how long."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.api import actor_with_token
from foundation.errors import Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.people.operations.contacts import write_card
from province.people.operations.people import admit_person
from province.people.operations.positions import take_position
from province.people.operations.substitutes import name_substitute
from province.rights.permissions import PERMISSIONS
from province.rights.queries import may
from province.rights.roles import Role
from province.sign_in.models import ApiToken
from province.sign_in.operations.sessions import end_other_sessions
from province.sign_in.operations.tokens import VALID_FOR, issue_token, revoke_token
from province.sign_in.queries.tokens import tokens_in_use
from tests.conftest import person
from tests.factories.halls import make_person
from tests.factories.people import account, client_of, make_program, position_of

pytestmark = pytest.mark.django_db
HERE = "10.1.2.3"


def issue(username: str = "sun", scopes: tuple[str, ...] = ("content.read",), **facts: object) -> str:
    return issue_token(by=person(username), account=account(username), name="统计", scopes=scopes, **facts)  # type: ignore[arg-type]


class TestToken:
    def test_may_what_it_names_of_what_its_owner_may(self, north: Hall) -> None:
        actor = actor_with_token(issue(scopes=("content.read", "halls.manage")), address=HERE)
        assert actor
        assert may(actor, "content.read", hall_id=north.pk)
        assert not may(actor, "content.write", hall_id=north.pk)
        assert not may(actor, "halls.manage")

    def test_loses_with_its_owner(self, north: Hall) -> None:
        key = issue()
        take_position(by=person("he"), position=position_of("sun"))
        actor = actor_with_token(key, address=HERE)
        assert actor
        assert not may(actor, "content.read", hall_id=north.pk)

    def test_is_kept_as_a_hash_alone(self) -> None:
        key = issue()
        assert key not in str(list(ApiToken.objects.values_list()))
        assert len(ApiToken.objects.get().digest) == 64

    def test_ends_in_90_days_unless_asked_otherwise(self) -> None:
        issue()
        rest = ApiToken.objects.get().expires_at
        assert rest
        assert abs(rest - timezone.now() - VALID_FOR) < timedelta(minutes=1)
        with pytest.raises(Invalid, match="过去"):
            issue(expires_at=timezone.now())
        with pytest.raises(Invalid, match="最长一年"):
            issue(expires_at=timezone.now() + timedelta(days=800))

    def test_is_worth_nothing_once_it_has_ended(self) -> None:
        key = issue()
        ApiToken.objects.update(expires_at=timezone.now())
        assert actor_with_token(key, address=HERE) is None

    def test_works_on_if_it_was_made_without_an_end(self) -> None:
        key = issue()
        ApiToken.objects.update(expires_at=None)
        assert actor_with_token(key, address=HERE)


class TestAddress:
    @pytest.mark.parametrize(
        ("allowed", "caller", "is_let_in"),
        [
            ([], HERE, True),
            (["10.1.2.3"], HERE, True),
            (["10.1.0.0/16"], HERE, True),
            (["10.2.0.0/16", "10.1.2.0/24"], HERE, True),
            (["10.1.2.4"], HERE, False),
            (["10.1.0.0/16"], "::ffff:10.1.2.3", True),
            (["2001:db8::/32"], "2001:db8::7", True),
            (["10.1.0.0/16"], "2001:db8::7", False),
            (["10.1.0.0/16"], "", False),
            (["10.1.0.0/16"], "unix:", False),
        ],
    )
    def test_is_asked(self, allowed: list[str], caller: str, *, is_let_in: bool) -> None:
        assert bool(actor_with_token(issue(addresses=allowed), address=caller)) is is_let_in

    def test_that_is_none_is_refused(self) -> None:
        for wrong in ("10.1.2.300", "host.example", "10.1.0.0/99"):
            with pytest.raises(Invalid, match="不是 IP 地址"):
                issue(addresses=[wrong])
        with pytest.raises(Invalid, match="最多 20 个"):
            issue(addresses=["10.0.0.1"] * 21)

    def test_is_asked_at_the_door_in_the_words_for_an_unknown_key(self) -> None:
        key = issue(addresses=["10.1.0.0/16"])
        path = "/api/province/v1/content/pushes"

        def ask(value: str, address: str) -> tuple[int, str]:
            client = Client(
                HTTP_HOST="yizhan.localhost", headers={"Authorization": f"Bearer {value}"}, REMOTE_ADDR=address
            )
            answer = client.get(path)
            return answer.status_code, answer.json().get("detail", "")

        assert ask(key, "10.1.9.9")[0] == 200
        assert ask(key, "10.9.9.9") == ask("yz_unknown", "10.1.9.9")
        assert ask(key, "10.9.9.9")[0] == 401
        north = Client(
            HTTP_HOST="north.yizhan.localhost", headers={"Authorization": f"Bearer {key}"}, REMOTE_ADDR="10.9.9.9"
        )
        assert north.get("/api/hall/v1/portal/articles").status_code == 401


class TestLastUse:
    def test_is_noted_once_a_minute(self) -> None:
        key = issue()
        with CaptureQueriesContext(connection) as queries:
            for _ in range(5):
                actor_with_token(key, address=HERE)
        assert sum("UPDATE" in one["sql"] for one in queries) == 1
        first = ApiToken.objects.get().last_used_at
        ApiToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
        actor_with_token(key, address=HERE)
        assert ApiToken.objects.get().last_used_at > first  # type: ignore[operator]

    def test_is_not_noted_where_the_key_is_refused(self) -> None:
        actor_with_token(issue(addresses=["10.9.0.0/16"]), address=HERE)
        assert ApiToken.objects.get().last_used_at is None


class TestIssueToken:
    def test_for_somebody_else_is_the_managers(self) -> None:
        for who in ("sun", "he", "xu"):
            with pytest.raises(NotAllowed):
                issue_token(by=person(who), account=make_program(), name="x", scopes=["content.read"])
        issue_token(by=person("an"), account=make_program(), name="x", scopes=["content.read"])

    @pytest.mark.parametrize("manager", ["an", "zhao"])
    def test_lets_nobody_act_under_the_name_of_somebody_who_signs_in(self, manager: str) -> None:
        for who in {"zhao", "li"} - {manager}:
            with pytest.raises(Invalid, match="只能由本人生成"):
                issue_token(by=person(manager), account=account(who), name="x", scopes=["content.read"])
        assert not ApiToken.objects.exists()

    def test_lets_no_administrator_act_as_another(self) -> None:
        ghost, _ = admit_person(by=person("zhao"), username="ghost", name="审计", role=Role.AUDIT_ADMINISTRATOR)
        with pytest.raises(NotAllowed, match="不能互相管理"):
            issue_token(by=person("an"), account=ghost, name="x", scopes=["audit.read"])

    def test_serves_a_programs_own_account(self, north: Hall) -> None:
        made, _ = admit_person(
            by=person("zhao"), username="exchange", name="数据交换", role=Role.EDITOR, hall_id=north.pk, prefix="420582"
        )
        key = issue_token(by=person("zhao"), account=made, name="交换", scopes=["content.write"])
        actor = actor_with_token(key, address=HERE)
        assert actor
        assert may(actor, "content.write", hall_id=north.pk)

    @pytest.mark.parametrize(("scopes", "message"), [((), "至少选择一项"), (("content.burn",), "没有这些权限")])
    def test_says_what_is_wrong(self, scopes: tuple[str, ...], message: str) -> None:
        with pytest.raises(Invalid, match=message):
            issue(scopes=scopes)


class TestRevokeToken:
    def test_ends_it_at_once_and_is_recorded_once(self) -> None:
        key = issue()
        for _ in range(2):
            revoke_token(by=person("sun"), token=ApiToken.objects.get())
        assert actor_with_token(key, address=HERE) is None
        assert AuditEntry.objects.filter(act="sign_in.revoke_token").count() == 1

    def test_is_the_owners_and_the_managers(self) -> None:
        issue()
        for who in ("li", "he", "wu"):
            with pytest.raises(NotAllowed):
                revoke_token(by=person(who), token=ApiToken.objects.get())
        revoke_token(by=person("an"), token=ApiToken.objects.get())


class TestTokensPage:
    def test_shows_managers_all_and_others_their_own(self) -> None:
        issue()
        issue("zhou")
        assert tokens_in_use(by=person("an")).count() == 2
        assert [one.account.username for one in tokens_in_use(by=person("zhou"))] == ["zhou"]
        assert client_of("sun").get("/console/settings/tokens/").status_code == 403

    def test_makes_one_for_a_program_and_shows_it_once(self) -> None:
        facts = {
            "username": make_program().username,
            "name": "交换",
            "scopes": ["content.read"],
            "expires_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
            "addresses": "10.1.0.0/16 10.2.3.4",
        }
        client = client_of("an")
        page = client.post("/console/settings/tokens/", facts).content.decode()
        assert "只显示这一次" in page
        token = ApiToken.objects.get()
        assert token.addresses == ["10.1.0.0/16", "10.2.3.4/32"]
        again = client.get("/console/settings/tokens/").content.decode()
        assert "yz_" not in again
        assert "10.2.3.4/32" in again

    def test_says_what_is_wrong(self) -> None:
        answer = client_of("an").post("/console/settings/tokens/", {"username": "nobody", "name": "x"})
        assert answer.status_code == 422

    def test_ends_one(self) -> None:
        issue()
        client_of("an").post(f"/console/settings/tokens/{ApiToken.objects.get().pk}/revoke/")
        assert ApiToken.objects.get().revoked_at

    def test_of_ones_own_takes_addresses(self) -> None:
        client = client_of("sun")
        answer = client.post("/account/tokens/", {"name": "统计", "scopes": ["content.read"], "addresses": "10.1.2.3"})
        assert answer.status_code == 200
        assert ApiToken.objects.get().addresses == ["10.1.2.3/32"]
        answer = client.post("/account/tokens/", {"name": "统计", "scopes": ["content.read"], "addresses": "somewhere"})
        assert answer.status_code == 422
        assert "不是 IP 地址" in answer.content.decode()


class TestProgram:
    """What people may do without any permission, because it is their own, their programs may not."""

    def test_makes_no_token(self, north: Hall) -> None:
        for scopes in (["content.read"], list(PERMISSIONS)):
            program = actor_with_token(issue(scopes=tuple(scopes)), address=HERE)
            assert program
            with pytest.raises(NotAllowed, match="不能生成新的令牌"):
                issue_token(by=program, account=account("sun"), name="子令牌", scopes=["content.read"])
        assert ApiToken.objects.count() == 2

    def test_revokes_no_token_without_the_scope(self, north: Hall) -> None:
        program = actor_with_token(issue(), address=HERE)
        assert program
        with pytest.raises(NotAllowed):
            revoke_token(by=program, token=ApiToken.objects.get())
        assert not tokens_in_use(by=program)

    def test_names_no_substitute_at_its_owners_position(self, north: Hall) -> None:
        colleague = make_person("colleague", "同事", Role.HALL_EDITOR, north)
        program = actor_with_token(issue(scopes=("people.read",)), address=HERE)
        assert program
        today = timezone.localdate()
        with pytest.raises(NotAllowed):
            name_substitute(by=program, position=position_of("sun"), substitute=colleague, from_on=today, to_on=today)

    def test_changes_no_card_and_ends_no_session(self, north: Hall) -> None:
        program = actor_with_token(issue(), address=HERE)
        assert program
        with pytest.raises(NotAllowed):
            end_other_sessions(by=program, account=account("sun"), kept_id=account("sun").pk)
        with pytest.raises(NotAllowed):
            write_card(by=program, account=account("sun"), office_phone="", room="", mobile="", shows_mobile=False)

    def test_narrowed_twice_has_what_both_name(self) -> None:
        both = person("sun").narrowed(["content.read", "content.write"]).narrowed(["content.write", "rights.grant"])
        assert both.scopes == {"content.write"}
