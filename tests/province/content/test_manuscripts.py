from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from foundation.editing.comparing import difference_of
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.queries import entries_about
from province.content.models import Manuscript
from province.content.operations import (
    create_manuscript,
    lock_manuscript,
    pass_review,
    return_version,
    save_draft,
    submit_manuscript,
    unlock_manuscript,
)
from province.content.queries import (
    approved_version,
    desks_of,
    manuscript_at_desk,
    manuscripts_at_desk,
    versions_of,
)
from province.content.states import ReviewState
from province.rights.queries import system_actor
from tests.conftest import person
from tests.factories.manuscripts import (
    BODY,
    COUNTY,
    PROVINCE,
    TITLE,
    make_approved_version,
    make_asset,
    make_manuscript,
    make_version,
    make_version_in_review,
)

pytestmark = pytest.mark.django_db


def _acts(manuscript: Manuscript) -> list[str]:
    return [entry.act for entry in entries_about(manuscript.id)]


class TestCreateManuscript:
    def test_keeps_a_cleaned_draft_and_says_whose_it_is(self) -> None:
        draft = create_manuscript(
            by=person("zhao"),
            desk_prefix=PROVINCE,
            title="  便民服务\n中心   延时服务  ",
            body='<p style="color:red">周六照常</p>',
            source="湖北省政务办",
            keywords=["政务、延时服务", "延时服务"],
        )
        draft.refresh_from_db()
        assert draft.title == "便民服务 中心 延时服务"
        assert draft.body == "<p>周六照常</p>"
        assert draft.keywords == ["政务", "延时服务"]
        assert draft.edited_by_name == "赵敏"
        assert draft.editor_ids == [person("zhao").id]
        assert _acts(draft) == ["content.create_manuscript"]

    @pytest.mark.parametrize(
        ("field", "value", "word"),
        [
            ("title", "长" * 81, "最多 80 个字，现在有 81 个"),
            ("subtitle", "长" * 81, "副标题过长"),
            ("source", "长" * 81, "来源过长"),
            ("author", "长" * 41, "作者过长"),
            ("summary", "长" * 201, "摘要过长"),
            ("keywords", ["词" * 21], "关键词过长"),
            ("keywords", [f"词{n}" for n in range(11)], "关键词过多"),
            ("body", "<script>1</script>", "script"),
        ],
    )
    def test_refuses_a_field_in_plain_words(self, field: str, value: Any, word: str) -> None:
        texts = {"title": TITLE, "body": BODY} | {field: value}
        with pytest.raises(Invalid, match=word) as refused:
            create_manuscript(by=person("zhao"), desk_prefix=PROVINCE, **texts)
        assert [fault.where for fault in refused.value.faults] == [field]

    def test_names_every_wrong_field_at_once(self) -> None:
        with pytest.raises(Invalid) as refused:
            create_manuscript(by=person("zhao"), desk_prefix=PROVINCE, title="长" * 81, author="长" * 41)
        assert [fault.where for fault in refused.value.faults] == ["title", "author"]

    def test_wants_a_title(self) -> None:
        with pytest.raises(Invalid, match="请填写标题"):
            create_manuscript(by=person("zhao"), desk_prefix=PROVINCE, title=" \n ")

    def test_drops_characters_that_no_database_can_keep(self) -> None:
        draft = create_manuscript(
            by=person("zhao"), desk_prefix=PROVINCE, title="标\x00题\ud800\u202e", body="<p>正\x00文</p>"
        )
        draft.refresh_from_db()
        assert (draft.title, draft.body) == ("标题", "<p>正文</p>")

    def test_lets_a_county_write_at_its_own_desk(self) -> None:
        assert create_manuscript(by=person("sun"), desk_prefix=COUNTY, title=TITLE).desk_prefix == COUNTY

    @pytest.mark.parametrize("desk", [PROVINCE, "420583"])
    def test_knows_no_desk_out_of_reach(self, desk: str) -> None:
        with pytest.raises(NotFound):
            create_manuscript(by=person("sun"), desk_prefix=desk, title=TITLE)

    @pytest.mark.parametrize("desk", ["", "4", "42\x001", "429999", "420582103", "420582103200", "43", "四二", "42%"])
    def test_refuses_what_is_no_desk(self, desk: str) -> None:
        with pytest.raises(Invalid, match="编辑部"):
            create_manuscript(by=person("zhao"), desk_prefix=desk, title=TITLE)

    def test_is_not_for_somebody_without_a_post(self) -> None:
        with pytest.raises(NotFound):
            create_manuscript(by=person("wu"), desk_prefix=PROVINCE, title=TITLE)

    def test_is_not_for_a_token_that_only_reads(self) -> None:
        with pytest.raises(NotAllowed):
            create_manuscript(by=person("zhao").narrowed(["content.read"]), desk_prefix=PROVINCE, title=TITLE)


