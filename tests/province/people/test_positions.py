"""Positions given, taken and handed over; accounts closed and opened again."""

from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.api import actor_with_token
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.models import Event
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.people.events import HANDED_OVER
from province.people.models import Account, Position
from province.people.operations.accounts import close_account, reopen_account
from province.people.operations.hand_over import hand_over
from province.people.operations.people import admit_person
from province.people.operations.positions import GRANT, give_position, take_position
from province.people.operations.substitutes import name_substitute
from province.people.queries.actors import actor_of
from province.people.queries.people import substitutions_of
from province.rights.permissions import permission_named
from province.rights.queries import may, system_actor
from province.rights.roles import ADMINISTRATORS, Reach, Role
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.people import account, client_of, make_role, make_unit, position_of
from tests.races import at_once

PREFIX = "420582"


@pytest.fixture
def two_granters() -> None:
    """Zhao and Qian are all that can grant rights."""
    Position.objects.filter(role=Role.SECURITY_ADMINISTRATOR).delete()


@pytest.mark.django_db
class TestGivePosition:
    def test_twice_is_as_once(self, north: Hall) -> None:
        for _ in range(2):
            give_position(
                by=person("zhao"), account=account("wu"), role=Role.EDITOR, hall_id=north.pk, reach_prefix=PREFIX
            )
        assert AuditEntry.objects.filter(act="people.give_position", object_id=account("wu").pk).count() == 1
        assert position_of("wu").reach == Reach.SUBTREE

    def test_is_possible_in_two_departments_of_one_hall(self, north: Hall) -> None:
        give = partial(
            give_position,
            by=person("he"),
            account=account("wu"),
            role=Role.WINDOW_CLERK,
            hall_id=north.pk,
            reach_prefix=PREFIX,
        )
        give(unit=make_unit("社保窗口", hall=north), title="窗口人员")
        give(unit=make_unit("医保窗口", hall=north))
        assert Position.objects.filter(account__username="wu").count() == 2

    def test_goes_to_nobody_by_himself(self) -> None:
        with pytest.raises(NotAllowed, match="给自己"):
            give_position(by=person("zhao"), account=account("zhao"), role=Role.SUPERVISOR)

    def test_by_a_halls_administrator_stays_in_the_hall_and_below(self, north: Hall, south: Hall) -> None:
        he, wu = person("he"), account("wu")
        village = Hall.objects.get(slug="village")
        give_position(by=he, account=wu, role=Role.HALL_EDITOR, hall_id=north.pk, reach_prefix=PREFIX)
        give_position(by=he, account=wu, role=Role.VILLAGE_CLERK, hall_id=village.pk, reach_prefix="420582103200")
        for place in ({"hall_id": south.pk, "reach_prefix": "420583"}, {}):
            with pytest.raises(NotAllowed):
                give_position(by=he, account=wu, role=Role.EDITOR, **place)
        with pytest.raises(NotAllowed):
            take_position(by=he, position=position_of("zhou"))

    def test_gives_nothing_that_the_giver_does_not_hold(self, north: Hall) -> None:
        role = make_role("任命员", ["rights.appoint", "content.read"], hall=north)
        give_position(by=person("zhao"), account=account("wu"), role=role, hall_id=north.pk, reach_prefix=PREFIX)
        with pytest.raises(NotAllowed, match="您自己没有这些权限"):
            give_position(
                by=person("wu"), account=account("hua"), role=Role.EDITOR, hall_id=north.pk, reach_prefix=PREFIX
            )
        with pytest.raises(NotAllowed, match="您自己没有这些权限"):
            take_position(by=person("wu"), position=position_of("sun"))

    def test_reaches_no_farther_than_the_giver(self, north: Hall) -> None:
        role = make_role("任命员", ["rights.appoint", "people.read", "content.read"], hall=north)
        give_position(by=person("zhao"), account=account("wu"), role=role, hall_id=north.pk, reach_prefix=PREFIX)
        reader = make_role("读者", ["content.read"], hall=north)
        give = partial(
            give_position, by=person("wu"), account=account("hua"), role=reader, hall_id=north.pk, reach_prefix=PREFIX
        )
        with pytest.raises(NotAllowed, match="范围不够大"):
            give(reach=Reach.SUBTREE)
        give(reach=Reach.HALL)

    def test_goes_to_nobody_out_of_the_giver_s_sight(self, north: Hall) -> None:
        """Whoever knows the id of somebody of another hall learns nothing, and takes nobody in."""
        with pytest.raises(NotFound):
            give_position(
                by=person("he"), account=account("zhou"), role=Role.HALL_EDITOR, hall_id=north.pk, reach_prefix=PREFIX
            )
        assert account("zhou").positions.count() == 1

    @pytest.mark.parametrize(
        ("role", "is_hall", "reach", "message"),
        [
            (Role.HALL_EDITOR, False, None, "必须指明服务厅"),
            (Role.PROVINCE_OPERATOR, True, None, "不能指明服务厅"),
            (Role.EDITOR, True, Reach.PROVINCE, "范围不能是"),
            (Role.EDITOR, False, Reach.SUBTREE, "范围不能是"),
            (Role.HALL_EDITOR, True, Reach.OWN, "不能限定为"),
            (Role.SYSTEM_ADMINISTRATOR, False, Reach.UNIT, "不能限定为"),
        ],
    )
    def test_refuses_what_does_not_fit(
        self, role: Role, reach: Reach | None, message: str, north: Hall, *, is_hall: bool
    ) -> None:
        place = {"hall_id": north.pk, "reach_prefix": PREFIX} if is_hall else {}
        with pytest.raises(Invalid, match=message):
            give_position(by=person("zhao"), account=account("wu"), role=role, reach=reach, **place)

    def test_refuses_another_halls_department(self, north: Hall, south: Hall) -> None:
        with pytest.raises(Invalid, match="没有这个部门"):
            give_position(
                by=person("zhao"),
                account=account("wu"),
                role=Role.EDITOR,
                hall_id=north.pk,
                reach_prefix=PREFIX,
                unit=make_unit("别的", hall=south),
            )


