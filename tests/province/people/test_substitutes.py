"""Who stands in at a position while its holder is away."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.halls.operations import update_hall
from province.people.models import Account, Position, Substitution
from province.people.operations.accounts import close_account
from province.people.operations.activation import issue_activation, use_activation_code
from province.people.operations.positions import give_position, take_position
from province.people.operations.previews import start_preview
from province.people.operations.substitutes import end_substitution, name_substitute
from province.people.queries.accounts import colleague_named
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.rights.queries import may, system_actor
from province.rights.roles import Role
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.people import account, client_of, position_of
from tests.races import at_once

DAY = timedelta(days=1)


def name(substitute: str = "hua", *, of: str = "sun", by: str = "", start: int = 0, end: int = 3) -> Substitution:
    return name_substitute(
        by=person(by or of),
        position=position_of(of),
        substitute=account(substitute),
        from_on=localdate() + start * DAY,
        to_on=localdate() + end * DAY,
    )


def acting(username: str, position: Position) -> Actor:
    """The person in that position, as the session keeps the choice."""
    return actor_of(account(username), position.pk)


@pytest.mark.django_db
class TestSubstitute:
    def test_may_what_the_position_may_once_it_is_chosen(self, north: Hall) -> None:
        name()
        assert not may(person("hua"), "content.push", hall_id=north.pk)
        hua = acting("hua", position_of("sun"))
        assert may(hua, "content.push", hall_id=north.pk)
        assert (hua.acting_for, hua.acting_for_id, hua.position_id) == (
            "孙北",
            account("sun").pk,
            position_of("sun").pk,
        )
        assert hua.shown_name == "华窗 代 孙北"

    def test_is_named_in_the_audit_with_whom_it_acts_for(self, north: Hall) -> None:
        name()
        update_hall(by=acting("hua", position_of("sun")), hall=north, slogan="便民利民")
        entry = AuditEntry.objects.get(act="halls.update")
        assert (entry.actor_id, entry.acting_for_id) == (account("hua").pk, account("sun").pk)
        assert entry.position_id == position_of("sun").pk
        assert entry.acting_for_name == "孙北"

    def test_has_only_the_chosen_position(self) -> None:
        name()
        hua = acting("hua", position_of("sun"))
        assert not may(hua, "citizens.check", hall_id=position_of("hua").hall_id)

    @pytest.mark.parametrize(("start", "end", "is_in_force"), [(-3, 0, True), (0, 0, True), (1, 3, False)])
    def test_begins_and_ends_by_itself(self, start: int, end: int, *, is_in_force: bool) -> None:
        name(start=start, end=end)
        assert bool(acting("hua", position_of("sun")).acting_for) is is_in_force

    def test_is_over_the_day_after(self) -> None:
        substitution = name()
        Substitution.objects.filter(pk=substitution.pk).update(from_on=localdate() - 5 * DAY, to_on=localdate() - DAY)
        assert acting("hua", position_of("sun")).acting_for == ""

    def test_loses_it_with_the_position_and_with_the_holders_account(self) -> None:
        name()
        close_account(by=person("he"), account=account("sun"))
        assert acting("hua", position_of("sun")).acting_for == ""
        name("hua", of="li")
        position = position_of("li")
        take_position(by=person("he"), position=position)
        assert acting("hua", position).acting_for == ""

    def test_has_no_substitute_itself(self, north: Hall) -> None:
        """No chain: at Sun's position Hua names nobody, and a substitute of Hua has Hua's own position alone."""
        name()
        with pytest.raises(NotAllowed):
            name_substitute(
                by=acting("hua", position_of("sun")),
                position=position_of("sun"),
                substitute=account("cao"),
                from_on=localdate() + 10 * DAY,
                to_on=localdate() + 11 * DAY,
            )
        name("cao", of="hua")
        cao = account("cao")
        assert actor_of(cao, position_of("sun").pk).acting_for == ""
        assert not may(actor_of(cao, position_of("hua").pk), "content.push", hall_id=north.pk)

    def test_hands_the_power_to_no_key(self) -> None:
        name()
        with pytest.raises(NotAllowed, match="代理期间"):
            issue_token(by=acting("hua", position_of("sun")), account=account("hua"), name="x", scopes=["content.push"])


@pytest.mark.django_db
class TestNameSubstitute:
    def test_is_the_holders_or_whoevers_could_give_the_position(self) -> None:
        for who in ("li", "zhou", "wu", "hua"):
            with pytest.raises(NotAllowed):
                name(by=who)
        name(by="he", end=0)
        name(by="zhao", start=1, end=1)
        name(by="sun", start=2, end=2)

    def test_takes_somebody_of_the_same_hall_alone(self) -> None:
        for who in ("zhou", "wu", "jiang", "qian"):
            with pytest.raises(NotAllowed, match="同一服务厅"):
                name(who)
        with pytest.raises(Invalid, match="本人代理本人"):
            name("sun")

    def test_ends_an_activation_code_that_the_substitute_has_not_used(self) -> None:
        code = issue_activation(by=person("he"), account=account("hua"))
        name()
        assert use_activation_code(username="hua", code=code) is None
        later = issue_activation(by=person("zhao"), account=account("hua"))
        assert use_activation_code(username="hua", code=later) == account("hua")

    def test_takes_one_at_a_time(self) -> None:
        name(start=0, end=3)
        with pytest.raises(Conflict, match="已指定过代理人"):
            name("cao", start=3, end=5)
        name("cao", start=4, end=5)

    @pytest.mark.parametrize(("start", "end", "message"), [(3, 2, "不能早于"), (-5, -1, "已经过去")])
    def test_refuses_wrong_days(self, start: int, end: int, message: str) -> None:
        with pytest.raises(Invalid, match=message):
            name(start=start, end=end)

    def test_keeps_out_of_the_three_administrators(self) -> None:
        for substitute, of in (("zhao", "an"), ("an", "zhao"), ("xu", "an")):
            with pytest.raises(Conflict, match="不能代理"):
                name(substitute, of=of)

    def test_keeps_whoever_stands_in_from_becoming_one_of_them(self) -> None:
        substitution = name("qian", of="zhao")
        with pytest.raises(Conflict, match="正在代理"):
            give_position(by=person("an"), account=account("qian"), role=Role.SYSTEM_ADMINISTRATOR)
        end_substitution(by=person("zhao"), substitution=substitution)
        take_position(by=person("an"), position=position_of("qian"))
        give_position(by=person("an"), account=account("qian"), role=Role.SYSTEM_ADMINISTRATOR)

    def test_takes_nobody_whose_account_is_closed(self) -> None:
        close_account(by=person("he"), account=account("hua"))
        with pytest.raises(Invalid, match="已停用"):
            name()


@pytest.mark.django_db
class TestEndSubstitution:
    @pytest.mark.parametrize("who", ["sun", "hua", "he", "zhao"])
    def test_ends_at_once(self, who: str) -> None:
        substitution = name()
        for _ in range(2):
            end_substitution(by=person(who), substitution=substitution)
        assert acting("hua", position_of("sun")).acting_for == ""
        assert AuditEntry.objects.filter(act="people.end_substitution").count() == 1

    def test_is_nobody_elses(self) -> None:
        substitution = name()
        for who in ("li", "zhou", "wu"):
            with pytest.raises(NotAllowed):
                end_substitution(by=person(who), substitution=substitution)
        end_substitution(by=system_actor(), substitution=substitution)


@pytest.mark.django_db
class TestChosenPosition:
    def test_alone_counts_until_another_is_chosen(self, north: Hall, south: Hall) -> None:
        give_position(
            by=person("zhao"), account=account("sun"), role=Role.EDITOR, hall_id=south.pk, reach_prefix="420583"
        )
        positions = {position.hall_id: position for position in account("sun").positions.all()}
        sun = acting("sun", positions[south.pk])
        assert may(sun, "content.write", hall_id=south.pk)
        assert not may(sun, "content.write", hall_id=north.pk)
        both = person("sun")
        assert may(both, "content.write", hall_id=north.pk)
        assert may(both, "content.write", hall_id=south.pk)

    def test_of_somebody_else_is_as_none(self, north: Hall, south: Hall) -> None:
        sun = acting("sun", position_of("zhou"))
        assert sun.position_id is None
        assert not may(sun, "content.write", hall_id=south.pk)

    def test_is_kept_by_the_session(self, north: Hall) -> None:
        name()
        client = client_of("hua")
        assert client.get("/console/pushes/").status_code == 200
        assert client.get("/console/manuscripts/new/").status_code == 403
        answer = client.post(
            "/account/positions/choose/?next=/account/", {"position": str(position_of("sun").pk)}, follow=True
        )
        assert "华窗 代 孙北" in answer.content.decode()
        assert client.get("/console/manuscripts/new/").status_code == 200
        client.post("/account/positions/choose/", {"position": ""})
        assert client.get("/console/manuscripts/new/").status_code == 403

    def test_cannot_be_anybodys(self) -> None:
        client = client_of("wu")
        client.post("/account/positions/choose/", {"position": str(position_of("zhao").pk)})
        assert client.get("/console/settings/").status_code == 403


@pytest.mark.django_db
class TestPositionsPage:
    def test_lets_people_name_and_end_their_substitute(self) -> None:
        client = client_of("sun", "north.yizhan.localhost")
        facts = {
            "position": str(position_of("sun").pk),
            "username": "hua",
            "from_on": localdate().isoformat(),
            "to_on": (localdate() + DAY).isoformat(),
        }
        page = client.post("/account/positions/substitutes/", facts, follow=True).content.decode()
        assert "华窗 代理您" in page
        own = Substitution.objects.get()
        page = client.post(f"/account/positions/substitutes/{own.pk}/end/", follow=True).content.decode()
        assert "没有代理。" in page

    def test_says_why_it_refuses(self) -> None:
        facts = {
            "position": str(position_of("sun").pk),
            "username": "nobody",
            "from_on": "2026-01-01",
            "to_on": "2099-01-01",
        }
        answer = client_of("sun").post("/account/positions/substitutes/", facts)
        assert answer.status_code == 422
        assert "没有找到“nobody”" in answer.content.decode()

    @pytest.mark.parametrize("who", ["sun", "he"])
    def test_tells_no_name_that_there_is_not_from_one_that_works_elsewhere(self, who: str) -> None:
        position, day = position_of("sun"), localdate().isoformat()
        path = f"/console/settings/people/{account('sun').pk}/positions/{position.pk}/substitute/"
        path = "/account/positions/substitutes/" if who == "sun" else path
        facts = {"position": str(position.pk), "from_on": day, "to_on": day}
        said = []
        for one in ("zhou", "nobody"):
            answer = client_of(who).post(path, facts | {"username": one})
            said.append([line.replace(one, "…") for line in re.findall("[^<>]*没有找到[^<>]*", answer.text)])
        assert said[0] == said[1] != []

    def test_names_nobody_by_a_name_of_elsewhere_past_the_pages_list(self) -> None:
        refused = []
        for one in ("zhou", "nobody"):
            with pytest.raises(NotFound) as caught:
                colleague_named(one, position_of("sun"))
            refused.append(caught.value.message.replace(one, "…"))
        assert refused[0] == refused[1]

    def test_offers_nobody_elses_position(self) -> None:
        facts = {
            "position": str(position_of("li").pk),
            "username": "hua",
            "from_on": "2026-01-01",
            "to_on": "2099-01-01",
        }
        assert client_of("sun").post("/account/positions/substitutes/", facts).status_code == 422
        assert not Substitution.objects.exists()

    def test_ends_nobody_elses(self) -> None:
        substitution = name()
        assert client_of("li").post(f"/account/positions/substitutes/{substitution.pk}/end/").status_code == 404


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_name_one_substitute(self) -> None:
        act = partial(name_substitute, position=position_of("sun"), from_on=localdate(), to_on=localdate() + DAY)
        at_once(
            partial(act, by=person("sun"), substitute=account("hua")),
            partial(act, by=person("he"), substitute=account("cao")),
        )
        assert Substitution.objects.count() == 1
        assert Account.objects.filter(substitutions__isnull=False).count() == 1


@pytest.mark.django_db
class TestOwnPosition:
    """A substitute works in the same hall: without a position there, they stand in no longer."""

    def test_taken_ends_where_its_holder_stood_in(self) -> None:
        name()
        name(of="cao", start=2, end=4)
        held = position_of("hua")
        take_position(by=person("he"), position=held)
        assert not Substitution.objects.filter(ended_at=None).exists()
        assert actor_of(account("hua"), position_of("sun").pk).grants == ()
        assert AuditEntry.objects.filter(act="people.end_substitution").count() == 2

    def test_taken_leaves_what_another_one_there_allows(self, north: Hall) -> None:
        name()
        give_position(
            by=person("he"),
            account=account("hua"),
            role=Role.HANDLER,
            hall_id=north.pk,
            reach_prefix=north.prefixes[-1],
        )
        take_position(by=person("he"), position=account("hua").positions.get(role=Role.WINDOW_CLERK))
        assert Substitution.objects.filter(ended_at=None).count() == 1

    def test_taken_leaves_absences_elsewhere(self, north: Hall) -> None:
        give_position(by=person("zhao"), account=account("qian"), role=Role.AUDITOR)
        name("qian", of="zhao")
        give_position(
            by=person("zhao"),
            account=account("qian"),
            role=Role.HANDLER,
            hall_id=north.pk,
            reach_prefix=north.prefixes[-1],
        )
        take_position(by=person("zhao"), position=account("qian").positions.get(hall_id=north.pk))
        assert Substitution.objects.filter(ended_at=None).count() == 1

    @pytest.mark.parametrize("start", [0, 3])
    def test_of_a_place_beyond_reach_keeps_others_from_ruling_the_person(self, north: Hall, start: int) -> None:
        """Else a hall's administrator rules a province operator's substitute, and with them the province."""
        Substitution.objects.create(
            position=position_of("zhao"),
            substitute=account("hua"),
            from_on=localdate() + start * DAY,
            to_on=localdate() + (start + 2) * DAY,
        )
        with pytest.raises(NotAllowed, match="管理范围以外"):
            issue_activation(by=person("he"), account=account("hua"))
        with pytest.raises(NotAllowed, match="管理范围以外"):
            start_preview(by=person("he"), account=account("hua"))
        Substitution.objects.update(ended_at=timezone.now())
        assert issue_activation(by=person("he"), account=account("hua"))


@pytest.mark.usefixtures("fresh_database")
class TestOwnPositionAtOnce:
    def test_is_taken_while_its_holder_is_named(self) -> None:
        at_once(partial(name, by="sun"), partial(take_position, by=person("he"), position=position_of("hua")))
        assert not Substitution.objects.filter(ended_at=None).exists()