class TestSaveDraft:
    def test_writes_what_is_given_and_counts_up(self) -> None:
        draft = make_manuscript(subtitle="副题")
        saved = save_draft(by=person("zhao"), manuscript=draft, revision=0, body="<p>新</p>")
        saved.refresh_from_db()
        assert (saved.title, saved.subtitle, saved.body, saved.revision) == (TITLE, "副题", "<p>新</p>", 1)

    def test_lets_a_draft_be_without_a_title_for_a_while(self) -> None:
        assert save_draft(by=person("zhao"), manuscript=make_manuscript(), revision=0, title="").title == ""

    def test_refuses_to_write_over_a_newer_draft_and_names_its_editor(self) -> None:
        draft = make_manuscript()
        save_draft(by=person("zhao"), manuscript=draft, revision=0, body="<p>一</p>")
        unlock_manuscript(by=person("zhao"), manuscript=draft)
        with pytest.raises(Conflict, match=r"赵\*已于"):
            save_draft(by=person("qian"), manuscript=draft, revision=0, body="<p>二</p>")
        draft.refresh_from_db()
        assert draft.body == "<p>一</p>"

    def test_refuses_the_same_editors_other_window_too(self) -> None:
        draft = make_manuscript()
        save_draft(by=person("zhao"), manuscript=draft, revision=0, body="<p>一</p>")
        with pytest.raises(Conflict, match="没有保存"):
            save_draft(by=person("zhao"), manuscript=draft, revision=0, body="<p>二</p>")

    def test_remembers_everyone_whose_hand_is_in_it(self) -> None:
        draft = save_draft(by=person("zhao"), manuscript=make_manuscript(by="qian"), revision=0, body="<p>一</p>")
        assert set(draft.editor_ids) == {person("zhao").id, person("qian").id}

    def test_makes_nobody_an_author_who_changed_nothing(self) -> None:
        draft = make_manuscript(by="qian", keywords=["便民"])
        saved = save_draft(by=person("zhao"), manuscript=draft, revision=0, title=TITLE, body=BODY, keywords=["便民"])
        saved.refresh_from_db()
        assert (saved.revision, saved.editor_ids) == (0, [person("qian").id])
        assert (saved.edited_by_name, saved.locked_by_name) == ("钱宁", "赵敏")
        assert _acts(draft) == []

    def test_leaves_one_audit_entry_for_a_stint_of_editing(self) -> None:
        draft = make_manuscript(by="qian")
        for revision in range(3):
            save_draft(by=person("zhao"), manuscript=draft, revision=revision, body=f"<p>{revision}</p>")
        assert _acts(draft) == ["content.edit_manuscript"]

    def test_takes_only_a_picture_of_the_same_desk_as_cover(self) -> None:
        draft = make_manuscript()
        assert save_draft(by=person("zhao"), manuscript=draft, revision=0, cover=make_asset()).cover is not None
        for other in (make_asset(desk_prefix=COUNTY), make_asset(width=None, media_type="application/pdf")):
            with pytest.raises(Invalid, match="封面"):
                save_draft(by=person("zhao"), manuscript=draft, revision=1, cover=other)

    def test_does_not_reach_another_countys_desk(self) -> None:
        draft = make_manuscript(by="sun", desk_prefix=COUNTY)
        with pytest.raises(NotFound):
            save_draft(by=person("zhou"), manuscript=draft, revision=0, body="<p>改</p>")


class TestLock:
    def test_keeps_a_second_editor_out_and_says_who_holds_it(self) -> None:
        draft = lock_manuscript(by=person("sun"), manuscript=make_manuscript(by="sun", desk_prefix=COUNTY))
        for act in (_save, _lock, submit):
            with pytest.raises(Conflict, match="孙北正在编辑"):
                act("li", draft)
        assert manuscript_at_desk(person("li"), draft.id).lock_owner == "孙北"

    def test_is_held_on_by_each_autosave(self) -> None:
        draft = lock_manuscript(by=person("zhao"), manuscript=make_manuscript())
        Manuscript.objects.filter(id=draft.id).update(locked_until=timezone.now() + timedelta(seconds=5))
        saved = save_draft(by=person("zhao"), manuscript=draft, revision=0, body="<p>一</p>")
        assert saved.locked_until is not None
        assert saved.locked_until > timezone.now() + timedelta(minutes=4)

    def test_passes_to_the_next_editor_when_it_has_lapsed(self) -> None:
        draft = lock_manuscript(by=person("zhao"), manuscript=make_manuscript())
        Manuscript.objects.filter(id=draft.id).update(locked_until=timezone.now())
        assert manuscript_at_desk(person("qian"), draft.id).lock_owner == ""
        assert lock_manuscript(by=person("qian"), manuscript=draft).locked_by_name == "钱宁"

    def test_is_given_back_by_its_owner_alone(self) -> None:
        draft = lock_manuscript(by=person("zhao"), manuscript=make_manuscript())
        assert unlock_manuscript(by=person("qian"), manuscript=draft).locked_by_name == "赵敏"
        assert unlock_manuscript(by=person("zhao"), manuscript=draft).locked_by_name == ""