@pytest.mark.django_db
class TestThreeAdministrators:
    @pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
    @pytest.mark.parametrize("username", ["xu", "an", "ji", "wei"])
    def test_are_nobody_else(self, role: Role, username: str) -> None:
        if position_of(username).role == role:
            give_position(by=system_actor(), account=account(username), role=role)
            return
        with pytest.raises(Conflict, match="不能兼任"):
            give_position(by=system_actor(), account=account(username), role=role)

    @pytest.mark.parametrize("username", ["xu", "an", "ji"])
    def test_get_no_other_position(self, username: str, north: Hall) -> None:
        with pytest.raises(Conflict, match="不能兼任"):
            give_position(by=system_actor(), account=account(username), role=Role.SUPERVISOR)
        with pytest.raises(Conflict, match="不能兼任"):
            give_position(
                by=system_actor(), account=account(username), role=make_role(), hall_id=north.pk, reach_prefix=PREFIX
            )

    def test_act_on_no_account_of_each_other(self) -> None:
        with pytest.raises(NotAllowed, match="不能互相管理"):
            close_account(by=person("an"), account=account("xu"))
        close_account(by=person("zhao"), account=account("xu"))

    def test_grant_where_it_is_theirs(self, north: Hall) -> None:
        give = partial(give_position, account=account("wu"), role=Role.EDITOR, hall_id=north.pk, reach_prefix=PREFIX)
        for who in ("xu", "ji"):
            with pytest.raises(NotAllowed):
                give(by=person(who))
        give(by=person("an"))
        assert not may(person("xu"), "content.read")
        assert may(person("xu"), "halls.manage")