def _save(who: str, draft: Manuscript) -> None:
    save_draft(by=person(who), manuscript=draft, revision=0, body="<p>改</p>")


def _lock(who: str, draft: Manuscript) -> None:
    lock_manuscript(by=person(who), manuscript=draft)


def submit(who: str, draft: Manuscript) -> None:
    submit_manuscript(by=person(who), manuscript=draft)


class TestSubmitManuscript:
    def test_freezes_the_draft_as_a_version_that_waits_for_its_first_review(self) -> None:
        draft = lock_manuscript(by=person("zhao"), manuscript=make_manuscript(by="qian", keywords=["延时服务"]))
        version = submit_manuscript(by=person("zhao"), manuscript=draft, is_urgent=True)
        version.refresh_from_db()
        assert (version.number, version.state, version.is_urgent) == (1, ReviewState.FIRST, True)
        assert (version.title, version.body, version.keywords) == (TITLE, BODY, ["延时服务"])
        assert set(version.author_ids) == {person("zhao").id, person("qian").id}
        assert "便民" in version.search_words.split()
        draft.refresh_from_db()
        assert draft.locked_by_name == ""
        assert _acts(draft) == ["content.submit"]

    def test_does_not_follow_a_version_under_review(self) -> None:
        draft = make_version_in_review().manuscript
        with pytest.raises(Conflict, match="第 1 版正在审核"):
            submit_manuscript(by=person("zhao"), manuscript=draft)

    def test_follows_a_returned_version_and_counts_on(self) -> None:
        version = make_version_in_review()
        return_version(by=person("qian"), version=version, reason="请核对")
        assert submit_manuscript(by=person("zhao"), manuscript=version.manuscript).number == 2

    def test_refuses_what_is_approved_word_for_word(self) -> None:
        version = make_approved_version()
        with pytest.raises(Conflict, match="相同"):
            submit_manuscript(by=person("zhao"), manuscript=version.manuscript)

    @pytest.mark.parametrize(
        ("make", "where"),
        [
            (lambda: make_manuscript(title=""), "title"),
            (lambda: make_manuscript(body="<p> </p>"), "body"),
            (lambda: make_manuscript(body=f'<p>文</p><img src="/media/{make_asset().id}" alt="">'), "body"),
            (lambda: make_manuscript(body=f'<p>文</p><img src="/media/{uuid4()}" alt="图">'), "body"),
            (
                lambda: make_manuscript(
                    body=f'<p>文</p><img src="/media/{make_asset(desk_prefix=COUNTY).id}" alt="图">'
                ),
                "body",
            ),
            (lambda: make_manuscript(cover=make_asset(alt="")), "cover"),
        ],
        ids=[
            "no title",
            "no text",
            "no alternative text",
            "no such file",
            "another desk's file",
            "cover without words",
        ],
    )
    def test_asks_for_what_is_missing(self, make: Callable[[], Manuscript], where: str) -> None:
        with pytest.raises(Invalid) as refused:
            submit_manuscript(by=person("zhao"), manuscript=make())
        assert [fault.where for fault in refused.value.faults] == [where]

    def test_takes_pictures_that_are_described(self) -> None:
        body = f'<p>文</p><figure><img src="/media/{make_asset().id}" alt="大厅"></figure>'
        assert submit_manuscript(by=person("zhao"), manuscript=make_manuscript(body=body)).number == 1