@pytest.mark.django_db
class TestTakePosition:
    def test_ends_what_the_position_allowed(self) -> None:
        hall_id = position_of("sun").hall_id
        take_position(by=person("zhao"), position=position_of("sun"))
        assert not may(person("sun"), "portal.write", hall_id=hall_id)
        entry = AuditEntry.objects.get(act="people.take_position")
        assert (entry.object_id, entry.hall_id) == (account("sun").id, hall_id)

    def test_twice_is_as_once(self) -> None:
        position = position_of("sun")
        for _ in range(2):
            take_position(by=person("zhao"), position=position)
        assert AuditEntry.objects.filter(act="people.take_position").count() == 1

    def test_leaves_the_last_who_can_grant(self, two_granters: None) -> None:
        take_position(by=person("zhao"), position=position_of("qian"))
        with pytest.raises(Conflict, match="最后一位"):
            take_position(by=person("zhao"), position=position_of("zhao"))
        assert may(person("zhao"), "halls.manage")

    def test_leaves_a_security_administrator_in_an_operators_place(self) -> None:
        take_position(by=person("zhao"), position=position_of("qian"))
        take_position(by=person("an"), position=position_of("zhao"))
        with pytest.raises(Conflict, match="最后一位"):
            take_position(by=system_actor(), position=position_of("an"))

    def test_counts_nobody_whose_account_is_closed(self, two_granters: None) -> None:
        close_account(by=person("zhao"), account=account("qian"))
        with pytest.raises(Conflict, match="最后一位"):
            take_position(by=person("zhao"), position=position_of("zhao"))
        take_position(by=person("zhao"), position=position_of("qian"))

    def test_is_not_an_editors(self) -> None:
        for who in ("sun", "wu", "zhou"):
            with pytest.raises(NotAllowed):
                take_position(by=person(who), position=position_of("li"))


@pytest.mark.django_db
class TestCloseAccount:
    def test_ends_sessions_at_once_and_for_good(self) -> None:
        client = client_of("sun")
        assert client.get("/account/").status_code == 200
        close_account(by=person("zhao"), account=account("sun"))
        assert client.get("/account/").status_code == 302
        reopen_account(by=person("zhao"), account=account("sun"))
        assert client.get("/account/").status_code == 302
        assert client_of("sun").get("/account/").status_code == 200

    def test_refuses_tokens_also_after_it_is_open_again(self) -> None:
        key = issue_token(by=person("sun"), account=account("sun"), name="统计", scopes=["content.read"])
        headers = {"Authorization": f"Bearer {key}"}
        client = Client(HTTP_HOST="yizhan.localhost", headers=headers)
        assert client.get("/api/province/v1/content/pushes").status_code == 200
        close_account(by=person("zhao"), account=account("sun"))
        assert client.get("/api/province/v1/content/pushes").status_code == 401
        assert actor_with_token(key, address="127.0.0.1") is None
        reopen_account(by=person("zhao"), account=account("sun"))
        assert actor_with_token(key, address="127.0.0.1") is None

    def test_keeps_the_positions(self) -> None:
        hall_id = position_of("sun").hall_id
        close_account(by=person("zhao"), account=account("sun"))
        assert not may(person("sun"), "portal.write", hall_id=hall_id)
        reopen_account(by=person("zhao"), account=account("sun"))
        assert may(person("sun"), "portal.write", hall_id=hall_id)

    def test_is_recorded_once_however_often_it_is_done(self) -> None:
        for act in (close_account, reopen_account):
            for _ in range(2):
                act(by=person("zhao"), account=account("sun"))
        acts = AuditEntry.objects.filter(object_id=account("sun").id, act__contains="open") | AuditEntry.objects.filter(
            object_id=account("sun").id, act__contains="close"
        )
        assert sorted(acts.values_list("act", flat=True)) == ["people.close_account", "people.reopen_account"]

    def test_is_done_to_nobody_by_himself(self) -> None:
        with pytest.raises(NotAllowed, match="自己"):
            close_account(by=person("zhao"), account=account("zhao"))
        assert account("zhao").is_active

    def test_leaves_the_last_who_can_grant(self, two_granters: None) -> None:
        close_account(by=person("zhao"), account=account("qian"))
        with pytest.raises(Conflict, match="最后一位"):
            close_account(by=system_actor(), account=account("zhao"))

    def test_is_a_halls_administrators_where_the_whole_person_is_of_the_hall(self, south: Hall) -> None:
        give_position(
            by=person("zhao"), account=account("li"), role=Role.EDITOR, hall_id=south.pk, reach_prefix="420583"
        )
        with pytest.raises(NotAllowed, match="管理范围以外"):
            close_account(by=person("he"), account=account("li"))
        close_account(by=person("he"), account=account("sun"))

    def test_is_not_an_editors(self) -> None:
        for who in ("sun", "wu"):
            with pytest.raises(NotAllowed):
                close_account(by=person(who), account=account("li"))
            with pytest.raises(NotAllowed):
                reopen_account(by=person(who), account=account("li"))


@pytest.mark.django_db
class TestHandOver:
    def test_moves_everything_and_closes_the_account(self, north: Hall) -> None:
        name_substitute(
            by=person("li"),
            position=position_of("li"),
            substitute=account("sun"),
            from_on=position_of("li").created_at.date(),
            to_on=position_of("li").created_at.date().replace(year=2099),
        )
        give_position(by=person("he"), account=account("sun"), role=Role.HANDLER, hall_id=north.pk, reach_prefix=PREFIX)
        moved = hand_over(by=person("he"), account=account("sun"), successor=account("hua"), reason="调离")
        assert moved == 2
        assert not account("sun").is_active
        assert not account("sun").positions.exists()
        assert may(person("hua"), "portal.manage", hall_id=north.pk)
        assert [one.substitute_id for one in substitutions_of(account("hua"))] == [account("hua").pk]
        event = Event.objects.get(kind=HANDED_OVER.name)
        payload = HANDED_OVER.payload_of(event)
        assert (payload.leaver_id, payload.successor_id) == (account("sun").pk, account("hua").pk)
        assert payload.ordered_by_id == account("he").pk
        assert AuditEntry.objects.get(act="people.hand_over").reason == "调离"

    def test_ends_a_position_that_the_successor_has_already(self, north: Hall) -> None:
        assert hand_over(by=person("he"), account=account("sun"), successor=account("li")) == 0
        assert account("li").positions.count() == 1
        assert not account("sun").positions.exists()

    def test_is_refused_whole(self, south: Hall) -> None:
        """One position beyond the actor's reach, and nothing moves."""
        give_position(
            by=person("zhao"), account=account("sun"), role=Role.EDITOR, hall_id=south.pk, reach_prefix="420583"
        )
        with pytest.raises(NotAllowed, match="管理范围以外"):
            hand_over(by=person("he"), account=account("sun"), successor=account("hua"))
        assert account("sun").is_active
        assert account("sun").positions.count() == 2

    def test_makes_no_second_administrator_of_one(self) -> None:
        with pytest.raises(Conflict, match="不能兼任"):
            hand_over(by=person("zhao"), account=account("sun"), successor=account("xu"))

    def test_is_done_by_a_third(self) -> None:
        with pytest.raises(NotAllowed, match="双方以外"):
            hand_over(by=person("he"), account=account("sun"), successor=account("he"))
        with pytest.raises(Conflict, match="本人"):
            hand_over(by=person("zhao"), account=account("sun"), successor=account("sun"))

    def test_goes_to_nobody_out_of_the_actor_s_sight(self) -> None:
        """Whoever knows somebody of another hall learns nothing, and takes nobody in."""
        with pytest.raises(NotFound):
            hand_over(by=person("he"), account=account("sun"), successor=account("zhou"))
        assert account("sun").is_active
        assert account("zhou").positions.count() == 1

    def test_goes_to_nobody_who_cannot_sign_in(self) -> None:
        close_account(by=person("zhao"), account=account("li"))
        with pytest.raises(Conflict, match="已停用"):
            hand_over(by=person("zhao"), account=account("sun"), successor=account("li"))