class TestManuscriptsAtDesk:
    def test_tell_how_each_stands(self) -> None:
        make_manuscript(title="草稿")
        version = make_version(state=ReviewState.SECOND, title="在审", is_urgent=True)
        save_draft(by=person("zhao"), manuscript=version.manuscript, revision=0, body="<p>又改</p>")
        found = {row.title: row for row in manuscripts_at_desk(person("zhao"))}
        assert (found["草稿"].state, found["草稿"].state_label, found["草稿"].latest_number) == ("draft", "草稿", None)
        assert (found["在审"].state_label, found["在审"].latest_number, found["在审"].is_urgent) == ("待复审", 1, True)
        assert found["在审"].is_changed
        assert found["在审"].lock_owner == "赵敏"

    def test_do_not_call_a_draft_changed_right_after_it_was_submitted(self) -> None:
        draft = create_manuscript(by=person("zhao"), desk_prefix=PROVINCE, title=TITLE, body=BODY)
        submit_manuscript(by=person("zhao"), manuscript=draft)
        assert not manuscript_at_desk(person("zhao"), draft.id).is_changed

    def test_are_found_by_state_and_words(self) -> None:
        make_manuscript(title="医保服务下乡")
        make_approved_version(title="社保服务下乡")
        titles = [row.title for row in manuscripts_at_desk(person("zhao"), state="approved")]
        assert titles == ["社保服务下乡"]
        assert [row.title for row in manuscripts_at_desk(person("zhao"), search="服务 医保")] == ["医保服务下乡"]

    @pytest.mark.parametrize(
        "asked", [{"search": "\x00"}, {"state": "x\x00"}, {"desk_prefix": "\x00"}, {"search": "%_"}]
    )
    def test_stay_calm_about_nonsense(self, asked: dict[str, str]) -> None:
        make_manuscript()
        assert len(manuscripts_at_desk(person("zhao"), **asked)) in {0, 1}

    def test_are_those_of_the_actors_own_desks(self) -> None:
        make_manuscript(title="省里")
        make_manuscript(title="北县", by="sun", desk_prefix=COUNTY)
        make_manuscript(title="南县", by="zhou", desk_prefix="420583")
        seen = {who: {row.title for row in manuscripts_at_desk(person(who))} for who in ("zhao", "sun", "zhou", "wu")}
        assert seen == {"zhao": {"省里", "北县", "南县"}, "sun": {"北县"}, "zhou": {"南县"}, "wu": set()}

    @pytest.mark.parametrize("who", ["zhou", "wu"])
    def test_are_not_to_be_had_one_by_one_either(self, who: str) -> None:
        with pytest.raises(NotFound):
            manuscript_at_desk(person(who), make_manuscript(by="sun", desk_prefix=COUNTY).id)

    def test_take_three_queries_at_most_however_many(self, django_assert_max_num_queries: Any) -> None:
        for number in range(5):
            make_version(state=ReviewState.FIRST, title=f"第{number}篇")
        actor = person("zhao")
        with django_assert_max_num_queries(1):
            assert len(manuscripts_at_desk(actor)) == 5


class TestDesksOf:
    def test_are_the_actors_own(self) -> None:
        assert [(desk.prefix, desk.name) for desk in desks_of(person("zhao"))] == [("42", "湖北省")]
        assert [(desk.prefix, desk.name) for desk in desks_of(person("sun"))] == [("420582", "当阳市")]
        assert desks_of(person("wu")) == []


class TestVersions:
    def test_are_listed_with_their_reviews_latest_first(self) -> None:
        version = make_version_in_review()
        return_version(by=person("qian"), version=version, reason="请核对")
        make_version_in_review(manuscript=version.manuscript)
        found = list(versions_of(version.manuscript))
        assert [one.number for one in found] == [2, 1]
        assert [review.reason for review in found[1].reviews.all()] == ["请核对"]

    def test_differ_readably(self) -> None:
        first = make_approved_version(title="延时服务通知", body="<p>周六照常开门</p>", keywords=["延时"])
        draft = first.manuscript
        draft.title, draft.body, draft.keywords, draft.cover = (
            "延时服务公告",
            "<p>周日照常开门</p>",
            ["周末"],
            make_asset(),
        )
        draft.save()
        shown = difference_of(first, make_version_in_review(manuscript=draft))
        fields = {field.label: field.html for field in shown.fields}
        assert fields["标题"] == "延时服务<del>通知</del><ins>公告</ins>"
        assert set(fields) == {"标题", "关键词", "封面"}
        assert "<del>周六</del><ins>周日</ins>" in shown.body
        assert difference_of(first, first).is_empty

    def test_are_pushed_only_when_approved(self) -> None:
        version = make_approved_version()
        make_version_in_review(manuscript=version.manuscript)
        assert approved_version(version.manuscript) == version


class TestWholeWay:
    def test_leads_from_a_draft_through_three_people_to_an_approved_version(self) -> None:
        draft = create_manuscript(by=person("sun"), desk_prefix=COUNTY, title=TITLE, body=BODY)
        draft = save_draft(by=person("sun"), manuscript=draft, revision=0, author="孙北")
        version = submit_manuscript(by=person("sun"), manuscript=draft)
        for reviewer in ("li", "zhao", "qian"):
            version = pass_review(by=person(reviewer), version=version)
        assert version.state == ReviewState.APPROVED
        assert _acts(draft) == ["content.create_manuscript", "content.submit", *["content.pass_review"] * 3]

    def test_can_be_gone_by_the_machine(self) -> None:
        draft = create_manuscript(by=system_actor(), desk_prefix=PROVINCE, title=TITLE, body=BODY)
        assert submit_manuscript(by=system_actor(), manuscript=draft).author_ids == []