@pytest.mark.django_db
class TestAdmitPerson:
    def test_makes_an_account_that_only_its_code_opens(self, north: Hall) -> None:
        made, code = admit_person(
            by=person("he"), username="new.person", name="新来", role=Role.EDITOR, hall_id=north.pk, prefix=PREFIX
        )
        assert not made.has_usable_password()
        assert code
        assert may(actor_of(made), "content.write", hall_id=north.pk)

    @pytest.mark.parametrize(
        ("facts", "message"),
        [
            ({"username": "sun", "name": "重名"}, "已被使用"),
            ({"username": "张三", "name": "张三"}, "小写字母"),
            ({"username": "ok.name", "name": ""}, "请填写姓名"),
        ],
    )
    def test_says_what_is_wrong(self, facts: dict[str, str], message: str, north: Hall) -> None:
        with pytest.raises(Invalid, match=message):
            admit_person(by=person("he"), role=Role.EDITOR, hall_id=north.pk, prefix=PREFIX, **facts)

    def test_makes_no_account_without_the_position(self, north: Hall) -> None:
        with pytest.raises(Invalid):
            admit_person(
                by=person("he"),
                username="x.y",
                name="某",
                role=Role.SUPERVISOR,
                reach=Reach.OWN,
                hall_id=north.pk,
                prefix=PREFIX,
            )
        assert not Account.objects.filter(username="x.y").exists()


@pytest.mark.django_db
class TestActorOf:
    def test_asks_once_however_many_positions_there_are(self, north: Hall) -> None:
        unit = make_unit("政务科", hall=north)
        make_unit("受理组", hall=north, parent=unit)
        for role in (Role.EDITOR, Role.HANDLER, make_role(hall=north)):
            give_position(
                by=person("he"), account=account("sun"), role=role, hall_id=north.pk, reach_prefix=PREFIX, unit=unit
            )
        sun = account("sun")
        with CaptureQueriesContext(connection) as queries:
            actor = actor_of(sun)
            assert len(actor.grants) == 4
            may(actor, "content.push", hall_id=north.pk)
        assert len(queries) == 1


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_operators_who_close_each_other_leave_one(self) -> None:
        Position.objects.filter(role=Role.SECURITY_ADMINISTRATOR).delete()
        zhao, qian = person("zhao"), person("qian")
        at_once(
            partial(close_account, by=zhao, account=account("qian")),
            partial(close_account, by=qian, account=account("zhao")),
        )
        assert Account.objects.filter(positions__role=Role.PROVINCE_OPERATOR, is_active=True).count() == 1

    def test_granters_who_take_each_others_positions_leave_one(self) -> None:
        Position.objects.filter(role=Role.SECURITY_ADMINISTRATOR).delete()
        zhao, qian = person("zhao"), person("qian")
        at_once(
            partial(take_position, by=zhao, position=position_of("qian")),
            partial(take_position, by=qian, position=position_of("zhao")),
        )
        assert Position.objects.filter(role__in=permission_named(GRANT).roles).count() == 1

    def test_make_nobody_two_administrators(self) -> None:
        give = partial(give_position, account=account("wu"))
        at_once(
            partial(give, by=person("zhao"), role=Role.SYSTEM_ADMINISTRATOR),
            partial(give, by=person("qian"), role=Role.SECURITY_ADMINISTRATOR),
            partial(give, by=person("an"), role=Role.AUDIT_ADMINISTRATOR),
        )
        assert Position.objects.filter(account__username="wu").count() == 1

    def test_give_a_role_once(self) -> None:
        give = partial(give_position, account=account("wu"), role=Role.SUPERVISOR)
        at_once(partial(give, by=person("zhao")), partial(give, by=person("qian")))
        assert Position.objects.filter(account__username="wu").count() == 1

    def test_hand_over_once(self) -> None:
        hand = partial(hand_over, by=person("he"), account=account("sun"))
        at_once(partial(hand, successor=account("li")), partial(hand, successor=account("hua")))
        assert not account("sun").is_active
        assert not account("sun").positions.exists()
        assert Event.objects.filter(kind=HANDED_OVER.name).count() == 1
